"""The staff's work lists; one module per queue."""

from portal.blueprints.desk import home
from portal.blueprints.desk.frame import bp

__all__ = ["bp", "home"]
