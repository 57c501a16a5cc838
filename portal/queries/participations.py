"""Who earned a certificate of participation: everybody who was there on at least one day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.domain.masking import Kind
from portal.domain.programmes import KINDS
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment
from portal.queries import child_days
from portal.queries.programme_days import Head


@dataclass(frozen=True, slots=True)
class Earned:
    """One participant: the given name, the full one for whoever may read it, days there."""

    enrolment_id: UUID
    no: int | None
    called: str
    full: str
    days: int


def earned(actor: Actor, of: Head) -> tuple[Earned, ...]:
    """Return the participants with the days they were there, by number of the roster."""
    found = child_days.of_programme(of.id, KINDS[of.kind].participants)
    there = Counter(one.enrolment_id for one in found if one.here)
    rows = db.session.execute(
        select(Enrolment, ChildFile.name)
        .outerjoin(ChildFile, ChildFile.id == Enrolment.child_id)
        .where(Enrolment.id.in_(list(there)))
        .order_by(Enrolment.roster_no, Enrolment.id)
    ).all()
    return tuple(
        Earned(
            row.id, row.roster_no, row.called or "",
            _full(actor, name, row), there[row.id],
        )
        for row, name in rows
    )  # fmt: skip


def _full(actor: Actor, name: str | None, row: Enrolment) -> str:
    """Return the whole name where the reader's role reads it unmasked, else nothing."""
    if not name or row.participant != "child":
        return ""
    shown = show(actor, Kind.NAME, name, row.unit_path)
    return shown if shown == name else ""
