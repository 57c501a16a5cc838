"""Wish windows: opening a year's three, changing dates, and what happens when one closes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Invalid, NotFound, WrongState
from portal.domain.lifecycles.wishes import LIVE, MACHINE
from portal.domain.permissions import Permission
from portal.domain.windows import Occasion, WindowDates, check, default_dates, standing_open
from portal.extensions import db
from portal.models.wishes import Wish, WishWindow
from portal.queries import units
from portal.queries.windows import Authority
from portal.services import publication

#: Wishes without a promise: these roll over or expire when their window closes.
_UNFILLED = ("published", "approved", "held", "rolled_over")


@dataclass(frozen=True, slots=True)
class Closing:
    """What a closing run did."""

    windows: int
    rolled: int
    expired: int


def open_year(actor: Actor, tenant_path: str, year: int) -> list[WishWindow]:
    """Add the windows of a year that are missing, with the default dates; return the new ones.

    Raises NotAllowed for who holds no role at the authority itself.
    """
    access.require(actor, Permission.WINDOW_MANAGE, Authority(tenant_path))
    standing = _of_year(tenant_path, year)
    days = units.settings(tenant_path).window_days
    return [
        _add(
            actor,
            tenant_path,
            year,
            occasion,
            standing_open(default_dates(occasion, year), days(occasion.value)),
        )
        for occasion in Occasion
        if occasion not in standing
    ]


def plan(
    actor: Actor, tenant_path: str, year: int, occasion: Occasion, dates: WindowDates
) -> WishWindow:
    """Set a window's dates, opening it if it does not stand; Invalid for dates out of order.

    A window that has closed keeps its dates: its wishes have gone their way. Nor does one end
    in the past: that would close it on the spot. NotAllowed as ``open_year`` says.
    """
    access.require(actor, Permission.WINDOW_MANAGE, Authority(tenant_path))
    check(dates)
    if dates.closes < clock.today():
        raise Invalid("认领截止不能早于今天", {"closes": "认领截止不能早于今天"})
    window = _of_year(tenant_path, year).get(occasion)
    if window is None:
        return _add(actor, tenant_path, year, occasion, dates)
    if window.closed_at is not None:
        raise WrongState("这一期已经结束，日期不能再改")
    window.opens, window.closes = dates.opens, dates.closes
    window.deliver_by, window.festival_on = dates.deliver_by, dates.festival_on
    facts.publish(
        "window.plan", actor=actor, subject=window, unit_path=tenant_path, occasion=occasion.value
    )
    return window


def get(window_id: UUID) -> WishWindow:
    """Return a window of one's authority; NotFound."""
    window = db.session.scalar(select(WishWindow).where(WishWindow.id == window_id))
    if window is None:
        raise NotFound
    return window


def close_due() -> Closing:
    """Close every window whose last day has passed; safe to run again (daily, by the system).

    Cards of a closed window leave together. Wishes without a promise roll over to the next
    window at most twice, then expire (MW); a promise that lapses later is caught by a later run.
    """
    today = clock.today()
    past = db.session.scalars(
        select(WishWindow).where(WishWindow.closes < today).order_by(WishWindow.closes)
    ).all()
    closed = rolled = expired = 0
    for window in past:
        if window.closed_at is None:
            window.closed_at = clock.now()
            publication.take_down_window(window)
            facts.publish(
                "window.close", actor=SYSTEM, subject=window, unit_path=window.tenant_path
            )
            closed += 1
        moved, ended = _carry_over(window)
        rolled, expired = rolled + moved, expired + ended
    return Closing(closed, rolled, expired)


def _carry_over(window: WishWindow) -> tuple[int, int]:
    """Roll the unfilled wishes of a closed window to the next one, or let them expire."""
    rolled = expired = 0
    unfilled = db.session.scalars(
        select(Wish)
        .where(Wish.window_id == window.id, Wish.status.in_(_UNFILLED))
        .order_by(Wish.id)
    ).all()
    if not unfilled:
        return 0, 0
    settings = units.settings(window.tenant_path)
    target = following(window)
    for wish in unfilled:
        if wish.rolled >= settings.max_rolls or _has_wish_in(wish.child_id, target.id):
            transitions.fire(MACHINE, wish, "expire", SYSTEM)
            expired += 1
            continue
        if wish.status == "rolled_over":
            facts.publish("wish.roll_again", actor=SYSTEM, subject=wish)
        else:
            transitions.fire(MACHINE, wish, "roll_over", SYSTEM)
        wish.window_id = target.id
        wish.rolled += 1
        rolled += 1
    return rolled, expired


def following(window: WishWindow) -> WishWindow:
    """Return the next window of the same authority that can still be met, opened if it is not."""
    standing = db.session.scalar(
        select(WishWindow)
        .where(
            WishWindow.tenant_path == window.tenant_path,
            WishWindow.opens > window.opens,
            WishWindow.closes >= clock.today(),
        )
        .order_by(WishWindow.opens)
        .limit(1)
    )
    return standing or _open_next(window.tenant_path)


def _open_next(tenant_path: str) -> WishWindow:
    """Open the next of the three occasions from today on, with its default dates."""
    today = clock.today()
    for year in (today.year, today.year + 1):
        standing = _of_year(tenant_path, year)
        for occasion in Occasion:
            dates = default_dates(occasion, year)
            if occasion not in standing and dates.closes >= today:
                return _add(SYSTEM, tenant_path, year, occasion, dates)
    raise Invalid("找不到下一期征集窗口，请先设定")


def _has_wish_in(child_id: UUID, window_id: UUID) -> bool:
    live = select(Wish.id).where(
        Wish.child_id == child_id, Wish.window_id == window_id, Wish.status.in_(LIVE)
    )
    return db.session.scalar(live.limit(1)) is not None


def _of_year(tenant_path: str, year: int) -> dict[str, WishWindow]:
    found = db.session.scalars(
        select(WishWindow).where(WishWindow.tenant_path == tenant_path, WishWindow.year == year)
    )
    return {window.occasion: window for window in found}


def _add(
    actor: Actor, tenant_path: str, year: int, occasion: Occasion, dates: WindowDates
) -> WishWindow:
    window = WishWindow(
        tenant_path=tenant_path,
        year=year,
        occasion=occasion.value,
        opens=dates.opens,
        closes=dates.closes,
        deliver_by=dates.deliver_by,
        festival_on=dates.festival_on,
        created_by=actor.user_id,
    )
    db.session.add(window)
    db.session.flush()
    facts.publish(
        "window.open", actor=actor, subject=window, unit_path=tenant_path, occasion=occasion.value
    )
    return window
