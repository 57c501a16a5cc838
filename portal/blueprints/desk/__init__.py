"""The staff's work lists; one module per queue."""

from portal.blueprints.desk import (
    archive,
    commitments,
    home,
    honours,
    identity,
    pool,
    resources,
    vetting,
    windows,
    wishes,
)
from portal.blueprints.desk.frame import bp

__all__ = [
    "archive",
    "bp",
    "commitments",
    "home",
    "honours",
    "identity",
    "pool",
    "resources",
    "vetting",
    "windows",
    "wishes",
]
