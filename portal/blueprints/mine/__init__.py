"""The supporter's own rooms: what I promised, who I am here."""

from portal.blueprints.mine import (
    applications,
    cards,
    certificates,
    duties,
    handovers,
    home,
    hours,
    identity,
    journals,
    letters,
    members,
    offers,
    pairings,
    passport,
    praise,
    profile,
)
from portal.blueprints.mine.frame import bp

__all__ = [
    "applications",
    "bp",
    "cards",
    "certificates",
    "duties",
    "handovers",
    "home",
    "hours",
    "identity",
    "journals",
    "letters",
    "members",
    "offers",
    "pairings",
    "passport",
    "praise",
    "profile",
]
