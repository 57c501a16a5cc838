"""The supporter's own rooms: what I promised, who I am here."""

from portal.blueprints.mine import home, profile
from portal.blueprints.mine.frame import bp

__all__ = ["bp", "home", "profile"]
