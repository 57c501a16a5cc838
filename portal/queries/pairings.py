"""Pairings on the desk: the list with its filters, and one of them whole, masked by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.lifecycles.pairings import MACHINE, MEET_WITHIN_DAYS
from portal.domain.masking import Kind
from portal.domain.needs import HEARD_FROM_AGE
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing, PairingPause
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import directors, facts, units
from portal.queries.facts import FactRow

PAGE = 50
#: Names lie sealed: a search opens at most so many rows.
SEARCH_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class PairingFilter:
    """What to look for; everything empty means everything in the scope."""

    status: str = ""
    unit: str = ""
    helper: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One line of the list; names as the reader's role sees them."""

    id: UUID
    version: int
    file_no: str
    status: str
    unit: str
    unit_path: str
    child: str
    supporter: str
    supporter_id: UUID
    helper: str
    kind: str
    rhythm: str
    approved_on: date | None
    met_on: date | None
    started_on: date | None
    ended_on: date | None
    paused_reason: str
    end_reason: str

    @property
    def meet_by(self) -> date | None:
        """Return the day by which the first meeting should be, while it waits."""
        if self.status != "matched" or self.met_on or self.approved_on is None:
            return None
        return self.approved_on + timedelta(days=MEET_WITHIN_DAYS)

    @property
    def is_late(self) -> bool:
        """Tell whether the first meeting should have been already."""
        return self.meet_by is not None and self.meet_by < clock.today()


@dataclass(frozen=True, slots=True)
class PairingPage:
    """A page of the list; ``after`` continues it, ``cut`` says the search was limited."""

    rows: tuple[PairingRow, ...]
    after: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """A stretch in which it rested."""

    reason_code: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class PairingDossier:
    """One pairing whole, for who may read it; ``moves`` are the buttons."""

    row: PairingRow
    child_id: UUID
    age: int
    hears_child: bool
    need_id: UUID | None
    need_state: str
    need_words: str
    origin: str
    reasons: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    activated_by: str
    standing_until: date | None
    standing_holds: bool
    guardian_agreed_on: date | None
    guardian_agreed_by: str
    agreement_file_id: UUID | None
    child_agreed_on: date | None
    child_words: str
    met_with: str
    called: str
    meeting_on: date | None
    meeting_hour: str
    meeting_place: str
    contact: str
    review_due: date | None
    words: str
    rests: tuple[Rest, ...]
    history: tuple[FactRow, ...]
    moves: tuple[Offer, ...]
    tenant_path: str
    may_meet: bool
    may_hold_meeting: bool
    may_manage: bool
    vets: bool


def page(actor: Actor, wanted: PairingFilter, after: str = "", limit: int = PAGE) -> PairingPage:
    """Return pairings in scope, the newest number first; ``after`` is the last one's number."""
    chosen = _filtered(wanted)
    if after:
        chosen = chosen.where(Pairing.file_no < after)
    most = SEARCH_LIMIT if wanted.q else limit + 1
    found = db.session.execute(chosen.limit(most)).all()
    rows = [_row(actor, each) for each in found]
    hits = [row for row in rows if _fits(row, wanted.q)] if wanted.q else rows
    more = len(hits) > limit
    return PairingPage(
        tuple(hits[:limit]),
        hits[limit - 1].file_no if more else "",
        cut=bool(wanted.q) and len(found) == SEARCH_LIMIT,
    )


def counts(wanted: PairingFilter) -> Mapping[str, int]:
    """Return how many stand in each state, whatever state was asked for."""
    chosen = _narrowed(
        select(Pairing.status, func.count(Pairing.id)), PairingFilter(unit=wanted.unit)
    )
    return dict(iter(db.session.execute(chosen.group_by(Pairing.status))))


def places(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the units below the reader's that have pairings: pairs (path, name)."""
    paths = set(db.session.scalars(select(Pairing.unit_path).distinct()))
    level = "county" if any(grant.unit_level == "city" for grant in actor.grants) else "township"
    ups = {path[: at + 1] for path in paths for at, sign in enumerate(path) if sign == "/"}
    rows = db.session.execute(
        select(Unit.path, Unit.name)
        .where(Unit.path.in_(ups), Unit.level == level)
        .order_by(Unit.code)
    )
    return tuple((row.path, row.name) for row in rows)


def dossier(actor: Actor, pairing_id: UUID) -> PairingDossier:
    """Return one pairing whole; NotFound when it is absent or behind a wall."""
    row = db.session.execute(_listed().where(Pairing.id == pairing_id)).one_or_none()
    if row is None or not access.permits(actor, Permission.PAIRING_READ, row.Pairing):
        raise NotFound
    one, child = row.Pairing, row.ChildFile
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == one.need_id))
    standing = db.session.scalar(
        select(Clearance).where(Clearance.supporter_id == one.supporter_id)
    )
    names = _names(one)
    age = age_on(child.birth_date, clock.today())

    def text(value: str | None) -> str:
        return show(actor, Kind.TEXT, value, one.unit_path) if value else ""

    return PairingDossier(
        row=_row(actor, row),
        child_id=child.id,
        age=age,
        hears_child=age >= HEARD_FROM_AGE,
        need_id=one.need_id,
        need_state=need.status if need else "",
        need_words=text(need.child_words) if need else "",
        origin=one.origin,
        reasons=tuple(str(each) for each in one.reasons),
        proposed_by=names.get(one.proposed_by, ""),
        proposed_at=one.created_at,
        approved_by=names.get(one.approved_by, ""),
        activated_by=names.get(one.activated_by, ""),
        standing_until=standing.valid_to if standing else None,
        standing_holds=one.contact_stands,
        guardian_agreed_on=one.guardian_agreed_on,
        guardian_agreed_by=show(actor, Kind.NAME, one.guardian_agreed_by, one.unit_path),
        agreement_file_id=one.agreement_file_id,
        child_agreed_on=one.child_agreed_on,
        child_words=text(one.child_words),
        met_with=names.get(one.met_with, ""),
        called=text(one.called),
        meeting_on=one.meeting_on,
        meeting_hour=one.meeting_hour,
        meeting_place=text(one.meeting_place),
        contact=names.get(one.contact_id, ""),
        review_due=one.review_due,
        words=text(one.words),
        rests=_rests(one.id),
        history=facts.of_subjects([one.id]),
        moves=transitions.offers(MACHINE, one, actor),
        tenant_path=one.tenant_path,
        may_meet=access.permits(actor, Permission.PAIRING_MEET, one),
        may_hold_meeting=directors.may_hold(actor, one.unit_path),
        may_manage=access.permits(actor, Permission.PAIRING_MANAGE, one),
        vets=access.permits(actor, Permission.SUPPORTER_VET, row.Supporter),
    )


def _listed() -> Select[Any]:
    return (
        select(Pairing, ChildFile, Supporter, Unit.name.label("unit"))
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .order_by(Pairing.file_no.desc(), Pairing.id)
    )


def _filtered(wanted: PairingFilter) -> Select[Any]:
    return _narrowed(_listed(), wanted)


def _narrowed(chosen: Select[Any], wanted: PairingFilter) -> Select[Any]:
    tests: list[ColumnElement[bool]] = []
    if wanted.status:
        tests.append(Pairing.status == wanted.status)
    if wanted.helper:
        tests.append(Pairing.helper == wanted.helper)
    if wanted.unit:
        tests.append(units.under(Pairing.unit_path, wanted.unit))
    return chosen.where(*tests)


def _row(actor: Actor, row: Row[Any]) -> PairingRow:
    one, person = row.Pairing, row.Supporter
    named = access.permits(actor, Permission.SUPPORTER_READ, person)
    return PairingRow(
        id=one.id,
        version=one.version,
        file_no=one.file_no,
        status=one.status,
        unit=row.unit,
        unit_path=one.unit_path,
        child=show(actor, Kind.NAME, row.ChildFile.name, one.unit_path),
        supporter=person.name if named else masking.mask_name(person.name),
        supporter_id=person.id,
        helper=one.helper,
        kind=one.kind,
        rhythm=one.rhythm,
        approved_on=one.approved_on,
        met_on=one.met_on,
        started_on=one.started_on,
        ended_on=one.ended_on,
        paused_reason=one.paused_reason,
        end_reason=one.end_reason,
    )


def _fits(row: PairingRow, q: str) -> bool:
    """Tell whether a number or a name, as this reader sees it, holds what is searched for."""
    wanted = q.strip().casefold()
    return any(wanted in each.casefold() for each in (row.file_no, row.child, row.supporter))


def _names(one: Pairing) -> dict[UUID | None, str]:
    hands = (one.proposed_by, one.approved_by, one.activated_by, one.met_with, one.contact_id)
    rows = db.session.execute(
        select(User.id, User.name).where(User.id.in_([hand for hand in hands if hand is not None]))
    )
    return {row.id: row.name for row in rows}


def _rests(pairing_id: UUID) -> tuple[Rest, ...]:
    rows = db.session.execute(
        select(PairingPause.reason_code, PairingPause.from_on, PairingPause.until_on)
        .where(PairingPause.pairing_id == pairing_id)
        .order_by(PairingPause.from_on, PairingPause.id)
    )
    return tuple(Rest(*row) for row in rows)
