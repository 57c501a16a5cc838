"""Pairing needs as staff see them: the director's list, the queues, the whole dossier of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.anonymity import Disclosure, Held
from portal.domain.errors import NotFound
from portal.domain.explanations import Sentence, explain
from portal.domain.identity import age_on
from portal.domain.lifecycles.needs import LIVE, NEEDS
from portal.domain.masking import Kind
from portal.domain.need_cards import NeedFields
from portal.domain.needs import CONSENT_SCOPE, KINDS
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import Consent
from portal.models.needs import NeedApplication, PairingNeed
from portal.models.units import Unit
from portal.queries import facts
from portal.queries.desk import Waiting
from portal.queries.need_disclosures import NeedJudge
from portal.queries.wishes import ConsentRow, Step, consent_row

PAGE = 50
#: Where a page goes on: the moment since when, and the id, of its last row.
Cursor = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of a queue; the child's name as the reader may see it."""

    id: UUID
    version: int
    file_no: str
    child_id: UUID
    child_name: str
    age: int
    unit: str
    kind: str
    rhythm: str
    helper: str
    status: str
    since: datetime
    waiting_since: date | None
    hold_reason: str
    applications: int


@dataclass(frozen=True, slots=True)
class NeedPage:
    """One page of a list; ``next_after`` continues it."""

    rows: tuple[NeedRow, ...]
    next_after: Cursor | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for: words of a number or a place, a kind of help."""

    statuses: tuple[str, ...]
    q: str = ""
    kind: str = ""
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class NeedDossier:
    """Everything needed before the button: the need, its grounds, and what the card will say."""

    row: NeedRow
    days: tuple[str, ...]
    language: str
    sex_rule: str
    assessed_on: date | None
    heard_on: date | None
    child_words: str
    remark: str
    lacks_affection: bool
    consent: ConsentRow | None
    card: NeedFields | None
    reasons: tuple[Sentence, ...]
    offers: tuple[Offer, ...]
    steps: tuple[Step, ...]
    next_id: UUID | None

    @property
    def can_withdraw_consent(self) -> bool:
        """Tell whether there is a consent to take back and a live need on it."""
        return self.consent is not None and self.row.status in LIVE


def queue(actor: Actor, wanted: Wanted) -> NeedPage:
    """Return the needs in these states inside the scope, whoever waits longest first."""
    statement = _matching(wanted).order_by(PairingNeed.status_since, PairingNeed.id)
    if wanted.after:
        statement = statement.where(
            tuple_(PairingNeed.status_since, PairingNeed.id) > tuple_(*wanted.after)
        )
    rows = db.session.execute(statement.limit(PAGE + 1)).all()
    kept = tuple(_row(actor, need, unit, waiting) for need, unit, waiting in rows[:PAGE])
    more = len(rows) > PAGE
    return NeedPage(kept, (kept[-1].since, kept[-1].id) if more else None)


def of_child(actor: Actor, child_id: UUID) -> tuple[NeedRow, ...]:
    """Return every need of one child, the newest first."""
    rows = db.session.execute(
        _rows().where(PairingNeed.child_id == child_id).order_by(PairingNeed.file_no.desc())
    )
    return tuple(_row(actor, need, unit, waiting) for need, unit, waiting in rows)


def mine(actor: Actor, after: Cursor | None = None) -> NeedPage:
    """Return the needs of one's own village of every state, the newest change first."""
    statement = _rows().order_by(PairingNeed.status_since.desc(), PairingNeed.id.desc())
    if after:
        statement = statement.where(
            tuple_(PairingNeed.status_since, PairingNeed.id) < tuple_(*after)
        )
    rows = db.session.execute(statement.limit(PAGE + 1)).all()
    kept = tuple(_row(actor, need, unit, waiting) for need, unit, waiting in rows[:PAGE])
    return NeedPage(kept, (kept[-1].since, kept[-1].id) if len(rows) > PAGE else None)


def counts() -> dict[str, int]:
    """Count the needs of the scope by state."""
    rows = db.session.execute(select(PairingNeed.status, func.count()).group_by(PairingNeed.status))
    return {status: number for status, number in rows}  # noqa: C416 -- Row is no pair for dict()


def waiting() -> Waiting:
    """Return how many needs in the scope wait for the county's yes, and since when."""
    row = db.session.execute(
        select(func.count(), func.min(PairingNeed.status_since)).where(
            PairingNeed.status == "submitted"
        )
    ).one()
    return Waiting(*row)


def dossier(actor: Actor, need_id: UUID) -> NeedDossier:
    """Return one need with everything a decision takes; NotFound outside the scope."""
    found = db.session.execute(_rows().where(PairingNeed.id == need_id)).one_or_none()
    if found is None or not access.permits(actor, Permission.NEED_READ, found[0]):
        raise NotFound
    need, unit, waiting = found
    judge = NeedJudge(need.tenant_path)
    result = judge.judge_need(need)
    return NeedDossier(
        row=_row(actor, need, unit, waiting),
        days=tuple(need.days),
        language=need.language,
        sex_rule=need.sex_rule,
        assessed_on=need.assessed_on,
        heard_on=need.heard_on,
        child_words=show(actor, Kind.TEXT, need.child_words, need.unit_path),
        remark=show(actor, Kind.TEXT, need.remark, need.unit_path),
        lacks_affection=need.child.lacks_affection,
        consent=consent(actor, need.child_id),
        card=_card(need, judge, result),
        reasons=tuple(explain(result, judge.places.names)),
        offers=_offers(need, actor, result),
        steps=_steps(need.id),
        next_id=_next(need),
    )


def consent(actor: Actor, child_id: UUID) -> ConsentRow | None:
    """Return the newest consent to pairing that stands, its giver as the reader may see them."""
    row = db.session.scalar(
        select(Consent)
        .where(
            Consent.child_id == child_id,
            Consent.scope == CONSENT_SCOPE,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.given_on.desc(), Consent.created_at.desc())
        .limit(1)
    )
    if row is None:
        return None
    giver = show(actor, Kind.NAME, row.given_by, row.unit_path)
    return replace(consent_row(row), given_by=giver)


def _rows() -> Select[Any]:
    waiting = (
        select(func.count())
        .select_from(NeedApplication)
        .where(NeedApplication.need_id == PairingNeed.id, NeedApplication.status == "lodged")
        .correlate(PairingNeed)
        .scalar_subquery()
    )
    return (
        select(PairingNeed, Unit.name, waiting)
        .join(Unit, Unit.path == PairingNeed.unit_path)
        .options(joinedload(PairingNeed.child))
    )


def _matching(wanted: Wanted) -> Select[Any]:
    statement = _rows().where(PairingNeed.status.in_(wanted.statuses))
    if wanted.kind in KINDS:
        statement = statement.where(PairingNeed.kind == wanted.kind)
    if wanted.q:
        statement = statement.where(
            or_(
                PairingNeed.file_no.contains(wanted.q.upper(), autoescape=True),
                Unit.name.contains(wanted.q, autoescape=True),
            )
        )
    return statement


def _row(actor: Actor, need: PairingNeed, unit: str, waiting: int) -> NeedRow:
    return NeedRow(
        id=need.id,
        version=need.version,
        file_no=need.file_no,
        child_id=need.child_id,
        child_name=show(actor, Kind.NAME, need.child.name, need.unit_path),
        age=age_on(need.child.birth_date, clock.today()),
        unit=unit,
        kind=need.kind,
        rhythm=need.rhythm,
        helper=need.helper,
        status=need.status,
        since=need.status_since,
        waiting_since=need.waiting_since,
        hold_reason=need.hold_reason,
        applications=waiting,
    )


def _card(need: PairingNeed, judge: NeedJudge, result: Disclosure | Held) -> NeedFields | None:
    """Return what the card would say; nothing for a need whose child was erased."""
    if isinstance(result, Held) or need.kind not in KINDS:
        return None
    return judge.need_card(need, result)


def _offers(need: PairingNeed, actor: Actor, result: Disclosure | Held) -> tuple[Offer, ...]:
    """Return the buttons; approving a held need is not offered while too few still fit."""
    offered = transitions.offers(NEEDS, need, actor)
    if isinstance(result, Held) and need.status == "held":
        return tuple(one for one in offered if one.move.name != "approve")
    return offered


def _steps(need_id: UUID) -> tuple[Step, ...]:
    rows = reversed(facts.of_subjects((need_id,)))
    return tuple(Step(row.at, row.actor, row.kind, row.after or "", row.note) for row in rows)


def _next(need: PairingNeed) -> UUID | None:
    """Return whoever waits next in the same queue, so that it opens by itself."""
    return db.session.scalar(
        select(PairingNeed.id)
        .where(PairingNeed.status == need.status, PairingNeed.id != need.id)
        .order_by(PairingNeed.status_since, PairingNeed.id)
        .limit(1)
    )
