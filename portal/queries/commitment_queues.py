"""The desk's lists of promises: what waits for whom, oldest first; one query per page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, tuple_

from portal.domain import clock, masking
from portal.domain.errors import NotFound
from portal.domain.lifecycles import commitments
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish

PAGE = 50
#: Hand over within 10 days of arrival, archive within 30 of handing over (domain.md 4, MW).
HAND_OVER_DAYS = 10
ARCHIVE_DAYS = 30
_FULFILLED = Wish.status == "fulfilled"
_ENDED = tuple(set(commitments.MACHINE.states) - commitments.LIVE - {"confirmed"})


@dataclass(frozen=True, slots=True)
class Queue:
    """A list: which rows, and by which column the oldest comes first."""

    name: str
    test: ColumnElement[bool]
    order: Any
    newest_first: bool = False


QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("pending", Commitment.status == "pending", Commitment.claimed_at),
        Queue("awaiting", Commitment.status.in_(("approved", "delivering")), Commitment.deliver_by),
        # Promised by somebody whose standing has ended meanwhile: the county decides each.
        Queue(
            "frozen",
            and_(
                Commitment.status.in_(("approved", "delivering")),
                Commitment.supporter_id.in_(
                    select(Supporter.id).where(Supporter.status != "approved")
                ),
            ),
            Commitment.deliver_by,
        ),
        Queue("hand_over", Commitment.status == "delivered", Commitment.delivered_on),
        Queue(
            "thanks_write",
            and_(_FULFILLED, Commitment.status == "confirmed", Wish.thanks_by.is_(None)),
            Commitment.ended_at,
        ),
        Queue(
            "thanks",
            and_(
                _FULFILLED,
                Commitment.status == "confirmed",
                Wish.thanks_by.is_not(None),
                Wish.thanks_public == "",
            ),
            Commitment.ended_at,
        ),
        Queue(
            "archive",
            and_(
                _FULFILLED,
                Commitment.status == "confirmed",
                or_(Wish.thanks_by.is_(None), Wish.thanks_public != ""),
            ),
            Commitment.ended_at,
        ),
        Queue(
            "done",
            or_(
                and_(Commitment.status == "confirmed", Wish.status == "archived"),
                Commitment.status.in_(_ENDED),
            ),
            Commitment.claimed_at,
            newest_first=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One promise in a list; ``due`` is the day by which this list's step should be done."""

    id: UUID
    version: int
    status: str
    wish_status: str
    file_no: str
    title: str
    quantity: int
    unit: str
    supporter: str
    supporter_kind: str
    claimed_at: datetime
    lapses_at: datetime | None
    deliver_by: date | None
    delivered_on: date | None
    ended_at: datetime | None
    tracking_no: str
    due: date | None

    @property
    def overdue(self) -> bool:
        """Tell whether its day has passed."""
        return self.due is not None and self.due < clock.today()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list and the cursor of the next page."""

    rows: tuple[QueueRow, ...]
    after: UUID | None


def counts() -> dict[str, int]:
    """Return how many promises wait in each list, in one query."""
    row = db.session.execute(
        select(
            *(
                func.coalesce(func.sum(case((queue.test, 1), else_=0)), 0).label(name)
                for name, queue in QUEUES.items()
                if name != "done"
            )
        )
        .select_from(Commitment)
        .join(Wish, Wish.id == Commitment.wish_id)
        .where(or_(Commitment.status.in_(commitments.LIVE), _FULFILLED))
    ).one()
    return {name: int(value) for name, value in row._asdict().items()}


def page(name: str, after: UUID | None = None, limit: int = PAGE, *, full: bool = True) -> Page:
    """Return a page of a list; NotFound for an unknown list or cursor.

    ``full`` is False for who may not read supporters' names: a person's name is masked then.
    """
    if name not in QUEUES:
        raise NotFound
    queue = QUEUES[name]
    query = _rows().where(queue.test)
    if after is not None:
        query = query.where(_beyond(queue, after))
    order = (queue.order, Commitment.id)
    if queue.newest_first:
        query = query.order_by(*(column.desc() for column in order))
    else:
        query = query.order_by(*order)
    found = db.session.execute(query.limit(limit + 1)).all()
    rows = tuple(_row(name, each, full=full) for each in found[:limit])
    return Page(rows, rows[-1].id if len(found) > limit else None)


def next_in(name: str, but: UUID) -> UUID | None:
    """Return the oldest promise of a list other than ``but``: what opens next by itself."""
    if name not in QUEUES:
        return None
    queue = QUEUES[name]
    return db.session.scalar(
        select(Commitment.id)
        .join(Wish, Wish.id == Commitment.wish_id)
        .where(queue.test, Commitment.id != but)
        .order_by(queue.order, Commitment.id)
        .limit(1)
    )


def _beyond(queue: Queue, after: UUID) -> ColumnElement[bool]:
    last = db.session.execute(
        select(queue.order.label("key"), Commitment.id)
        .join(Wish, Wish.id == Commitment.wish_id)
        .where(Commitment.id == after)
    ).one_or_none()
    if last is None:
        raise NotFound
    here = tuple_(queue.order, Commitment.id)
    there = tuple_(last.key, last.id)
    return here < there if queue.newest_first else here > there


def _rows() -> Select[Any]:
    return (
        select(
            Commitment.id, Commitment.version, Commitment.status, Commitment.promise,
            Commitment.claimed_at, Commitment.lapses_at, Commitment.deliver_by,
            Commitment.delivered_on, Commitment.ended_at, Commitment.tracking_no,
            Wish.status.label("wish_status"), Wish.file_no, Wish.handed_over_on,
            Unit.name.label("unit"), Supporter.name.label("supporter"),
            Supporter.kind.label("supporter_kind"),
        )
        .join(Wish, Wish.id == Commitment.wish_id)
        .join(Unit, Unit.path == Commitment.unit_path)
        .join(Supporter, Supporter.id == Commitment.supporter_id)
    )  # fmt: skip


def _row(name: str, row: Row[Any], *, full: bool) -> QueueRow:
    return QueueRow(
        id=row.id,
        version=row.version,
        status=row.status,
        wish_status=row.wish_status,
        file_no=row.file_no,
        title=row.promise["title"],
        quantity=row.promise.get("quantity", 1),
        unit=row.unit,
        supporter=shown_name(row.supporter_kind, row.supporter, full=full),
        supporter_kind=row.supporter_kind,
        claimed_at=row.claimed_at,
        lapses_at=row.lapses_at,
        deliver_by=row.deliver_by,
        delivered_on=row.delivered_on,
        ended_at=row.ended_at,
        tracking_no=row.tracking_no,
        due=_due(name, row),
    )


def shown_name(kind: str, name: str, *, full: bool) -> str:
    """Return an organisation's name, and a person's masked unless the reader may see it."""
    return name if full or kind != "individual" else masking.mask_name(name)


def _due(name: str, row: Row[Any]) -> date | None:
    """Return the day by which this list's step should be done."""
    if name == "pending" and row.lapses_at is not None:
        return clock.local(row.lapses_at).date()
    if name in {"awaiting", "frozen"}:
        return row.deliver_by  # type: ignore[no-any-return]  # a date column
    if name == "hand_over" and row.delivered_on is not None:
        return row.delivered_on + timedelta(days=HAND_OVER_DAYS)  # type: ignore[no-any-return]  # a date column
    if name in {"archive", "thanks", "thanks_write"} and row.handed_over_on is not None:
        return row.handed_over_on + timedelta(days=ARCHIVE_DAYS)  # type: ignore[no-any-return]  # a date column
    return None
