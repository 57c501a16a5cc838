"""The cadence of pairings: the one answer that page, light, board, digest and pause read.

Whoever may read a pairing reads its whole cadence: a talk that a substitute held keeps the mentor's
light, too, although the mentor does not read the substitute's entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.core import scope
from portal.domain import clock, rhythms
from portal.domain.cadence import Cadence, Contact, Course, Rest, reckon
from portal.extensions import db
from portal.models.cadences import Excuse
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing, PairingPause

#: Entries that count; what was sent back counts again once it is mended, void never was.
COUNTING = ("recorded", "verified")
#: What a pairing promises that names no rhythm (S0-4.5b).
USUAL = "monthly_quarterly"


@dataclass(frozen=True, slots=True)
class Kept:
    """A pairing's cadence, and what in its journal waits for somebody."""

    pairing_id: UUID
    rhythm: str
    cadence: Cadence
    #: Since when the oldest entry waits to be verified; None where none waits.
    unverified_since: datetime | None = None
    unverified: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class _Journal:
    contacts: tuple[Contact, ...] = ()
    unverified_since: datetime | None = None
    unverified: int = 0
    returned: int = 0


def one(pairing_id: UUID) -> Kept | None:
    """Return the cadence of a pairing; None outside the scope, or before its first day."""
    return of((pairing_id,)).get(pairing_id)


def of(pairing_ids: Iterable[UUID]) -> dict[UUID, Kept]:
    """Return the cadences of pairings that have begun, in four statements however many."""
    ids = list(dict.fromkeys(pairing_ids))
    return where(Pairing.id.in_(ids)) if ids else {}


def where(chosen: ColumnElement[bool]) -> dict[UUID, Kept]:
    """Return the cadences of the pairings in the scope that meet a condition on Pairing."""
    begun = chosen & Pairing.started_on.is_not(None)
    rows = db.session.execute(
        select(
            Pairing.id, Pairing.unit_path, Pairing.rhythm, Pairing.past_rhythms,
            Pairing.started_on, Pairing.ended_on, Pairing.status, Pairing.status_since,
        ).where(begun)
    ).all()  # fmt: skip
    if not rows:
        return {}
    with scope.within(_reaching({row.unit_path for row in rows}), db.session()):
        inside = select(Pairing.id).where(begun)
        journals = _journals(inside)
        rests = _rests(inside)
        excuses = _excuses(inside)
    today = clock.today()
    return {
        row.id: _kept(
            row, journals[row.id],
            (_resting(row, rests[row.id]), frozenset(excuses[row.id])), today,
        )
        for row in rows
    }  # fmt: skip


def _kept(
    row: Any,
    journal: _Journal,
    absences: tuple[tuple[Rest, ...], frozenset[tuple[str, date]]],
    today: date,
) -> Kept:
    rests, excuses = absences
    rhythm = row.rhythm or USUAL
    rules = rhythms.rules_over(rhythm, rhythms.read(row.past_rhythms))
    course = Course(row.started_on, row.ended_on, journal.contacts, rests, excuses)
    return Kept(
        pairing_id=row.id,
        rhythm=rhythm,
        cadence=reckon(rules, course, today),
        unverified_since=journal.unverified_since,
        unverified=journal.unverified,
        returned=journal.returned,
    )


def _reaching(paths: set[str]) -> scope.Scope:
    """Return the open scope, widened to the villages of pairings that were read in it."""
    now = scope.current()
    return scope.Scope(
        paths=(*now.paths, *sorted(path for path in paths if not now.covers(path))),
        tenants=now.tenants,
        supporters=now.supporters,
        reason="a pairing's cadence counts its substitutes' contacts and reads its rhythm",
    )


def _journals(inside: Any) -> Mapping[UUID, _Journal]:
    rows: dict[UUID, list[Any]] = defaultdict(list)
    for row in db.session.execute(
        select(
            ContactLog.pairing_id, ContactLog.kind, ContactLog.happened_on, ContactLog.status,
            ContactLog.status_since,
        ).where(ContactLog.pairing_id.in_(inside), ContactLog.status != "void")
    ):  # fmt: skip
        rows[row.pairing_id].append(row)
    return defaultdict(_Journal, {key: _journal(each) for key, each in rows.items()})


def _journal(rows: list[Any]) -> _Journal:
    waiting = [row.status_since for row in rows if row.status == "recorded"]
    return _Journal(
        contacts=tuple(
            Contact(row.kind, row.happened_on, row.status == "verified")
            for row in rows
            if row.status in COUNTING
        ),
        unverified_since=min(waiting, default=None),
        unverified=len(waiting),
        returned=sum(row.status == "returned" for row in rows),
    )


def _rests(inside: Any) -> Mapping[UUID, list[Rest]]:
    found: dict[UUID, list[Rest]] = defaultdict(list)
    for row in db.session.execute(
        select(PairingPause.pairing_id, PairingPause.from_on, PairingPause.until_on)
        .where(PairingPause.pairing_id.in_(inside))
        .order_by(PairingPause.from_on)
    ):
        found[row.pairing_id].append(Rest(row.from_on, row.until_on))
    return found


def _resting(row: Any, rests: list[Rest]) -> tuple[Rest, ...]:
    """Return its pauses; one that rests without a row of it rests since its state began."""
    if row.status == "paused" and all(rest.until_on is not None for rest in rests):
        return (*rests, Rest(clock.local(row.status_since).date()))
    return tuple(rests)


def _excuses(inside: Any) -> Mapping[UUID, set[tuple[str, date]]]:
    found: dict[UUID, set[tuple[str, date]]] = defaultdict(set)
    for row in db.session.execute(
        select(Excuse.pairing_id, Excuse.kind, Excuse.period_from).where(
            Excuse.pairing_id.in_(inside), Excuse.withdrawn_at.is_(None)
        )
    ):
        found[row.pairing_id].add((row.kind, row.period_from))
    return found
