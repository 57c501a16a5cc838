"""The staff's work lists; one module per queue."""

from portal.blueprints.desk import (
    archive,
    certificates,
    commitments,
    delegations,
    guardian_links,
    home,
    honours,
    hours,
    identity,
    logins,
    passports,
    pool,
    requests,
    resources,
    vetting,
    windows,
    wishes,
)
from portal.blueprints.desk.frame import bp

__all__ = [
    "archive",
    "bp",
    "certificates",
    "commitments",
    "delegations",
    "guardian_links",
    "home",
    "honours",
    "hours",
    "identity",
    "logins",
    "passports",
    "pool",
    "requests",
    "resources",
    "vetting",
    "windows",
    "wishes",
]
