"""Asking to renew a standing before it ends; it holds until its old day meanwhile (SV)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import CONTACT, Actor
from portal.domain.errors import Conflict, NotFound
from portal.domain.lifecycles.supporters import MACHINE
from portal.extensions import db
from portal.models.supporters import Supporter


def ask(actor: Actor, supporter_id: UUID, *, version: int | None = None) -> UUID:
    """Ask that an own standing be renewed, with what is on record as it is.

    Raises NotFound for a supporter one is no contact of, WrongState earlier than 60 days before
    the end and for a second time, Conflict when it was changed meanwhile.
    """
    row = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if row is None or actor.role_in(supporter_id) != CONTACT:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("这份资料刚刚有变化，请刷新后再看")
    transitions.fire(MACHINE, row, "ask_renewal", actor)
    row.submitted_at = clock.now()
    return row.id
