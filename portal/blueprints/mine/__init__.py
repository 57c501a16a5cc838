"""The supporter's own rooms: what I promised, who I am here."""

from portal.blueprints.mine import (
    certificates,
    home,
    hours,
    identity,
    members,
    offers,
    pairings,
    passport,
    profile,
)
from portal.blueprints.mine.frame import bp

__all__ = [
    "bp",
    "certificates",
    "home",
    "hours",
    "identity",
    "members",
    "offers",
    "pairings",
    "passport",
    "profile",
]
