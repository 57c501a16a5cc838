"""Whether a device may go on keeping what it holds: a revoked session's is wiped."""

from __future__ import annotations

from flask import g, session

from portal.queries import actors

IN, OUT, GONE = "in", "out", "gone"


def of_device() -> str:
    """Return in (signed in), out (signed out, left idle, or never in), gone (ended from afar).

    What is gone is wiped; what is out stays sealed until its owner signs in again.
    """
    if not g.actor.is_anonymous:
        return IN
    token = session.get("_user_id", "")
    return GONE if token and actors.is_revoked(token) else OUT
