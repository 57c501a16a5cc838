"""Cards come and go together: releasing a batch, taking a card down, the kept counts.

A reader may notice batches and nothing finer (security.md A2): codes are random and new at each
publication, the order is a keyed shuffle, and a card that must vanish reshuffles its cell.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, func, select, update

from portal.core import access, facts, transitions
from portal.domain import cipher, clock
from portal.domain.actor import Actor
from portal.domain.anonymity import Disclosure, Held
from portal.domain.card_fields import CardFields
from portal.domain.errors import Invalid, NotFound, WrongState
from portal.domain.explanations import explain
from portal.domain.lifecycles.wishes import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import Consent
from portal.models.wishes import PublicationBatch, WallCount, Wish, WishCard, WishWindow
from portal.queries import units
from portal.queries.disclosures import Judge

#: Wishes that the next batch takes along.
WAITING = ("approved", "rolled_over")
#: What the wall shows of a card; a card has no lifecycle of its own, it follows its wish.
OPEN, CLAIMED = "open", "claimed"


@dataclass(frozen=True, slots=True)
class Release:
    """What became of a batch: its id (none if every card was held) and the two counts."""

    batch_id: UUID | None
    published: int
    held: int


def release(actor: Actor, window_id: UUID) -> Release:
    """Publish every approved wish of the window that the K rule lets out, as one batch.

    Raises WrongState outside the window, Invalid when the batch would be too small to hide in.
    """
    access.require(actor, Permission.BATCH_RELEASE)
    window = _open_window(window_id)
    judge = Judge(window.tenant_path)
    judged = [(wish, judge.judge(wish)) for wish in _waiting(window.id)]
    if not judged:
        raise Invalid("这一期没有等待发布的心愿")
    ready = [(wish, shown) for wish, shown in judged if isinstance(shown, Disclosure)]
    _refuse_small(len(ready), window)
    for wish, held in judged:
        if isinstance(held, Held):
            hold(actor, wish, held, judge)
    if not ready:
        return Release(None, 0, len(judged))
    batch = _batch(actor, window, len(ready))
    for wish, shown in ready:
        _publish(actor, wish, judge.card(wish, shown), window, batch)
    refresh_counts()
    return Release(batch.id, len(ready), len(judged) - len(ready))


def hold(actor: Actor, wish: Wish, held: Held, judge: Judge) -> None:
    """Keep a wish inside because too few children fit its card; staff find a supporter."""
    transitions.fire(MACHINE, wish, "hold", actor, fitting=held.fitting, k=held.k)
    wish.hold_reason = str(explain(held, judge.places.names)[0])[:200]


def _open_window(window_id: UUID) -> WishWindow:
    window = db.session.scalar(select(WishWindow).where(WishWindow.id == window_id))
    if window is None:
        raise NotFound
    if not window.opens <= clock.today() <= window.closes:
        raise WrongState("现在不在这一期的征集时间内，不能发布")
    return window


def _refuse_small(cards: int, window: WishWindow) -> None:
    least = units.settings(window.tenant_path).batch_min
    if 0 < cards < least:
        raise Invalid(
            "这一批只有 {n} 张卡片；至少 {least} 张一起发布，才看不出是谁的心愿",
            n=cards,
            least=least,
        )


def take_down(wish: Wish) -> None:
    """Remove a wish's card from the wall and shuffle its cell anew; nothing without a card."""
    if wish.card_id is None:
        return
    card = db.session.get(WishCard, wish.card_id)
    wish.card_id = None
    if card is None:
        return
    cell = select(WishCard).where(
        WishCard.region_code == card.region_code, WishCard.band == card.band
    )
    turn = secrets.token_hex(8)
    for other in db.session.scalars(cell):
        other.shuffle = cipher.ring().keyed_number(other.code, turn)
    db.session.delete(card)
    db.session.flush()
    refresh_counts()


def take_down_window(window: WishWindow) -> None:
    """Remove every card of a closed window together, claimed ones too (A2)."""
    batches = select(PublicationBatch.id).where(PublicationBatch.window_id == window.id)
    ids = db.session.scalars(batches).all()
    for wish in db.session.scalars(
        select(Wish).where(Wish.window_id == window.id, Wish.card_id.is_not(None))
    ):
        wish.card_id = None
    db.session.flush()
    db.session.execute(delete(WishCard).where(WishCard.batch_id.in_(ids)))
    refresh_counts()


def show_claimed(wish: Wish) -> None:
    """Mark a wish's card as promised; it stays on the wall until its window closes."""
    _mark(wish, CLAIMED)


def show_open(wish: Wish) -> None:
    """Open a wish's card again after a promise ended; nothing once its window has closed."""
    _mark(wish, OPEN)


def _mark(wish: Wish, status: str) -> None:
    if wish.card_id is not None:
        db.session.execute(
            update(WishCard)
            .where(WishCard.id == wish.card_id)
            .values(status=status)
            .execution_options(synchronize_session=False)
        )


def refresh_counts() -> None:
    """Count the open cards per filter value again; the wall shows these numbers rounded."""
    session = db.session()
    session.flush()
    found = dict(_counted())
    kept = {
        (row.facet, row.value): row
        for row in session.scalars(
            select(WallCount).order_by(WallCount.facet, WallCount.value).with_for_update()
        )
    }
    for key in found.keys() | kept.keys():
        if key not in kept:
            row = WallCount(facet=key[0], value=key[1], cards=0, refreshed_at=clock.now())
            session.add(row)
            kept[key] = row
        kept[key].cards = found.get(key, 0)
        kept[key].refreshed_at = clock.now()
    session.flush()


def _counted() -> Iterator[tuple[tuple[str, str], int]]:
    for facet, column in (
        ("region", WishCard.region_code),
        ("city", WishCard.city_code),
        ("need", WishCard.need),
        ("band", WishCard.band),
        ("occasion", WishCard.occasion),
    ):
        rows = db.session.execute(
            select(column, func.count()).where(WishCard.status == OPEN).group_by(column)
        )
        yield from (((facet, value), cards) for value, cards in rows if value)
    everything = select(func.count()).select_from(WishCard).where(WishCard.status == OPEN)
    yield ("all", ""), db.session.scalar(everything) or 0


def _waiting(window_id: UUID) -> list[Wish]:
    """Return the wishes for the next batch; none whose consent was taken back (L03)."""
    taken_back = exists().where(Consent.id == Wish.consent_id, Consent.withdrawn_at.is_not(None))
    return list(
        db.session.scalars(
            select(Wish)
            .where(Wish.window_id == window_id, Wish.status.in_(WAITING), ~taken_back)
            .order_by(Wish.id)
        )
    )


def _batch(actor: Actor, window: WishWindow, cards: int) -> PublicationBatch:
    batch = PublicationBatch(
        tenant_path=window.tenant_path,
        window_id=window.id,
        released_at=clock.now(),
        cards=cards,
        created_by=actor.user_id,
    )
    db.session.add(batch)
    db.session.flush()
    facts.publish(
        "batch.release", actor=actor, subject=batch, unit_path=window.tenant_path, cards=cards
    )
    return batch


def _publish(
    actor: Actor,
    wish: Wish,
    fields: CardFields,
    window: WishWindow,
    batch: PublicationBatch,
) -> None:
    code = new_code()
    card = WishCard(
        id=uuid4(),
        code=code,
        shuffle=cipher.ring().keyed_number(code, str(batch.id)),
        batch_id=batch.id,
        occasion=window.occasion,
        year=window.year,
        closes=window.closes,
        deliver_by=window.deliver_by,
        **asdict(fields),
    )
    db.session.add(card)
    transitions.fire(MACHINE, wish, "publish", actor, batch_id=str(batch.id))
    wish.card_id = card.id


def new_code() -> str:
    """Return a fresh public code: 128 random bits, 26 lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
