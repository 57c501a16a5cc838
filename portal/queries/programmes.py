"""Programmes as staff and the rota see them: lists, one of them whole, its timetable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from portal.core import access, scope, transitions
from portal.core.transitions import Offer
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.programmes import EDITABLE, LIVE, PROGRAMMES
from portal.domain.permissions import Permission
from portal.domain.programme_checks import Lack, Plan, missing
from portal.domain.programme_inputs import Preparation, ProgrammeInput
from portal.domain.programmes import KINDS, Kind
from portal.domain.timetables import Clash, Line, clashes
from portal.extensions import db
from portal.models.accounts import User
from portal.models.programmes import Programme
from portal.models.rota import ProgrammeStaff
from portal.models.timetables import TimetableStep
from portal.models.units import Unit
from portal.queries import facts, programme_checks
from portal.queries.desk import Waiting

PAGE = 30
_FEN = 100
#: Where a list goes on: the first day and the id of its last row.
Cursor = tuple[date, UUID]


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One line of a list; what the permission table asks of a programme is here as well."""

    id: UUID
    version: int
    code: str
    kind: str
    title: str
    unit: str
    unit_path: str
    tenant_path: str
    organiser_id: UUID | None
    status: str
    since: datetime
    starts_on: date
    ends_on: date
    capacity: int

    @property
    def rules(self) -> Kind:
        """Return the row of its kind."""
        return KINDS[self.kind]

    @property
    def programme_id(self) -> UUID:
        """Return what a duty opens (domain.permissions.on_programme)."""
        return self.id


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """One page of a list; ``next_after`` continues it."""

    rows: tuple[ProgrammeRow, ...]
    next_after: Cursor | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for; ``organiser`` narrows it to one person's own."""

    statuses: tuple[str, ...] = ()
    kind: str = ""
    q: str = ""
    organiser: UUID | None = None
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A programme with everything a decision takes."""

    row: ProgrammeRow
    asked: ProgrammeInput
    prepared: Preparation
    plan_file_id: UUID | None
    approved_on: date | None
    plan: Plan
    lacks: tuple[Lack, ...]
    offers: tuple[Offer, ...]
    organiser: str
    checked_by: str
    history: tuple[facts.FactRow, ...]
    may_edit: bool
    may_prepare: bool
    may_plan: bool


@dataclass(frozen=True, slots=True)
class Timetable:
    """The editor's view: lines, what clashes, who may lead, the change that can be taken back."""

    lines: tuple[Line, ...]
    clashes: tuple[Clash, ...]
    people: tuple[tuple[UUID, str], ...]
    step_id: UUID | None
    step_what: str


def page(actor: Actor, wanted: Wanted) -> ProgrammePage:
    """Return the programmes of the scope, the newest first day first."""
    statement = _rows().order_by(Programme.starts_on.desc(), Programme.id)
    if wanted.statuses:
        statement = statement.where(Programme.status.in_(wanted.statuses))
    if wanted.kind:
        statement = statement.where(Programme.kind == wanted.kind)
    if wanted.organiser is not None:
        statement = statement.where(Programme.organiser_id == wanted.organiser)
    if wanted.q:
        like = f"%{wanted.q}%"
        statement = statement.where(
            or_(Programme.title.like(like), Programme.code.like(like), Unit.name.like(like))
        )
    if wanted.after:
        day, last = wanted.after
        statement = statement.where(
            or_(Programme.starts_on < day, (Programme.starts_on == day) & (Programme.id > last))
        )
    found = db.session.execute(statement.limit(PAGE + 1)).all()
    rows = tuple(_row(one, unit) for one, unit in found[:PAGE])
    more = len(found) > PAGE
    return ProgrammePage(rows, (rows[-1].starts_on, rows[-1].id) if more else None)


def counts() -> dict[str, int]:
    """Count the programmes of the scope by state."""
    rows = db.session.execute(select(Programme.status, func.count()).group_by(Programme.status))
    return {status: number for status, number in rows}  # noqa: C416 -- Row is no pair for dict()


def waiting() -> Waiting:
    """Return how many programmes of the scope wait for the bureau's yes, and since when."""
    row = db.session.execute(
        select(func.count(), func.min(Programme.status_since)).where(
            Programme.status == "submitted"
        )
    ).one()
    return Waiting(*row)


def by_code(actor: Actor, code: str, permission: Permission = Permission.PROGRAMME_READ) -> UUID:
    """Return the id of a programme by its code; NotFound outside the scope or the permission."""
    return row_by_code(actor, code, permission).id


def row_by_code(
    actor: Actor, code: str, permission: Permission = Permission.PROGRAMME_READ
) -> ProgrammeRow:
    """Return a programme by its code; NotFound behind a wall, NotAllowed without permission."""
    found = db.session.execute(_rows().where(Programme.code == code)).one_or_none()
    if found is None:
        raise NotFound
    row = _row(*found)
    access.require(actor, permission, row)
    return row


def dossier(actor: Actor, code: str) -> Dossier:
    """Return one programme whole, for who runs or approves it."""
    row = row_by_code(actor, code, Permission.PROGRAMME_MANAGE)
    programme = db.session.scalars(select(Programme).where(Programme.id == row.id)).one()
    plan = programme_checks.plan(programme)
    names = _names(programme.organiser_id, programme.venue_checked_by)
    return Dossier(
        row=row,
        asked=_asked(programme),
        prepared=Preparation(
            programme.insurance_no,
            programme.insured_until,
            programme.drill_on,
            programme.venue_checked_on,
        ),
        plan_file_id=programme.plan_file_id,
        approved_on=programme.approved_on,
        plan=plan,
        lacks=missing(plan),
        offers=transitions.offers(PROGRAMMES, programme, actor),
        organiser=names.get(programme.organiser_id, ""),
        checked_by=names.get(programme.venue_checked_by, ""),
        history=_story(row),
        may_edit=programme.status in EDITABLE,
        may_prepare=programme.status in EDITABLE | LIVE | {"submitted"},
        may_plan=programme.status in EDITABLE | LIVE,
    )


def timetable(programme_id: UUID) -> Timetable:
    """Return the timetable of a programme inside the scope."""
    lines = programme_checks.lines(programme_id)
    step = db.session.execute(
        select(TimetableStep.id, TimetableStep.what)
        .where(TimetableStep.programme_id == programme_id, TimetableStep.undone_at.is_(None))
        .order_by(TimetableStep.id.desc())
        .limit(1)
    ).one_or_none()
    return Timetable(
        lines, clashes(lines), leaders(programme_id), *(step if step is not None else (None, ""))
    )


def leaders(programme_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Return who of the rota may lead a line, with the name the rota prints."""
    rows = db.session.execute(
        select(ProgrammeStaff.id, ProgrammeStaff.name)
        .where(ProgrammeStaff.programme_id == programme_id, ProgrammeStaff.status != "removed")
        .order_by(ProgrammeStaff.created_at, ProgrammeStaff.id)
    ).all()
    return tuple((row.id, row.name) for row in rows)


def _story(row: ProgrammeRow) -> tuple[facts.FactRow, ...]:
    """Return what happened to a programme: who runs it reads it, wherever their post is."""
    own = scope.Scope(paths=(row.unit_path,), reason="the story of a programme one runs")
    with scope.within(own, db.session()):
        return facts.of_subjects([row.id])


def _asked(one: Programme) -> ProgrammeInput:
    """Return what was filled in, as the form shows it again."""
    return ProgrammeInput(
        kind=one.kind, title=one.title, starts_on=one.starts_on, ends_on=one.ends_on,
        season=one.season, capacity=one.capacity, age_min=one.age_min, age_max=one.age_max,
        ratio=one.ratio, public_words=one.public_words, venue=one.venue,
        meeting_point=one.meeting_point, register_from=one.register_from,
        register_until=one.register_until, places_by=one.places_by,
        budget_yuan=one.budget_fen // _FEN, remark=one.remark,
    )  # fmt: skip


def _rows() -> Select[Programme, str]:
    return select(Programme, Unit.name).join(Unit, Unit.path == Programme.unit_path)


def _row(one: Programme, unit: str) -> ProgrammeRow:
    return ProgrammeRow(
        one.id, one.version, one.code, one.kind, one.title, unit, one.unit_path, one.tenant_path,
        one.organiser_id, one.status, one.status_since, one.starts_on, one.ends_on, one.capacity,
    )  # fmt: skip


def _names(*user_ids: UUID | None) -> dict[UUID | None, str]:
    wanted = [one for one in user_ids if one is not None]
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}
