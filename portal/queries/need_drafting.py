"""What a director has before them when a need begins: the child, the assessment, the consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.lifecycles.needs import LIVE
from portal.domain.masking import Kind
from portal.domain.need_inputs import NeedInput
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed
from portal.models.records import Fact
from portal.queries import needs
from portal.queries.wishes import ConsentRow


@dataclass(frozen=True, slots=True)
class ChildNow:
    """A child as the need's form shows them; ``assessed_on`` is the newest assessment's day."""

    id: UUID
    name: str
    age: int
    gender: str
    lacks_affection: bool
    assessed_on: date | None
    consent: ConsentRow | None
    live: int


@dataclass(frozen=True, slots=True)
class Written:
    """A need's own fields, to be changed; ``version`` tells a stale form."""

    child: ChildNow
    asked: NeedInput
    version: int


def children(actor: Actor) -> list[ChildNow]:
    """Return the active children of one's own village with how many needs each has."""
    live = (
        select(func.count())
        .select_from(PairingNeed)
        .where(PairingNeed.child_id == ChildFile.id, PairingNeed.status.in_(LIVE))
        .correlate(ChildFile)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(ChildFile, live)
        .where(ChildFile.status == "active")
        .order_by(ChildFile.birth_date, ChildFile.id)
    )
    return [_now(actor, child, None, None, count) for child, count in rows]


def child(actor: Actor, child_id: UUID) -> ChildNow:
    """Return one active child in sight with assessment and consent; NotFound."""
    found = db.session.scalar(
        select(ChildFile).where(ChildFile.id == child_id, ChildFile.status == "active")
    )
    if found is None:
        raise NotFound
    return _now(actor, found, assessed_on(child_id), needs.consent(actor, child_id), 0)


def written(actor: Actor, need_id: UUID) -> Written:
    """Return a need's own fields; NotFound for who may not draft it."""
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == need_id))
    if need is None or not access.permits(actor, Permission.NEED_DRAFT, need):
        raise NotFound
    asked = NeedInput(
        kind=need.kind,
        rhythm=need.rhythm,
        assessed_on=need.assessed_on,
        days=tuple(need.days),
        language=need.language,
        helper=need.helper,
        sex_rule=need.sex_rule,
        heard_on=need.heard_on,
        child_words=need.child_words,
        remark=need.remark,
    )
    return Written(child(actor, need.child_id), asked, need.version)


def assessed_on(child_id: UUID) -> date | None:
    """Return the day of the newest assessment on record of a child."""
    data = db.session.scalar(
        select(Fact.data)
        .where(Fact.subject_id == child_id, Fact.kind == "child.assess")
        .order_by(Fact.id.desc())
        .limit(1)
    )
    return date.fromisoformat(data["assessed_on"]) if data else None


def _now(
    actor: Actor, row: ChildFile, assessed: date | None, given: ConsentRow | None, live: int
) -> ChildNow:
    return ChildNow(
        row.id,
        show(actor, Kind.NAME, row.name, row.unit_path),
        age_on(row.birth_date, clock.today()),
        row.gender,
        row.lacks_affection,
        assessed,
        given,
        live,
    )
