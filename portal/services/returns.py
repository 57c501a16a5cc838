"""A promise that ends early: the wish goes back to the wall, or on to the next window."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.core import facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles import commitments, wishes
from portal.domain.screening_words import Kind, Severity
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment, Wish
from portal.queries import screening, units
from portal.services import publication

#: Lapses are handled in bites, so that one transaction stays short.
BITE = 200
#: What tells of a child, in words that a supporter will read.
_TELLING = frozenset(
    {Kind.NAME, Kind.SCHOOL, Kind.PLACE, Kind.ADDRESS, Kind.BIRTH_DATE, Kind.ID_NUMBER, Kind.PHONE}
)


def give_back(
    actor: Actor, commitment_id: UUID, reason: str, version: int | None = None
) -> Commitment:
    """Let a supporter return a wish with a reason; somebody else may claim it at once."""
    promise = own(commitment_id, version)
    transitions.fire(commitments.MACHINE, promise, "give_back", actor, {"reason": reason})
    _ended(promise, reason)
    session = db.session()
    with scope.everywhere("a supporter gives a wish back", session):
        free(actor, promise)
    return promise


def own(commitment_id: UUID, version: int | None = None) -> Commitment:
    """Return a promise inside the scope; Conflict when it changed since ``version`` was shown."""
    promise = db.session.scalar(select(Commitment).where(Commitment.id == commitment_id))
    if promise is None:
        raise NotFound
    if version is not None and promise.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return promise


def free(actor: Actor, promise: Commitment) -> None:
    """Open the wish of an ended promise again.

    Once its window has closed it has no card any more: nobody can claim it, and the daily closing
    carries it over to the next window.
    """
    wish = db.session.get(Wish, promise.wish_id)
    if wish is None or wish.status not in ("reserved", "committed"):
        return
    transitions.fire(wishes.MACHINE, wish, "reopen", actor, commitment_id=str(promise.id))
    publication.show_open(wish)


def lapse_due() -> int:
    """End every claim that nobody approved within its 72 h; return how many (system's job).

    Three lapses in twelve months pause the supporter's claims for 90 days (domain.md 4, CM).
    Runs in the whole tree; safe to run twice and beside itself.
    """
    due = db.session.scalars(
        select(Commitment)
        .where(Commitment.status == "pending", Commitment.lapses_at <= clock.now())
        .order_by(Commitment.lapses_at, Commitment.id)
        .limit(BITE)
        .with_for_update(skip_locked=True)
    ).all()
    for promise in due:
        transitions.fire(commitments.MACHINE, promise, "lapse", SYSTEM)
        _ended(promise, "")
        free(SYSTEM, promise)
        db.session.flush()
        _pause_if_often(promise)
    return len(due)


def _pause_if_often(promise: Commitment) -> None:
    rules = units.settings(promise.tenant_path)
    lapses = db.session.scalar(
        select(func.count())
        .select_from(Commitment)
        .where(
            Commitment.supporter_id == promise.supporter_id,
            Commitment.status == "lapsed",
            Commitment.ended_at > clock.start_of(_year_before(clock.today())),
        )
    )
    if (lapses or 0) < rules.lapses_allowed:
        return
    supporter = db.session.get(Supporter, promise.supporter_id)
    if supporter is None:
        return
    supporter.claims_blocked_until = clock.today() + timedelta(days=rules.block_days)
    facts.publish(
        "supporter.pause_claims",
        actor=SYSTEM,
        subject=supporter,
        lapses=lapses,
        until=supporter.claims_blocked_until.isoformat(),
    )


def _year_before(day: date) -> date:
    """Return the same day a year earlier (28 February for the 29th)."""
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - 1, day.month, 28 if leap_day else day.day)


def _ended(promise: Commitment, reason: str) -> None:
    promise.ended_at = clock.now()
    promise.reason = reason.strip()[:200]


def end(actor: Actor, promise: Commitment, move: str, reason: str) -> None:
    """Decline or fail a promise for the county, and free its wish."""
    refuse_telling(promise, reason, "reason")
    transitions.fire(commitments.MACHINE, promise, move, actor, {"reason": reason})
    _ended(promise, reason)
    free(actor, promise)


def refuse_telling(promise: Commitment, text: str, name: str, *spared: Kind) -> None:
    """Refuse a text that says who the child is: the supporter reads it (invariant 1).

    ``name`` is its field; raises Invalid for what ``_TELLING`` names, the ``spared`` kinds apart.
    The card shows the county anyway, so a county or city may be named.
    """
    wish = db.session.get(Wish, promise.wish_id)
    if wish is None:
        raise NotFound
    read = screening.linted(text, wish.child_id, wish.tenant_path)
    telling = _TELLING.difference(spared)
    wide = screening.wide_places(wish.tenant_path)
    told = [
        one
        for one in read.findings
        if one.kind in telling and not (one.kind is Kind.PLACE and one.text in wide)
    ]
    found = "、".join(f"“{one.text}”" for one in told if one.severity is Severity.BLOCK)
    if found:
        raise Invalid(
            "请先删去不能写的内容：{found}", {name: "有不能写的内容，请删去"}, found=found
        )
