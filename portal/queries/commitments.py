"""Promises for the people who made them: what, what next, by when, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.lifecycles import commitments
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.models.wishes import Commitment, WishCard

PAGE = 20


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as its supporter sees it; money in 分, instants in UTC."""

    id: UUID
    version: int
    status: str
    supporter_id: UUID
    code: str
    title: str
    spec: str
    quantity: int
    region: str
    occasion: str
    year: int
    illustration: str
    is_service: bool
    #: The size or style that only who promised may know; told with the approval.
    detail: str
    claimed_at: datetime
    lapses_at: datetime | None
    approved_at: datetime | None
    dispatched_at: datetime | None
    deliver_by: date
    method: str
    tracking_no: str
    handover_point: str
    delivered_on: date | None
    value_fen: int | None
    donation_receipt_no: str
    reason: str
    thanks: str
    ended_at: datetime | None

    @property
    def live(self) -> bool:
        """Tell whether the promise still stands."""
        return self.status in commitments.LIVE

    @property
    def overdue(self) -> bool:
        """Tell whether the goods should have arrived already."""
        return self.status in ("approved", "delivering") and self.deliver_by < clock.today()

    @property
    def late(self) -> bool:
        """Tell whether the goods arrived after their day."""
        return self.delivered_on is not None and self.delivered_on > self.deliver_by


@dataclass(frozen=True, slots=True)
class Speaker:
    """A supporter somebody speaks for, with what they may still claim."""

    id: UUID
    name: str
    kind: str
    status: str
    tier: int
    valid_to: date | None
    blocked_until: date | None
    quota: int
    live: int
    #: The authority at which they are a supporter.
    authority: str = ""

    @property
    def paused(self) -> bool:
        """Tell whether claims rest after three lapses."""
        return self.blocked_until is not None and clock.today() < self.blocked_until

    @property
    def is_organisation(self) -> bool:
        """Tell whether a list can be claimed at once."""
        return self.kind in ("enterprise", "charity")

    @property
    def left(self) -> int:
        """Return how many more wishes may be claimed now."""
        return max(0, self.quota - self.live)


def live(supporter_ids: Sequence[UUID]) -> tuple[Promise, ...]:
    """Return the promises that stand, the most urgent first."""
    rows = db.session.scalars(
        _of(supporter_ids)
        .where(Commitment.status.in_(commitments.LIVE))
        .order_by(Commitment.deliver_by.is_(None), Commitment.deliver_by, Commitment.claimed_at)
    )
    return tuple(_promise(row) for row in rows)


def past(
    supporter_ids: Sequence[UUID], after: UUID | None = None, limit: int = PAGE
) -> tuple[tuple[Promise, ...], UUID | None]:
    """Return a page of ended promises, newest first, and the cursor of the next page."""
    query = _of(supporter_ids).where(Commitment.status.not_in(commitments.LIVE))
    if after is not None:
        last = db.session.execute(
            select(Commitment.claimed_at, Commitment.id).where(Commitment.id == after)
        ).one_or_none()
        if last is None:
            raise NotFound
        query = query.where(
            tuple_(Commitment.claimed_at, Commitment.id) < tuple_(last.claimed_at, last.id)
        )
    rows = db.session.scalars(
        query.order_by(Commitment.claimed_at.desc(), Commitment.id.desc()).limit(limit + 1)
    ).all()
    shown = tuple(_promise(row) for row in rows[:limit])
    return shown, shown[-1].id if len(rows) > limit else None


def fulfilled(supporter_ids: Sequence[UUID]) -> int:
    """Return how many wishes these supporters have made true."""
    count = db.session.scalar(
        select(func.count())
        .select_from(Commitment)
        .where(Commitment.supporter_id.in_(supporter_ids), Commitment.status == "confirmed")
    )
    return count or 0


def one(supporter_ids: Sequence[UUID], commitment_id: UUID) -> Promise:
    """Return one of the supporter's own promises; NotFound for any other."""
    row = db.session.scalar(_of(supporter_ids).where(Commitment.id == commitment_id))
    if row is None:
        raise NotFound
    return _promise(row)


def speakers(supporter_ids: Sequence[UUID]) -> tuple[Speaker, ...]:
    """Return the supporters a person speaks for, with quota and live promises."""
    held = (
        select(func.count(Commitment.id))
        .where(Commitment.supporter_id == Supporter.id, Commitment.status.in_(commitments.LIVE))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Supporter.id, Supporter.name, Supporter.kind, Supporter.status, Supporter.tier,
            Supporter.valid_to, Supporter.claims_blocked_until, Unit.settings, held.label("live"),
            Unit.name.label("authority"),
        )
        .join(Unit, Unit.path == Supporter.tenant_path)
        .where(Supporter.id.in_(supporter_ids))
        .order_by(Supporter.created_at)
    )  # fmt: skip
    return tuple(
        Speaker(
            id=row.id,
            name=row.name,
            kind=row.kind,
            status=row.status,
            tier=row.tier,
            valid_to=row.valid_to,
            blocked_until=row.claims_blocked_until,
            quota=TenantSettings.read(row.settings or {}).quota(row.kind),
            live=row.live,
            authority=row.authority,
        )
        for row in rows
    )


def titles(codes: Sequence[str]) -> dict[str, str]:
    """Return what stands on the cards of these codes; a code without a card is left out."""
    rows = db.session.execute(
        select(WishCard.code, WishCard.title).where(WishCard.code.in_(list(codes)[: PAGE * 2]))
    )
    return {row.code: row.title for row in rows}


def _of(supporter_ids: Sequence[UUID]) -> Select[Commitment]:
    return select(Commitment).where(Commitment.supporter_id.in_(supporter_ids))


def _promise(row: Commitment) -> Promise:
    said = row.promise
    return Promise(
        id=row.id,
        version=row.version,
        status=row.status,
        supporter_id=row.supporter_id,
        code=said["code"],
        title=said["title"],
        spec=said.get("spec", ""),
        quantity=said.get("quantity", 1),
        region=said.get("region", ""),
        occasion=said.get("occasion", ""),
        year=said.get("year", 0),
        illustration=said.get("illustration", ""),
        is_service=said.get("is_service", False),
        detail=said.get("detail", ""),
        claimed_at=row.claimed_at,
        lapses_at=row.lapses_at,
        approved_at=row.approved_at,
        dispatched_at=row.dispatched_at,
        deliver_by=row.deliver_by or date.fromisoformat(said["deliver_by"]),
        method=row.method,
        tracking_no=row.tracking_no,
        handover_point=row.handover_point,
        delivered_on=row.delivered_on,
        value_fen=row.value_fen,
        donation_receipt_no=row.donation_receipt_no,
        reason=row.reason,
        thanks=row.thanks,
        ended_at=row.ended_at,
    )
