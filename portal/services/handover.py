"""The last mile: into the child's hands, the thanks through two pairs of eyes, the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import DomainError, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.lifecycles import commitments, wishes
from portal.domain.permissions import Permission
from portal.domain.screening import Screening
from portal.domain.screening_words import Severity
from portal.extensions import db
from portal.models.wishes import Commitment, Wish
from portal.queries import screening
from portal.services import returns

THANKS_LENGTH = 200
_SIGNER_LENGTH = 60


def fulfil(
    actor: Actor,
    commitment_id: UUID,
    handed_over_on: date | None,
    signed_by: str,
    version: int | None = None,
) -> Wish:
    """Record that the director handed the goods over and who signed (MW fulfilled, CM confirmed).

    Raises Invalid for a day in the future or before the arrival.
    """
    promise = returns.own(commitment_id, version)
    wish = _wish(promise)
    if handed_over_on is not None:
        _check_day(handed_over_on, promise)
    transitions.fire(
        wishes.MACHINE,
        wish,
        "fulfil",
        actor,
        {"handed_over_on": handed_over_on, "signed_by": signed_by},
        commitment_id=str(promise.id),
    )
    transitions.fire(commitments.MACHINE, promise, "confirm", actor)
    wish.handed_over_on, wish.signed_by = handed_over_on, signed_by.strip()[:_SIGNER_LENGTH]
    promise.ended_at = clock.now()
    return wish


def write_thanks(actor: Actor, commitment_id: UUID, words: str, version: int | None = None) -> Wish:
    """Write down the child's thanks (director); the county reads them before the supporter.

    Raises Invalid naming what the linter found that may never leave the bureau, WrongState once
    the wish is archived.
    """
    promise = returns.own(commitment_id, version)
    wish = _open_wish(promise, actor, Permission.WISH_HAND_OVER)
    text = words.strip()
    if not text or len(text) > THANKS_LENGTH:
        raise Invalid("感谢的话要在1到200个字之间", {"thanks": "请写1到200个字"})
    if wish.thanks_public:
        raise WrongState("感谢的话已经转给爱心人士，不能再改")
    _refuse_findings(wish, text)
    wish.thanks, wish.thanks_by = text, actor.user_id
    facts.publish("wish.thanks_write", actor=actor, subject=wish, commitment_id=str(promise.id))
    return wish


def release_thanks(actor: Actor, commitment_id: UUID, version: int | None = None) -> Commitment:
    """Pass the thanks on to the supporter (county; another person than the writer)."""
    promise = returns.own(commitment_id, version)
    wish = _open_wish(promise, actor, Permission.WISH_ARCHIVE)
    if not wish.thanks or wish.thanks_public:
        raise WrongState("没有等待审核的感谢语")
    if wish.thanks_by == actor.user_id:
        raise NotAllowed("这段话是您记下的，需要另一位同事审核（两人把关）")
    _refuse_findings(wish, wish.thanks)
    wish.thanks_public = promise.thanks = wish.thanks
    facts.publish("commitment.thank", actor=actor, subject=promise, wish_id=str(wish.id))
    return promise


def return_thanks(
    actor: Actor, commitment_id: UUID, reason: str, version: int | None = None
) -> Wish:
    """Ask the director to write the thanks again, with a reason (county)."""
    promise = returns.own(commitment_id, version)
    wish = _open_wish(promise, actor, Permission.WISH_ARCHIVE)
    if not wish.thanks or wish.thanks_public:
        raise WrongState("没有等待审核的感谢语")
    if not reason.strip():
        raise Invalid("请填写原因", {"reason": "请填写原因"})
    wish.thanks, wish.thanks_by = "", None
    facts.publish(
        "wish.thanks_return",
        actor=actor,
        subject=wish,
        note=reason.strip(),
        commitment_id=str(promise.id),
    )
    return wish


def archive(actor: Actor, commitment_id: UUID, version: int | None = None) -> Wish:
    """Close the file of a fulfilled wish for good (county, S0-4.8b).

    Raises WrongState while thanks wait to be read; after this every edit is a WrongState.
    """
    promise = returns.own(commitment_id, version)
    wish = _wish(promise)
    if wish.status == "fulfilled" and wish.thanks and not wish.thanks_public:
        raise WrongState("感谢的话还没有审核，审核或退回后再归档")
    transitions.fire(wishes.MACHINE, wish, "archive", actor, commitment_id=str(promise.id))
    return wish


_MOVES: dict[str, Callable[..., object]] = {"release_thanks": release_thanks, "archive": archive}


def act_on_all(
    actor: Actor, chosen: list[tuple[UUID, int | None]], move: str, reason: str = ""
) -> tuple[list[UUID], list[tuple[UUID, DomainError]]]:
    """Release thanks or archive for several at once; each refusal is returned, none is lost.

    ``reason`` is asked for by none of these moves; lists of every kind are called alike.
    """
    if move not in _MOVES:
        raise Invalid("没有这个操作")
    done: list[UUID] = []
    refused: list[tuple[UUID, DomainError]] = []
    for each, version in chosen:
        try:
            _MOVES[move](actor, each, version)
            done.append(each)
        except DomainError as refusal:
            refused.append((each, refusal))
    return done, refused


def screened(actor: Actor, commitment_id: UUID) -> Screening:
    """Return what the linter sees in the thanks that wait, for the county's eye."""
    promise = returns.own(commitment_id)
    wish = _wish(promise)
    access.require(actor, Permission.WISH_READ, wish)
    return screening.linted(wish.thanks, wish.child_id, wish.tenant_path)


def _wish(promise: Commitment) -> Wish:
    wish = db.session.scalar(select(Wish).where(Wish.id == promise.wish_id))
    if wish is None:
        raise NotFound
    return wish


def _open_wish(promise: Commitment, actor: Actor, permission: Permission) -> Wish:
    """Return a fulfilled wish that is not archived yet; the permission is asked first."""
    wish = _wish(promise)
    access.require(actor, permission, wish)
    if wish.status == "archived":
        raise WrongState("这条心愿已经归档，不能再改动")
    if wish.status != "fulfilled":
        raise WrongState("礼物转交以后才能记感谢的话")
    return wish


def _check_day(day: date, promise: Commitment) -> None:
    if day > clock.today():
        raise Invalid("转交日期不能晚于今天", {"handed_over_on": "转交日期不能晚于今天"})
    if promise.delivered_on is not None and day < promise.delivered_on:
        raise Invalid("转交日期不能早于收货日期", {"handed_over_on": "转交日期不能早于收货日期"})


def _refuse_findings(wish: Wish, text: str) -> None:
    read = screening.linted(text, wish.child_id, wish.tenant_path)
    if read.blocked:
        found = "、".join(
            f"“{one.text}”" for one in read.findings if one.severity is Severity.BLOCK
        )
        raise Invalid(
            "请先删去不能写的内容：{found}", {"thanks": "有不能写的内容，请删去"}, found=found
        )
