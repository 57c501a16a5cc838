"""From the director's hand to the county's yes: submit, screen, approve, send back, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.anonymity import Held
from portal.domain.errors import DomainError, Invalid, NotFound, WrongState
from portal.domain.lifecycles import commitments
from portal.domain.lifecycles.wishes import LIVE, MACHINE
from portal.domain.needs import CONSENT_SCOPE as PAIRING_CONSENT
from portal.domain.permissions import Permission
from portal.domain.screening import Finding
from portal.domain.screening_words import Kind, Severity
from portal.extensions import db
from portal.models.children import Consent
from portal.models.wishes import Commitment, Wish
from portal.queries import screening
from portal.queries.disclosures import Judge, stored
from portal.services import needs, pairing_ends, publication, tombstones, unsent, wishes

#: What must not even stand in the child's own words: it names, reaches or pays somebody.
MUST_GO = frozenset(
    {
        Kind.NAME,
        Kind.SCHOOL,
        Kind.PLACE,
        Kind.ADDRESS,
        Kind.BIRTH_DATE,
        Kind.PHONE,
        Kind.ID_NUMBER,
        Kind.BANK,
        Kind.NUMBER,
        Kind.CONTACT,
        Kind.LINK,
        Kind.CASH,
    }
)


def stops(finding: Finding, *, public: bool = False) -> bool:
    """Tell whether a finding must be taken out before the wish goes on.

    In the child's own words, which stay inside, family and health may stand; in a sentence that
    is published nothing that blocks may.
    """
    return finding.severity is Severity.BLOCK and (public or finding.kind in MUST_GO)


def submit(actor: Actor, wish_id: UUID, version: int | None = None) -> Wish:
    """Hand a draft on to the township; Invalid names what is missing or must be taken out."""
    wish = wishes.get(wish_id, version)
    wishes.refuse_withdrawn(wish)
    _refuse_findings(wish)
    transitions.fire(MACHINE, wish, "submit", actor)
    return wish


def screen(actor: Actor, wish_id: UUID, version: int | None = None) -> Wish:
    """Pass a wish on to the county (township; not who drafted it)."""
    wish = wishes.get(wish_id, version)
    _refuse_findings(wish)
    transitions.fire(MACHINE, wish, "screen", actor)
    wish.screened_by = actor.user_id
    return wish


def approve(actor: Actor, wish_id: UUID, version: int | None = None) -> Wish:
    """Approve a wish for the next batch, or hold it when too few children fit its card (K rule).

    Held is not an error: the wish keeps its approval's author and reason, and staff look for a
    supporter by themselves. Approving it again asks the register again.
    """
    wish = wishes.get(wish_id, version)
    judge = Judge(wish.tenant_path)
    result = judge.judge(wish)
    if isinstance(result, Held):
        access.require(actor, Permission.WISH_APPROVE, wish)
        move = MACHINE.check("approve", wish.status)
        if move.guard is not None:
            move.guard(actor, wish, {})
        if wish.status == "held":
            raise WrongState("合得上的在册儿童仍然不够，还不能公开")
        publication.hold(actor, wish, result, judge)
        return wish
    transitions.fire(MACHINE, wish, "approve", actor)
    wish.approved_by = actor.user_id
    wish.hold_reason = ""
    wish.disclosure = stored(result)
    return wish


def send_back(actor: Actor, wish_id: UUID, reason: str, version: int | None = None) -> Wish:
    """Return a wish to the director with a reason, from the township or from the county."""
    wish = wishes.get(wish_id, version)
    move = "return" if wish.status == "submitted" else "send_back"
    transitions.fire(MACHINE, wish, move, actor, {"reason": reason})
    wish.screened_by = wish.approved_by = None
    return wish


def withdraw(actor: Actor, wish_id: UUID, reason: str, version: int | None = None) -> Wish:
    """Withdraw a wish; its card disappears at once and its cell is shuffled anew (A2)."""
    wish = wishes.get(wish_id, version)
    transitions.fire(MACHINE, wish, "withdraw", actor, {"reason": reason})
    _let_go(actor, wish)
    return wish


def withdraw_consent(actor: Actor, consent_id: UUID, reason: str = "") -> Consent:
    """Record that a guardian took consent back: every live wish leaves every page (L03).

    Consent is the child's, not a sheet of paper's: every sheet on file for this purpose ends.
    """
    consent = db.session.scalar(select(Consent).where(Consent.id == consent_id))
    if consent is None:
        raise NotFound
    access.require(actor, Permission.WISH_WITHDRAW, consent)
    if consent.withdrawn_at is not None:
        raise WrongState("这份同意已经撤回")
    end_consents(actor, consent.child_id, consent.scope, reason)
    return consent


def end_consents(actor: Actor, child_id: UUID, scope: str, reason: str = "") -> int:
    """End every standing sheet of one purpose of a child; return how many.

    What hangs on them goes with them: wishes, their cards, promises, mails not sent yet. The
    caller has asked whether ``actor`` may: a guardian, staff, or a restore that repeats it.
    """
    same = select(Consent).where(
        Consent.child_id == child_id, Consent.scope == scope, Consent.withdrawn_at.is_(None)
    )
    sheets = db.session.scalars(same).all()
    for sheet in sheets:
        sheet.withdrawn_at = clock.now()
        tombstones.lay("consent", sheet.id, "withdrawn")
        facts.publish("consent.withdraw", actor=actor, subject=sheet, note=reason, scope=scope)
    on_them = select(Consent.id).where(Consent.child_id == child_id, Consent.scope == scope)
    live = select(Wish).where(Wish.consent_id.in_(on_them), Wish.status.in_(LIVE))
    for wish in db.session.scalars(live).all():
        transitions.fire(MACHINE, wish, "withdraw_consent", SYSTEM)
        _let_go(actor, wish)
    if scope == PAIRING_CONSENT:
        needs.end_for_consent(child_id)
        pairing_ends.end_for_consent(child_id)
    return len(sheets)


_ACTS: Mapping[str, Any] = {"submit": submit, "screen": screen, "approve": approve}
_REASONED: Mapping[str, Any] = {
    "return": send_back,
    "send_back": send_back,
    "withdraw": withdraw,
}


def act(
    actor: Actor, wish_id: UUID, move: str, *, reason: str = "", version: int | None = None
) -> Wish:
    """Run one of the moves a page offers by its name; Invalid for any other."""
    if move in _ACTS:
        wish: Wish = _ACTS[move](actor, wish_id, version)
        return wish
    if move in _REASONED:
        reasoned: Wish = _REASONED[move](actor, wish_id, reason, version)
        return reasoned
    raise Invalid("没有这个操作")


def act_on_all(
    actor: Actor, chosen: Iterable[tuple[UUID, int | None]], move: str, reason: str = ""
) -> tuple[list[Wish], list[tuple[UUID, DomainError]]]:
    """Run one move on several wishes; who cannot move is returned with the refusal, none is lost.

    Each comes with the version that was ticked: a wish that was returned and rewritten meanwhile
    is not passed by an old list. Every verb refuses before it writes, so a refusal leaves nothing
    half done.
    """
    done: list[Wish] = []
    refused: list[tuple[UUID, DomainError]] = []
    for wish_id, version in chosen:
        try:
            done.append(act(actor, wish_id, move, reason=reason, version=version))
        except DomainError as refusal:
            refused.append((wish_id, refusal))
    return done, refused


def _refuse_findings(wish: Wish) -> None:
    for field, text, public in (
        ("own_words", wish.own_words, False),
        ("public_note", wish.public_note, True),
    ):
        read = screening.linted(text, wish.child_id, wish.tenant_path)
        found = [one.text for one in read.findings if stops(one, public=public)]
        if found:
            raise Invalid(
                "请先删去不能写的内容：{found}",
                {field: "有不能写的内容，见下面标出的地方"},
                found="、".join(f"“{one}”" for one in found),
            )


def _let_go(actor: Actor, wish: Wish) -> None:
    """Take the card down and end a supporter's promise on a wish that is gone."""
    publication.take_down(wish)
    promise = db.session.scalar(
        select(Commitment).where(
            Commitment.wish_id == wish.id,
            Commitment.status.in_(("pending", "approved", "delivering")),
        )
    )
    unsent.drop(wish.id, promise)
    if promise is not None:
        transitions.fire(commitments.MACHINE, promise, "cancel", SYSTEM, by=str(actor.user_id))
