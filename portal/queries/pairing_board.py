"""The supervisor's board: every live pairing with its light, its marks and its year.

The same number of statements for one pairing and for a thousand; who stands in for a colleague on
leave reads the colleague's rows, because a lent role opens the same scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from portal.core import access
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.cadence import period_of
from portal.domain.errors import NotFound
from portal.domain.lifecycles.pairings import APPROVED
from portal.domain.masking import Kind
from portal.domain.pairing_board import MARKS, Facts, marks
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.cadences import CadenceReminder, Excuse, Substitution
from portal.models.pairings import Pairing
from portal.models.sight import AccessRow
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import cadences, pairing_gaps
from portal.queries.cadences import Kept
from portal.queries.units import under

PAGE = 30
_LIGHTS = ("red", "amber", "green", "")
_ORDER = tuple(MARKS)
#: The field of a supporter's dossier that a call opens.
PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: a mark, a light, a unit at or above the villages; empty is everything."""

    mark: str = ""
    light: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One pairing on the board; the number of its mentor only where the reader has opened it."""

    id: UUID
    version: int
    file_no: str
    status: str
    unit: str
    unit_path: str
    supporter_id: UUID
    supporter: str
    phone: str
    phone_open: bool
    may_call: bool
    may_care: bool
    started_on: date | None
    review_due: date | None
    contact_until: date | None
    paused_reason: str
    substitute: str
    substitute_until: date | None
    kept: Kept | None
    marks: tuple[str, ...]

    @property
    def light(self) -> str:
        """Return the light; empty before the first day."""
        return self.kept.cadence.light if self.kept else ""


@dataclass(frozen=True, slots=True)
class ExcuseRow:
    """A period that staff do not ask for."""

    id: UUID
    kind: str
    period_from: date
    reason_code: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the board; counts are of everything in the unit that was asked for."""

    rows: tuple[BoardRow, ...]
    counts: Mapping[str, int]
    lights: Mapping[str, int]
    total: int
    #: How many the filter leaves, and where the next page begins (0: there is none).
    found: int
    after: int


def board(actor: Actor, wanted: Wanted, after: int = 0, limit: int = PAGE) -> Board:
    """Return who needs attention first, then everyone; by light, heaviest mark, number."""
    everyone = rows(actor, wanted.unit)
    chosen = [
        row
        for row in everyone
        if (not wanted.mark or wanted.mark in row.marks)
        and (not wanted.light or wanted.light == row.light)
    ]
    on = after + limit
    return Board(
        rows=tuple(chosen[after:on]),
        counts={name: sum(name in row.marks for row in everyone) for name in MARKS},
        lights={name: sum(row.light == name for row in everyone) for name in _LIGHTS},
        total=len(everyone),
        found=len(chosen),
        after=on if len(chosen) > on else 0,
    )


def rows(actor: Actor, unit: str = "") -> tuple[BoardRow, ...]:
    """Return every live pairing in the scope, in the order of the board."""
    live = Pairing.status.in_(APPROVED)
    return _read(actor, and_(live, under(Pairing.unit_path, unit)) if unit else live)


def one(actor: Actor, pairing_id: UUID) -> BoardRow:
    """Return one pairing as the board shows it, whatever its state; NotFound behind a wall."""
    found = _read(actor, Pairing.id == pairing_id)
    if not found:
        raise NotFound
    return found[0]


def excuses(actor: Actor, pairing_id: UUID) -> tuple[ExcuseRow, ...]:
    """Return the excuses of a pairing that stand, newest period first; the words masked by role."""
    found = db.session.execute(
        select(Excuse, User.name)
        .outerjoin(User, User.id == Excuse.created_by)
        .where(Excuse.pairing_id == pairing_id, Excuse.withdrawn_at.is_(None))
        .order_by(Excuse.period_from.desc(), Excuse.kind)
    )
    return tuple(
        ExcuseRow(
            row.id, row.kind, row.period_from, row.reason_code,
            show(actor, Kind.TEXT, row.words, row.unit_path) if row.words else "", name or "",
        )
        for row, name in found
    )  # fmt: skip


def reminders(pairing_id: UUID) -> tuple[datetime, ...]:
    """Return when this month's reminders were sent."""
    month = period_of(clock.today(), 1)[0]
    return tuple(
        db.session.scalars(
            select(CadenceReminder.sent_at)
            .where(CadenceReminder.pairing_id == pairing_id, CadenceReminder.period_from == month)
            .order_by(CadenceReminder.number)
        )
    )


def _read(actor: Actor, chosen: ColumnElement[bool]) -> tuple[BoardRow, ...]:
    kept = cadences.where(chosen)
    stands = _stands(chosen)
    opened = _opened(actor)
    found = db.session.execute(
        select(Pairing, Supporter, Unit.name.label("unit"), Clearance, Clearance.valid_to)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .outerjoin(Clearance, Clearance.supporter_id == Pairing.supporter_id)
        .where(chosen)
    )
    made = [_row(actor, row, kept.get(row.Pairing.id), stands, opened) for row in found]
    return tuple(sorted(made, key=_weight))


def _row(
    actor: Actor,
    row: Any,
    kept: Kept | None,
    stands: Mapping[UUID, tuple[str, date]],
    opened: frozenset[UUID],
) -> BoardRow:
    one, person = row.Pairing, row.Supporter
    named = access.permits(actor, Permission.SUPPORTER_READ, person)
    name, until = stands.get(one.id, ("", None))
    is_open = person.id in opened
    return BoardRow(
        id=one.id,
        version=one.version,
        file_no=one.file_no,
        status=one.status,
        unit=row.unit,
        unit_path=one.unit_path,
        supporter_id=person.id,
        supporter=person.name if named else masking.mask_name(person.name),
        phone=(person.phone or "") if is_open else masking.mask_phone(person.phone or ""),
        phone_open=is_open,
        may_call=access.permits(actor, Permission.SUPPORTER_VET, person),
        may_care=access.permits(actor, Permission.CADENCE_CARE, one),
        started_on=one.started_on,
        review_due=one.review_due,
        contact_until=row.valid_to,
        paused_reason=one.paused_reason,
        substitute=name if named or not name else masking.mask_name(name),
        substitute_until=until,
        kept=kept,
        marks=marks(
            Facts(
                one.status, one.approved_on, one.started_on, one.review_due, row.valid_to,
                kept.unverified_since if kept else None, kept.cadence if kept else None,
                bool(pairing_gaps.reasons_of(row)),
            ),
            clock.today(),
        ),
    )  # fmt: skip


def _weight(row: BoardRow) -> tuple[Any, ...]:
    heaviest = _ORDER.index(row.marks[0]) if row.marks else len(_ORDER)
    return (not row.marks, _LIGHTS.index(row.light), heaviest, -len(row.marks), row.file_no)


def _stands(chosen: ColumnElement[bool]) -> dict[UUID, tuple[str, date]]:
    today = clock.today()
    found = db.session.execute(
        select(Substitution.pairing_id, Supporter.name, Substitution.until_on)
        .join(Supporter, Supporter.id == Substitution.supporter_id)
        .where(
            Substitution.pairing_id.in_(select(Pairing.id).where(chosen)),
            Substitution.from_on <= today,
            Substitution.until_on >= today,
        )
    )
    return {row.pairing_id: (row.name, row.until_on) for row in found}


def _opened(actor: Actor) -> frozenset[UUID]:
    """Return whose numbers this person has open now: no row, no sight."""
    return frozenset(
        row.subject_id
        for row in db.session.execute(
            select(AccessRow.subject_id, func.max(AccessRow.until))
            .where(
                AccessRow.actor_id == actor.user_id,
                AccessRow.field == PHONE,
                AccessRow.subject_type == "Supporter",
                AccessRow.until > clock.now(),
            )
            .group_by(AccessRow.subject_id)
        )
    )
