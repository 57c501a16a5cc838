"""The honours roll: the public rows, the desk's list, and what a sentence must not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock, name_search
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.honours import PUBLICITY_VERSION
from portal.domain.lifecycles.honours import HONOURS
from portal.domain.permissions import Permission
from portal.domain.screening import Finding
from portal.extensions import db
from portal.models.accounts import User
from portal.models.honours import Honour, HonourCard
from portal.models.pool import PublicityConsent
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import screening

PAGE = 30


@dataclass(frozen=True, slots=True)
class RollRow:
    """One public row."""

    id: UUID
    year: int
    region_name: str
    kind: str
    shown_name: str
    reason_code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A page of the roll; ``after`` continues it, empty at the end."""

    rows: tuple[RollRow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class HonourRow:
    """One honour as staff see it, with the buttons of whoever looks."""

    id: UUID
    version: int
    supporter_id: UUID
    name: str
    kind: str
    place: str
    year: int
    reason_code: str
    sentence: str
    status: str
    proposed_by: str
    proposed_at: datetime
    consented: bool
    moves: tuple[Offer, ...]


def roll(*, year: str = "", region: str = "", after: str = "") -> Roll:
    """Return a page of the public roll, the newest year first; it needs no scope."""
    chosen: Any = select(
        HonourCard.id,
        HonourCard.year,
        HonourCard.region_name,
        HonourCard.kind,
        HonourCard.shown_name,
        HonourCard.reason_code,
        HonourCard.sentence,
    ).order_by(HonourCard.year.desc(), HonourCard.id)
    if year.isdecimal() and len(year) == 4:  # noqa: PLR2004 -- a year
        chosen = chosen.where(HonourCard.year == int(year))
    if region:
        chosen = chosen.where(HonourCard.region_code == region)
    rows = [RollRow(*row) for row in db.session.execute(_beyond(chosen, after).limit(PAGE + 1))]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Roll(tuple(rows[:PAGE]), f"{last.year}~{last.id}" if last else "")


def _beyond(chosen: Select[Any], after: str) -> Select[Any]:
    year, _, last = after.partition("~")
    try:
        at, identifier = int(year[:4]), UUID(last)
    except ValueError:
        return chosen
    return chosen.where(
        or_(HonourCard.year < at, and_(HonourCard.year == at, HonourCard.id > identifier))
    )


def roll_choices() -> tuple[tuple[int, ...], tuple[tuple[str, str], ...]]:
    """Return the years and the places (code, name) that the roll holds."""
    years = db.session.scalars(select(HonourCard.year).distinct().order_by(HonourCard.year.desc()))
    places = db.session.execute(
        select(HonourCard.region_code, HonourCard.region_name)
        .distinct()
        .order_by(HonourCard.region_code)
    )
    return tuple(years), tuple((row.region_code, row.region_name) for row in places)


def desk(actor: Actor, status: str = "", after: str = "") -> tuple[tuple[HonourRow, ...], str]:
    """Return the honours of the scope, newest first, and the cursor of the next page."""
    chosen = (
        select(Honour, Supporter.name, Supporter.kind, Unit.name.label("place"), User.name)
        .join(Supporter, Supporter.id == Honour.supporter_id)
        .join(Unit, Unit.path == Honour.unit_path)
        .outerjoin(User, User.id == Honour.created_by)
        .order_by(Honour.created_at.desc(), Honour.id)
    )
    if status in HONOURS.states:
        chosen = chosen.where(Honour.status == status)
    if (cursor := _moment(after)) is not None:
        at, last = cursor
        chosen = chosen.where(
            or_(Honour.created_at < at, and_(Honour.created_at == at, Honour.id > last))
        )
    found = db.session.execute(chosen.limit(PAGE + 1)).all()
    shown = found[:PAGE]
    agreed = consented([honour.supporter_id for honour, *_ in shown])
    rows = tuple(_row(actor, each, agreed) for each in shown)
    end: Any = shown[-1][0] if len(found) > PAGE else None
    return rows, f"{end.created_at.isoformat()}~{end.id}" if end else ""


def candidates(actor: Actor, q: str) -> tuple[tuple[UUID, str, str, str], ...]:
    """Return approved supporters whose name holds ``q``: (id, name, kind, county)."""
    if not q.strip():
        return ()
    chosen = (
        select(Supporter.id, Supporter.name, Supporter.kind, Unit.name.label("county"), Supporter)
        .join(Unit, Unit.path == Supporter.unit_path)
        .where(Supporter.status == "approved")
        .order_by(Supporter.county_code, Supporter.id)
    )
    for mark in name_search.wanted(q):
        chosen = chosen.where(Supporter.name_marks.contains(mark))
    rows = db.session.execute(chosen.limit(PAGE * 4)).all()
    return tuple(
        (row.id, row.name, row.kind, row.county)
        for row in rows
        if name_search.contains(row.name, q)
        and access.permits(actor, Permission.SUPPORTER_READ, row.Supporter)
    )[:PAGE]


def candidate(actor: Actor, supporter_id: UUID) -> tuple[UUID, str, str, str]:
    """Return one approved supporter whom this person reads; NotFound."""
    row = db.session.execute(
        select(Supporter, Unit.name)
        .join(Unit, Unit.path == Supporter.unit_path)
        .where(Supporter.id == supporter_id, Supporter.status == "approved")
    ).first()
    if row is None or not access.permits(actor, Permission.SUPPORTER_READ, row[0]):
        raise NotFound
    return row[0].id, row[0].name, row[0].kind, row[1]


def places(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the units in whose name this person honours: (path, name)."""
    return tuple(
        (grant.path, grant.unit_name)
        for grant in actor.grants
        if grant.unit_level in ("county", "city")
    )


def consent(supporter_id: UUID) -> UUID | None:
    """Return the standing consent to the present text, if there is one."""
    return db.session.scalar(
        select(PublicityConsent.id).where(
            PublicityConsent.supporter_id == supporter_id,
            PublicityConsent.text_version == PUBLICITY_VERSION,
            PublicityConsent.withdrawn_at.is_(None),
        )
    )


def consented(supporter_ids: list[UUID]) -> frozenset[UUID]:
    """Return which of these supporters agree to be named."""
    return frozenset(
        db.session.scalars(
            select(PublicityConsent.supporter_id).where(
                PublicityConsent.supporter_id.in_(supporter_ids),
                PublicityConsent.text_version == PUBLICITY_VERSION,
                PublicityConsent.withdrawn_at.is_(None),
            )
        )
    )


def findings(sentence: str, supporter_id: UUID, tenant_path: str) -> tuple[Finding, ...]:
    """Return what a public sentence must not hold: places, and what is on file of those helped."""
    if not sentence:
        return ()
    return screening.of_helper(sentence, supporter_id, tenant_path)


def _row(actor: Actor, found: Any, agreed: frozenset[UUID]) -> HonourRow:
    honour, name, kind, place, proposer = found
    return HonourRow(
        id=honour.id,
        version=honour.version,
        supporter_id=honour.supporter_id,
        name=name,
        kind=kind,
        place=place,
        year=honour.year,
        reason_code=honour.reason_code,
        sentence=honour.sentence,
        status=honour.status,
        proposed_by=proposer or "",
        proposed_at=honour.created_at,
        consented=honour.supporter_id in agreed,
        moves=transitions.offers(HONOURS, honour, actor),
    )


def _moment(after: str) -> tuple[datetime, UUID] | None:
    at, _, last = after.partition("~")
    try:
        moment, identifier = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        return None
    return (moment, identifier) if moment.tzinfo and moment <= clock.now() else None
