"""The staff's work lists; one module per queue."""

from portal.blueprints.desk import home, vetting, windows, wishes
from portal.blueprints.desk.frame import bp

__all__ = ["bp", "home", "vetting", "windows", "wishes"]
