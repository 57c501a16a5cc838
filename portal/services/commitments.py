"""A promise on its way: approved by the county, sent by the supporter, received at the point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.core import transitions
from portal.domain import catalogue, clock
from portal.domain.actor import Actor
from portal.domain.errors import DomainError, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.lifecycles.commitments import MACHINE, METHODS
from portal.domain.lifecycles.wishes import MACHINE as WISH
from portal.domain.screening_words import Kind
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment, Wish, WishWindow
from portal.queries import kinship, units
from portal.services import files, returns

_POINT_LENGTH = 120
_TRACKING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Receipt:
    """What arrived at the handover point: day, value in 分 (0 for a service), photo, number."""

    delivered_on: date
    value_fen: int
    photo_id: UUID | None = None
    donation_receipt_no: str = ""


def approve(
    actor: Actor,
    commitment_id: UUID,
    deliver_by: date | None = None,
    handover_point: str = "",
    version: int | None = None,
) -> Commitment:
    """Approve a claim: by when, and where to (CM approved, MW committed).

    Without ``deliver_by`` the window's day stands, without a point the authority's. Raises
    Invalid for a day after the window's or in the past, WrongState when the supporter may not
    help any more.
    """
    promise = returns.own(commitment_id, version)
    wish, window = _wish_of(promise)
    MACHINE.check("approve", promise.status)
    day = deliver_by or max(window.deliver_by, clock.today())
    _check_day(day, window)
    _still_vetted(promise)
    if kinship.is_kin(promise.supporter_id, wish.child_id):
        raise NotAllowed("认领人是这名儿童的监护人，不能批准；请用不透露原因的话谢绝")
    point = handover_point.strip() or units.settings(promise.tenant_path).handover_point
    # A point has a telephone of its own; the child's name, township and home it must not have.
    returns.refuse_telling(promise, point, "handover_point", Kind.PHONE)
    transitions.fire(MACHINE, promise, "approve", actor, deliver_by=day.isoformat())
    transitions.fire(WISH, wish, "commit", actor, commitment_id=str(promise.id))
    promise.approved_by, promise.approved_at = actor.user_id, clock.now()
    promise.lapses_at = None
    promise.deliver_by = day
    promise.handover_point = point[:_POINT_LENGTH]
    promise.promise = {**promise.promise, "detail": _detail(wish)}
    return promise


def decline(
    actor: Actor, commitment_id: UUID, reason: str, version: int | None = None
) -> Commitment:
    """Decline a claim with a reason; the wish is on the wall again (county)."""
    promise = returns.own(commitment_id, version)
    returns.end(actor, promise, "decline", reason)
    return promise


def fail(actor: Actor, commitment_id: UUID, reason: str, version: int | None = None) -> Commitment:
    """Record that a promise was not kept; the wish goes back to the wall (county)."""
    promise = returns.own(commitment_id, version)
    returns.end(actor, promise, "fail", reason)
    return promise


def dispatch(
    actor: Actor,
    commitment_id: UUID,
    method: str,
    tracking_no: str = "",
    version: int | None = None,
) -> Commitment:
    """Let the supporter say how the goods travel (hand_in, courier, service)."""
    promise = returns.own(commitment_id, version)
    number = tracking_no.strip()
    if method not in METHODS:
        raise Invalid("请选择送达方式", {"method": "请选择送达方式"})
    if method == "courier" and not number:
        raise Invalid("请填写快递单号", {"tracking_no": "请填写快递单号"})
    if len(number) > _TRACKING_LENGTH:
        raise Invalid("快递单号太长", {"tracking_no": "快递单号太长"})
    transitions.fire(MACHINE, promise, "dispatch", actor, {"method": method})
    promise.method, promise.tracking_no = method, number
    promise.dispatched_at = clock.now()
    return promise


def receive(
    actor: Actor, commitment_id: UUID, receipt: Receipt, version: int | None = None
) -> Commitment:
    """Record the arrival at the handover point; late is recorded as late (MW delivered).

    Raises Invalid for a missing value, or a day in the future or before the claim.
    """
    promise = returns.own(commitment_id, version)
    wish, _window = _wish_of(promise)
    if receipt.delivered_on < clock.local(promise.claimed_at).date():
        raise Invalid("收货日期不能早于认领日期", {"delivered_on": "收货日期不能早于认领日期"})
    answers = {"delivered_on": receipt.delivered_on, "value_fen": receipt.value_fen}
    transitions.fire(
        MACHINE, promise, "receive", actor, answers, late_days=late_days(promise, receipt)
    )
    transitions.fire(WISH, wish, "deliver", actor, commitment_id=str(promise.id))
    promise.delivered_on = receipt.delivered_on
    promise.value_fen = receipt.value_fen
    if receipt.photo_id is not None:
        files.attach(
            receipt.photo_id, unit_path=promise.unit_path, supporter_id=promise.supporter_id
        )
        promise.receipt_file_id = receipt.photo_id
    promise.donation_receipt_no = receipt.donation_receipt_no.strip()[:40]
    return promise


def late_days(promise: Commitment, receipt: Receipt) -> int:
    """Return by how many days the goods came after their day (0 when in time)."""
    if promise.deliver_by is None:
        return 0
    return max(0, (receipt.delivered_on - promise.deliver_by).days)


_PLAIN: dict[str, Callable[..., Commitment]] = {"approve": approve}
_REASONED: dict[str, Callable[..., Commitment]] = {"decline": decline, "fail": fail}


def act_on_all(
    actor: Actor, chosen: list[tuple[UUID, int | None]], move: str, reason: str = ""
) -> tuple[list[UUID], list[tuple[UUID, DomainError]]]:
    """Approve, decline or fail several at once; each refusal is returned, none is lost.

    Each comes with the version that was on the screen. Every verb refuses before it writes, so
    a refusal leaves nothing half done.
    """
    if move not in _PLAIN and move not in _REASONED:
        raise Invalid("没有这个操作")
    done: list[UUID] = []
    refused: list[tuple[UUID, DomainError]] = []
    for each, version in chosen:
        try:
            if move in _PLAIN:
                _PLAIN[move](actor, each, version=version)
            else:
                _REASONED[move](actor, each, reason, version)
            done.append(each)
        except DomainError as refusal:
            refused.append((each, refusal))
    return done, refused


def _wish_of(promise: Commitment) -> tuple[Wish, WishWindow]:
    wish = db.session.get(Wish, promise.wish_id)
    window = db.session.get(WishWindow, wish.window_id) if wish else None
    if wish is None or window is None:
        raise NotFound
    return wish, window


def _check_day(day: date, window: WishWindow) -> None:
    latest = max(window.deliver_by, clock.today())
    if not clock.today() <= day <= latest:
        raise Invalid(
            "送达期限要在今天到{latest}之间",
            {"deliver_by": "送达期限要在今天和本期送达日之间"},
            latest=latest.isoformat(),
        )


def _still_vetted(promise: Commitment) -> None:
    """Refuse a supporter who is not approved and valid today."""
    who = db.session.get(Supporter, promise.supporter_id)
    if who is None:
        raise NotFound
    if who.status != "approved" or (who.valid_to is not None and who.valid_to < clock.today()):
        raise WrongState("这位爱心人士的资格已经失效，不能批准；请改为“不批准”")


def _detail(wish: Wish) -> str:
    """Return the specification in full: after approval the supporter must know the size."""
    spec = catalogue.Specification.read(wish.spec)
    text = catalogue.card_text(wish.item_code, spec, wish.quantity)
    known = [text.detail] if text.detail else []
    if text.deferred and spec.choice:
        known.append(spec.choice)
    return " ".join(known)
