"""Everything about one promise that the desk looks at before it presses a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain import catalogue, clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.masking import Kind
from portal.domain.permissions import POLICY, Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.supporters import Supporter, VettingCheck
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish, WishWindow
from portal.queries import facts, kinship
from portal.queries.commitment_queues import shown_name
from portal.queries.handover_points import Receiver, offered, receivers


@dataclass(frozen=True, slots=True)
class Check:
    """One vetting check: kind, when done, until when it counts."""

    kind: str
    done_on: date
    expires_on: date | None

    @property
    def expired(self) -> bool:
        """Tell whether it no longer counts."""
        return self.expires_on is not None and self.expires_on < clock.today()


@dataclass(frozen=True, slots=True)
class Helper:
    """The supporter behind the promise, and how earlier promises ended.

    ``full`` is False for who may not read supporters: they learn a name and a kind, no more.
    """

    full: bool
    name: str
    kind: str
    status: str
    tier: int
    valid_to: date | None
    blocked_until: date | None
    kept: int
    live: int
    lapsed: int
    given_back: int
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """The wish inside the bureau, for who may read it: names as the reader's role sees them."""

    child: str
    age: int
    gender: str
    category: str
    own_words: str
    item: str
    spec: str
    quantity: int
    est_cost_fen: int
    cap_reason: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One promise with its wish, its supporter and its history, oldest first. Money in 分."""

    id: UUID
    version: int
    status: str
    unit_path: str
    supporter_id: UUID
    unit: str
    promise: Mapping[str, Any]
    claimed_at: datetime
    lapses_at: datetime | None
    deliver_by: date | None
    method: str
    tracking_no: str
    handover_point: str
    delivered_on: date | None
    value_fen: int | None
    receipt_file_id: UUID | None
    donation_receipt_no: str
    wish_status: str
    file_no: str
    handed_over_on: date | None
    signed_by: str
    thanks: str
    thanks_by: UUID | None
    thanks_public: str
    occasion: str
    year: int
    window_deliver_by: date
    #: Where gifts may be handed in, the usual place first; empty once that is decided.
    points: tuple[str, ...]
    receivers: tuple[Receiver, ...]
    helper: Helper
    #: The supporter's number or phone is a guardian's of this child; staff who read both are told.
    kin: bool
    inside: Inside | None
    history: tuple[facts.FactRow, ...]

    @property
    def late_days(self) -> int:
        """Return by how many days the goods came late (0: in time, or not here yet)."""
        if self.delivered_on is None or self.deliver_by is None:
            return 0
        return max(0, (self.delivered_on - self.deliver_by).days)

    @property
    def overdue(self) -> bool:
        """Tell whether the goods should be here already."""
        waits = self.status in ("approved", "delivering")
        return waits and self.deliver_by is not None and self.deliver_by < clock.today()


def dossier(actor: Actor, commitment_id: UUID) -> Dossier:
    """Return the whole dossier, as far as ``actor`` may see it; NotFound outside the scope."""
    found = db.session.execute(
        select(Commitment, Wish, WishWindow, Unit.name)
        .join(Wish, Wish.id == Commitment.wish_id)
        .join(WishWindow, WishWindow.id == Wish.window_id)
        .join(Unit, Unit.path == Commitment.unit_path)
        .where(Commitment.id == commitment_id)
    ).one_or_none()
    if found is None or not _may(actor, Permission.COMMITMENT_READ, found.Commitment):
        raise NotFound
    promise, wish, window, unit = found
    reads = _may(actor, Permission.WISH_READ, wish)
    return Dossier(
        **{name: getattr(promise, name) for name in _OF_PROMISE},
        unit=unit,
        wish_status=wish.status,
        file_no=wish.file_no,
        handed_over_on=wish.handed_over_on,
        signed_by=(wish.signed_by or "") if reads else "",
        thanks=wish.thanks if reads else "",
        thanks_by=wish.thanks_by,
        thanks_public=wish.thanks_public,
        occasion=window.occasion,
        year=window.year,
        window_deliver_by=window.deliver_by,
        points=_points(actor, promise),
        receivers=receivers(promise.unit_path) if _decides(actor, promise) else (),
        # Whoever decides on this promise may know who made it, wherever they were vetted.
        helper=_helper(promise.supporter_id, full=_may(actor, Permission.SUPPORTER_READ, promise)),
        kin=reads and kinship.is_kin(promise.supporter_id, wish.child_id),
        inside=_inside(actor, wish) if reads else None,
        history=facts.of_subjects((promise.id, wish.id) if reads else (promise.id,)),
    )


def _decides(actor: Actor, promise: Commitment) -> bool:
    return promise.status == "pending" and _may(actor, Permission.COMMITMENT_APPROVE, promise)


def _points(actor: Actor, promise: Commitment) -> tuple[str, ...]:
    if not _decides(actor, promise):
        return ()
    return offered(promise.unit_path, promise.tenant_path)


_OF_PROMISE = (
    "id", "version", "status", "unit_path", "supporter_id", "promise", "claimed_at", "lapses_at",
    "deliver_by", "method", "tracking_no", "handover_point", "delivered_on", "value_fen",
    "receipt_file_id", "donation_receipt_no",
)  # fmt: skip


def _may(actor: Actor, permission: Permission, subject: Any) -> bool:
    return POLICY[permission](actor, subject)


def _helper(supporter_id: UUID, *, full: bool) -> Helper:
    who = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if who is None:
        raise NotFound
    ended: dict[str, int] = {
        row.status: row.total
        for row in db.session.execute(
            select(Commitment.status, func.count().label("total"))
            .where(Commitment.supporter_id == supporter_id)
            .group_by(Commitment.status)
        )
    }
    checks = db.session.execute(
        select(VettingCheck.kind, VettingCheck.done_on, VettingCheck.expires_on)
        .where(VettingCheck.supporter_id == supporter_id)
        .order_by(VettingCheck.done_on)
    )
    return Helper(
        full=full,
        name=shown_name(who.kind, who.name, full=full),
        kind=who.kind,
        status=who.status,
        tier=who.tier,
        valid_to=who.valid_to,
        blocked_until=who.claims_blocked_until,
        kept=ended.get("confirmed", 0),
        live=sum(ended.get(each, 0) for each in ("pending", "approved", "delivering", "delivered")),
        lapsed=ended.get("lapsed", 0),
        given_back=ended.get("withdrawn", 0) + ended.get("failed", 0),
        checks=tuple(Check(*row) for row in checks) if full else (),
    )


def _inside(actor: Actor, wish: Wish) -> Inside | None:
    child = db.session.execute(
        select(
            ChildFile.name, ChildFile.birth_date, ChildFile.gender, ChildFile.primary_category
        ).where(ChildFile.id == wish.child_id)
    ).one_or_none()
    if child is None:
        return None
    spec = catalogue.Specification.read(wish.spec)
    return Inside(
        child=show(actor, Kind.NAME, child.name, wish.unit_path),
        age=age_on(child.birth_date, clock.today()),
        gender=child.gender,
        category=child.primary_category,
        own_words=show(actor, Kind.TEXT, wish.own_words, wish.unit_path),
        item=catalogue.item(wish.item_code).name,
        spec=" ".join(str(part) for part in (spec.size, spec.choice) if part),
        quantity=wish.quantity,
        est_cost_fen=wish.est_cost_fen,
        cap_reason=wish.cap_reason,
    )
