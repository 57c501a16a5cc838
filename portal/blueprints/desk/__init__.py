"""The staff's work lists; one module per queue."""

from portal.blueprints.desk import archive, commitments, home, vetting, windows, wishes
from portal.blueprints.desk.frame import bp

__all__ = ["archive", "bp", "commitments", "home", "vetting", "windows", "wishes"]
