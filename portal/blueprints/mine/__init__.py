"""The supporter's own rooms: what I promised, who I am here."""

from portal.blueprints.mine import home, identity, offers, profile
from portal.blueprints.mine.frame import bp

__all__ = ["bp", "home", "identity", "offers", "profile"]
