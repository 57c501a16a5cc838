"""What a story looks at: states, counts and sums, inside the reader's own scope."""

from __future__ import annotations

import json
from collections import Counter
from typing import TypeVar
from uuid import UUID

from sqlalchemy import extract, func, select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.records import Fact, Message
from portal.models.supporters import BlockEntry, Supporter
from portal.models.wishes import Commitment, Wish, WishCard, WishWindow

Value = TypeVar("Value")


def child_count(category: str = "", county: str = "") -> int:
    """Count the active children in sight, of one category or county if named."""
    count = select(func.count(ChildFile.id)).where(ChildFile.status == "active")
    if category:
        count = count.where(ChildFile.primary_category == category)
    if county:
        count = count.where(ChildFile.county_code == county)
    return db.session.scalar(count) or 0


def wish_status(wish_id: UUID) -> str:
    """Return a wish's state; NotFound outside one's units."""
    return _found(db.session.scalar(select(Wish.status).where(Wish.id == wish_id)))


def wish_window(wish_id: UUID) -> str:
    """Return year and occasion of the window a wish waits in."""
    row = db.session.execute(
        select(WishWindow.year, WishWindow.occasion)
        .join(Wish, Wish.window_id == WishWindow.id)
        .where(Wish.id == wish_id)
    ).one_or_none()
    return "{} {}".format(*_found(row))


def window(year: int, occasion: str) -> dict[str, object]:
    """Return id and dates of a window in sight; NotFound when it is not open yet."""
    asked = select(WishWindow.id, WishWindow.opens, WishWindow.closes, WishWindow.deliver_by)
    row = db.session.execute(
        asked.where(WishWindow.year == year, WishWindow.occasion == occasion)
    ).mappings()
    return dict(_found(row.one_or_none()))


def wish_states() -> dict[str, int]:
    """Count the wishes in sight by state."""
    return dict(Counter(db.session.scalars(select(Wish.status).order_by(Wish.status))))


def card_codes(wish_ids: list[UUID]) -> list[str]:
    """Return the public codes of published wishes, in the order asked; NotFound without a card."""
    codes = dict(
        db.session.execute(
            select(Wish.id, WishCard.code)
            .join(WishCard, WishCard.id == Wish.card_id)
            .where(Wish.id.in_(wish_ids))
        ).all()
    )
    return [_found(codes.get(wish_id)) for wish_id in wish_ids]


def wall_size(status: str = "open") -> int:
    """Count the cards on the public wall that are open (or claimed)."""
    return (
        db.session.scalar(
            select(func.count()).select_from(WishCard).where(WishCard.status == status)
        )
        or 0
    )


def claims_of(actor: Actor) -> list[UUID]:
    """Return one's own live claims, oldest first."""
    return list(
        db.session.scalars(
            select(Commitment.id)
            .where(
                Commitment.supporter_id.in_(actor.supporter_ids),
                Commitment.status.in_(("pending", "approved", "delivering", "delivered")),
            )
            .order_by(Commitment.claimed_at, Commitment.promise["code"].as_string())
        )
    )


def claim_of(wish_id: UUID) -> UUID:
    """Return the newest claim on a wish; NotFound when nobody has claimed it."""
    newest = (
        select(Commitment.id)
        .where(Commitment.wish_id == wish_id)
        .order_by(Commitment.claimed_at.desc())
        .limit(1)
    )
    return _found(db.session.scalar(newest))


def claim_status(commitment_id: UUID) -> str:
    """Return a claim's state."""
    return _found(
        db.session.scalar(select(Commitment.status).where(Commitment.id == commitment_id))
    )


def archive_count(year: int) -> int:
    """Count the archived wishes of a year's windows."""
    return (
        db.session.scalar(
            select(func.count(Wish.id))
            .join(WishWindow, WishWindow.id == Wish.window_id)
            .where(Wish.status == "archived", WishWindow.year == year)
        )
        or 0
    )


def archive_value(year: int) -> int:
    """Sum the receipts of a year's archived wishes, in 分."""
    return (
        db.session.scalar(
            select(func.sum(Commitment.value_fen))
            .join(Wish, Wish.id == Commitment.wish_id)
            .join(WishWindow, WishWindow.id == Wish.window_id)
            .where(
                Wish.status == "archived",
                WishWindow.year == year,
                Commitment.status == "confirmed",
            )
        )
        or 0
    )


def late_deliveries() -> int:
    """Count the promises that arrived after their day."""
    return (
        db.session.scalar(
            select(func.count(Commitment.id)).where(Commitment.delivered_on > Commitment.deliver_by)
        )
        or 0
    )


def supporter_states() -> dict[str, int]:
    """Count the supporters in sight by state."""
    found = db.session.scalars(select(Supporter.status).order_by(Supporter.status))
    return dict(Counter(found))


def own_state(actor: Actor) -> str:
    """Return the state of one's own application."""
    own = select(Supporter.status).where(Supporter.id.in_(actor.supporter_ids)).limit(1)
    return _found(db.session.scalar(own))


def block_list() -> list[str]:
    """Return the reason codes on the block-list in sight."""
    return sorted(entry.reason_code for entry in db.session.scalars(select(BlockEntry)))


def mails_to(login: str) -> list[str]:
    """Return which mails are owed or sent to an address, oldest first."""
    return list(
        db.session.scalars(
            select(Message.template)
            .join(User, User.id == Message.user_id)
            .where(User.email == login)
            .order_by(Message.created_at, Message.id)
        )
    )


def mailed_token(user_id: UUID, template: str) -> str:
    """Return the token in somebody's newest mail of a kind, as they would read it there."""
    context = db.session.scalar(
        select(Message.context)
        .where(Message.user_id == user_id, Message.template == template)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    )
    return str(json.loads(_found(context))["path"]).rsplit("/", 1)[1]


def facts_of(kind: str, year: int = 0) -> int:
    """Count the facts of a kind in sight (of a year, if named)."""
    count = select(func.count(Fact.id)).where(Fact.kind == kind)
    if year:
        count = count.where(extract("year", Fact.at) == year)
    return db.session.scalar(count) or 0


def today() -> str:
    """Return the day the story stands at."""
    return clock.today().isoformat()


def _found(value: Value | None) -> Value:
    if value is None:
        raise NotFound
    return value
