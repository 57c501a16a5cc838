"""Wishes as staff see them: the director's list, the queues, and the whole dossier of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import catalogue, clock
from portal.domain.actor import Actor
from portal.domain.anonymity import Disclosure, Held
from portal.domain.card_fields import CardFields, keeps_back
from portal.domain.catalogue import CatalogueItem, Specification
from portal.domain.errors import NotFound
from portal.domain.explanations import Sentence, explain
from portal.domain.identity import age_on
from portal.domain.lifecycles.wishes import LIVE, MACHINE
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.screening import Segment, segments
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import Consent
from portal.models.units import Unit
from portal.models.wishes import Wish
from portal.queries import facts, screening
from portal.queries.disclosures import Judge

QUEUE = 100


@dataclass(frozen=True, slots=True)
class WishRow:
    """One line of a queue; the child's name as the reader may see it."""

    id: UUID
    version: int
    file_no: str
    child_name: str
    age: int
    unit: str
    item: str
    cost_fen: int
    capped: bool
    status: str
    since: datetime
    occasion: str
    year: int
    hold_reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a wish."""

    at: datetime
    who: str
    kind: str
    after: str
    note: str


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A guardian's consent on file."""

    id: UUID
    given_by: str
    relation: str
    method: str
    given_on: date
    text_version: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything needed before the button, side by side: the words, and what the card will say."""

    row: WishRow
    child_id: UUID
    window_id: UUID
    item: CatalogueItem
    spec: Specification
    quantity: int
    cap_reason: str
    own_words: tuple[Segment, ...]
    public_note: tuple[Segment, ...]
    own_words_text: str
    note_text: str
    consent: ConsentRow | None
    card: CardFields | None
    reasons: tuple[Sentence, ...]
    fitting: int
    offers: tuple[Offer, ...]
    steps: tuple[Step, ...]
    version: int
    next_id: UUID | None

    @property
    def unit(self) -> str:
        """Return the word one counts the item with."""
        return catalogue.face_of(self.item.code).unit

    @property
    def deferred(self) -> bool:
        """Tell whether the card keeps a size or choice back."""
        return self.card is not None and keeps_back(self.card.item_code, self.card.spec)

    @property
    def can_withdraw_consent(self) -> bool:
        """Tell whether there is a consent to take back and a live wish on it."""
        given = self.consent is not None and self.consent.withdrawn_at is None
        return given and self.row.status in LIVE


def queue(actor: Actor, statuses: Sequence[str], window_id: UUID | None = None) -> list[WishRow]:
    """Return the wishes in these states inside the scope, whoever waits longest first."""
    statement = (
        select(Wish, Unit.name)
        .join(Unit, Unit.path == Wish.unit_path)
        .options(joinedload(Wish.child), joinedload(Wish.window))
        .where(Wish.status.in_(statuses))
        .order_by(Wish.status_since, Wish.id)
        .limit(QUEUE)
    )
    if window_id is not None:
        statement = statement.where(Wish.window_id == window_id)
    return [_row(actor, wish, unit) for wish, unit in db.session.execute(statement)]


def mine(actor: Actor) -> list[WishRow]:
    """Return a director's wishes of every state, newest change first."""
    statement = (
        select(Wish, Unit.name)
        .join(Unit, Unit.path == Wish.unit_path)
        .options(joinedload(Wish.child), joinedload(Wish.window))
        .order_by(Wish.status_since.desc(), Wish.id)
        .limit(QUEUE)
    )
    return [_row(actor, wish, unit) for wish, unit in db.session.execute(statement)]


def counts() -> dict[str, int]:
    """Count the wishes of the scope by state."""
    rows = db.session.execute(select(Wish.status, func.count()).group_by(Wish.status))
    return {status: number for status, number in rows}  # noqa: C416 -- Row is no pair for dict()


def waiting_per_window(statuses: Sequence[str]) -> dict[UUID, int]:
    """Count the wishes of the scope in these states by window."""
    rows = db.session.execute(
        select(Wish.window_id, func.count())
        .where(Wish.status.in_(statuses))
        .group_by(Wish.window_id)
    )
    return {window_id: number for window_id, number in rows}  # noqa: C416 -- as above


def dossier(actor: Actor, wish_id: UUID) -> Dossier:
    """Return one wish with everything a decision needs; NotFound outside the scope."""
    found = db.session.execute(
        select(Wish, Unit.name)
        .join(Unit, Unit.path == Wish.unit_path)
        .options(joinedload(Wish.child), joinedload(Wish.window))
        .where(Wish.id == wish_id)
    ).one_or_none()
    if found is None or not access.permits(actor, Permission.WISH_READ, found[0]):
        raise NotFound
    wish, unit = found
    judge = Judge(wish.tenant_path)
    result = judge.judge(wish)
    return Dossier(
        row=_row(actor, wish, unit),
        child_id=wish.child_id,
        window_id=wish.window_id,
        item=catalogue.item(wish.item_code),
        spec=Specification.read(wish.spec),
        quantity=wish.quantity,
        cap_reason=wish.cap_reason,
        own_words=_said(actor, wish),
        public_note=_read(wish.public_note, wish),
        own_words_text=show(actor, Kind.TEXT, wish.own_words, wish.unit_path),
        note_text=wish.public_note,
        consent=_consent(actor, wish.consent_id),
        card=judge.card(wish, result) if isinstance(result, Disclosure) else None,
        reasons=tuple(explain(result, judge.places.names)),
        fitting=result.fitting,
        offers=_offers(wish, actor, result),
        steps=_steps(wish.id),
        version=wish.version,
        next_id=_next(wish),
    )


def _row(actor: Actor, wish: Wish, unit: str) -> WishRow:
    return WishRow(
        id=wish.id,
        version=wish.version,
        file_no=wish.file_no,
        child_name=show(actor, Kind.NAME, wish.child.name, wish.unit_path),
        age=age_on(wish.child.birth_date, clock.today()),
        unit=unit,
        item=catalogue.item(wish.item_code).name,
        cost_fen=wish.est_cost_fen,
        capped=bool(wish.cap_reason),
        status=wish.status,
        since=wish.status_since,
        occasion=wish.window.occasion,
        year=wish.window.year,
        hold_reason=wish.hold_reason,
    )


def _said(actor: Actor, wish: Wish) -> tuple[Segment, ...]:
    """Return the child's own words with their findings, or their mask without any."""
    shown = show(actor, Kind.TEXT, wish.own_words, wish.unit_path)
    return _read(shown, wish) if shown == wish.own_words else (Segment(shown),)


def _read(text: str, wish: Wish) -> tuple[Segment, ...]:
    return tuple(segments(screening.linted(text, wish.child_id, wish.tenant_path)))


def _offers(wish: Wish, actor: Actor, result: Disclosure | Held) -> tuple[Offer, ...]:
    """Return the buttons; approving a held wish is not offered while too few still fit."""
    offered = transitions.offers(MACHINE, wish, actor)
    if wish.status == "held" and isinstance(result, Held):
        return tuple(one for one in offered if one.move.name != "approve")
    return tuple(one for one in offered if one.move.name not in ("fulfil", "archive"))


def _consent(actor: Actor, consent_id: UUID | None) -> ConsentRow | None:
    row = db.session.scalar(select(Consent).where(Consent.id == consent_id)) if consent_id else None
    if row is None:
        return None
    giver = show(actor, Kind.NAME, row.given_by, row.unit_path)
    return replace(consent_row(row), given_by=giver)


def consent_row(row: Consent) -> ConsentRow:
    """Return a consent as pages show it."""
    return ConsentRow(
        row.id,
        row.given_by,
        row.relation,
        row.method,
        row.given_on,
        row.text_version,
        row.withdrawn_at,
    )


def _steps(wish_id: UUID) -> tuple[Step, ...]:
    rows = reversed(facts.of_subjects((wish_id,)))
    return tuple(Step(row.at, row.actor, row.kind, row.after or "", row.note) for row in rows)


def _next(wish: Wish) -> UUID | None:
    """Return whoever waits next in the same queue, so that it opens by itself."""
    return db.session.scalar(
        select(Wish.id)
        .where(Wish.status == wish.status, Wish.id != wish.id)
        .order_by(Wish.status_since, Wish.id)
        .limit(1)
    )
