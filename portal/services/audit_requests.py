"""Asking for a look at the whole chain: the worker does it, one at a time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.core import jobs
from portal.domain.actor import Actor
from portal.services import limits
from portal.services.limits import Limit

#: A look reads every row: a person asks for a few an hour.
ASKED = Limit("auditcheck:person", 6, timedelta(hours=1))


def ask_for_check(actor: Actor) -> UUID:
    """Owe a look at the chain; return the job to watch. TooMany beyond a few an hour."""
    limits.reserve([(ASKED, str(actor.user_id))])
    return jobs.owe("audit_check", actor=actor).id
