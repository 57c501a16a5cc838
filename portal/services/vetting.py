"""Vetting to tier 1: looking, sending back, approving, refusing, suspending (domain.md 4, SV)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, DomainError, Invalid, NotFound
from portal.domain.lifecycles import clearances
from portal.domain.lifecycles.supporters import MACHINE, TIER1_MONTHS
from portal.domain.permissions import Permission
from portal.domain.vetting import FIELDS, REASON_CODES, months_after
from portal.extensions import db
from portal.models.standings import Clearance
from portal.models.supporters import BlockEntry, Supporter, VettingCheck
from portal.services import appeal_links, expiry, standings

#: What may be done to several applications at once; a decision needs the dossier before it.
TOGETHER = ("start_check", "return")
#: The place in ``returned_fields`` of words about the application as a whole.
WHOLE = "application"
_FASTER = "有同事比您早一步处理了这一条，现在是“{state}”。请看过新的内容再决定"
_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several: done, or the refusal."""

    supporter_id: UUID
    refusal: DomainError | None = None


def start_check(actor: Actor, supporter_id: UUID, *, version: int | None = None) -> UUID:
    """Begin checking a submitted application, so that colleagues see it is in hand."""
    supporter = _mine(actor, supporter_id, version)
    transitions.fire(MACHINE, supporter, "start_check", actor)
    return supporter.id


def give_back(
    actor: Actor,
    supporter_id: UUID,
    reasons: Mapping[str, str],
    *,
    version: int | None = None,
    reason: str = "",
) -> UUID:
    """Send an application back with a reason beside each field, or one for the whole.

    Raises Invalid when no reason is given or a field does not belong to the kind.
    """
    supporter = _mine(actor, supporter_id, version)
    given = {name: text.strip()[:_REASON_LENGTH] for name, text in reasons.items() if text.strip()}
    unknown = set(given) - set(FIELDS[supporter.kind])
    if unknown:
        raise Invalid("这份申请没有这一项")
    if reason.strip():
        given[WHOLE] = reason.strip()[:_REASON_LENGTH]
    if not given:
        raise Invalid("请至少写明一项需要补充的内容", {"reason": "请至少写明一项需要补充的内容"})
    note = ";".join(given.values())
    transitions.fire(MACHINE, supporter, "return", actor, {"reason": note}, fields=sorted(given))
    supporter.returned_fields = given
    return supporter.id


def approve(
    actor: Actor,
    supporter_id: UUID,
    *,
    identity_confirmed: bool,
    documents_confirmed: bool = False,
    version: int | None = None,
) -> UUID:
    """Admit to tier 1 for 24 months: identity confirmed, an organisation's papers looked at (SV).

    Raises Invalid while a confirmation is missing.
    """
    supporter = _mine(actor, supporter_id, version)
    _checked(supporter, identity=identity_confirmed, documents=documents_confirmed)
    transitions.fire(MACHINE, supporter, "approve", actor)
    supporter.tier = max(supporter.tier, 1)
    _admit(actor, supporter, months_after(clock.today(), TIER1_MONTHS))
    return supporter.id


def renew(
    actor: Actor,
    supporter_id: UUID,
    *,
    identity_confirmed: bool,
    documents_confirmed: bool = False,
    version: int | None = None,
) -> UUID:
    """Lengthen a standing that its holder asked to renew: 24 months more, from the old end.

    Raises Invalid while a confirmation is missing, WrongState when nobody asked.
    """
    supporter = _mine(actor, supporter_id, version)
    _checked(supporter, identity=identity_confirmed, documents=documents_confirmed)
    transitions.fire(MACHINE, supporter, "renew", actor)
    _admit(actor, supporter, months_after(supporter.valid_to or clock.today(), TIER1_MONTHS))
    return supporter.id


def _checked(supporter: Supporter, *, identity: bool, documents: bool) -> None:
    """Refuse while a confirmation is missing or something on record speaks against it."""
    problems = {}
    if not identity:
        problems["identity_confirmed"] = "请先核对身份，再勾选"
    if supporter.kind != "individual" and not documents:
        problems["documents_confirmed"] = "请先核对证照，再勾选"
    if problems:
        raise Invalid("还有没核对的内容", problems)
    if _on_block_list(supporter):
        raise Conflict("这个号码在本局名单上，不能通过；如名单有误，请先更正名单")
    if expiry.registration_ended(supporter):
        raise Conflict("法人登记证书已经过期，请先登记新的证书")


def _admit(actor: Actor, supporter: Supporter, until: date) -> None:
    """Write who looked when, and until when it holds."""
    supporter.approved_at, supporter.approved_by = clock.now(), actor.user_id
    supporter.valid_to = until
    kinds = ["identity"] if supporter.kind == "individual" else ["identity", "papers"]
    for kind in kinds:
        db.session.add(
            VettingCheck(
                supporter_id=supporter.id, tenant_path=supporter.tenant_path, kind=kind,
                done_on=clock.today(), expires_on=supporter.valid_to, created_by=actor.user_id,
            )
        )  # fmt: skip


def reject(
    actor: Actor, supporter_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """Refuse for good and put the number's hash on the authority's block-list (SV)."""
    return _close(actor, supporter_id, "reject", reason_code, reason, version)


def revoke(
    actor: Actor, supporter_id: UUID, *, reason_code: str, reason: str, version: int | None = None
) -> UUID:
    """Take a standing away and put the number's hash on the authority's block-list (SV)."""
    return _close(actor, supporter_id, "revoke", reason_code, reason, version)


def suspend(actor: Actor, supporter_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Freeze a standing: pairings pause, what nobody approved goes back to the wall."""
    supporter = _mine(actor, supporter_id, version)
    transitions.fire(MACHINE, supporter, "suspend", actor, {"reason": reason})
    supporter.returned_fields = {WHOLE: reason.strip()[:_REASON_LENGTH]}
    supporter.suspended_for, supporter.suspended_by = "staff", actor.user_id
    standings.all_ended(supporter, "suspended")
    return supporter.id


def reinstate(actor: Actor, supporter_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Give a suspended standing back; its end date stays as it was, pairings stay paused.

    After a complaint, by another person than whoever handled it.
    """
    supporter = _mine(actor, supporter_id, version)
    transitions.fire(MACHINE, supporter, "reinstate", actor, {"reason": reason})
    supporter.returned_fields = {}
    supporter.suspended_for, supporter.suspended_by = "", None
    return supporter.id


def together(
    actor: Actor, chosen: Iterable[tuple[UUID, int]], *, move: str, reason: str = ""
) -> list[Outcome]:
    """Do one of TOGETHER to several applications with one reason; each stands for itself."""
    acts: dict[str, Callable[[UUID, int], object]] = {
        "start_check": lambda each, version: start_check(actor, each, version=version),
        "return": lambda each, version: give_back(actor, each, {}, version=version, reason=reason),
    }
    if move not in acts:
        raise Invalid("这一步要看过材料逐份办理")
    if move == "return" and not reason.strip():
        raise Invalid("请写明原因", {"reason": "请写明原因"})
    return [_one_of_several(acts[move], each, version) for each, version in chosen]


def _mine(actor: Actor, supporter_id: UUID, version: int | None) -> Supporter:
    """Return an application that this person vets; NotFound behind a wall, Conflict when stale."""
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    if version is not None and supporter.version != version:
        raise Conflict(_FASTER, state=MACHINE.states[supporter.status].label)
    return supporter


def _close(
    actor: Actor,
    supporter_id: UUID,
    move: str,
    reason_code: str,
    reason: str,
    version: int | None,
) -> UUID:
    supporter = _mine(actor, supporter_id, version)
    if reason_code not in REASON_CODES:
        raise Invalid("请选择原因类别", {"reason_code": "请选择原因类别"})
    answers: dict[str, Any] = {"reason_code": reason_code, "reason": reason}
    transitions.fire(MACHINE, supporter, move, actor, answers)
    supporter.returned_fields = {WHOLE: reason.strip()[:_REASON_LENGTH]}
    supporter.tier = 0
    supporter.closed_at, supporter.closed_by = clock.now(), actor.user_id
    for number in (supporter.id_hmac, supporter.uscc_hmac):
        if number:
            _block(actor, supporter, number, reason_code)
    _end_clearance(supporter)
    standings.all_ended(supporter, supporter.status)
    appeal_links.tell(supporter)
    return supporter.id


def _block(actor: Actor, supporter: Supporter, number: str, reason_code: str) -> None:
    """Put a hash on the list; one that an appeal lifted stands again."""
    entry = db.session.scalar(
        select(BlockEntry).where(
            BlockEntry.tenant_path == supporter.tenant_path, BlockEntry.hmac == number
        )
    )
    if entry is None:
        entry = BlockEntry(tenant_path=supporter.tenant_path, hmac=number, created_by=actor.user_id)
        db.session.add(entry)
    entry.reason_code, entry.lifted_at = reason_code, None


def _end_clearance(supporter: Supporter) -> None:
    row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter.id))
    moves = clearances.MACHINE.transition("end")
    if row is not None and row.status in moves.sources:
        transitions.fire(clearances.MACHINE, row, "end", SYSTEM, why=supporter.status)


def _on_block_list(supporter: Supporter) -> bool:
    found = db.session.scalar(
        select(BlockEntry.id).where(
            BlockEntry.tenant_path == supporter.tenant_path,
            BlockEntry.hmac.in_([supporter.id_hmac or "", supporter.uscc_hmac or ""]),
            BlockEntry.lifted_at.is_(None),
        )
    )
    return found is not None


def _one_of_several(act: Callable[[UUID, int], object], each: UUID, version: int) -> Outcome:
    try:
        act(each, version)
    except DomainError as refusal:
        return Outcome(each, refusal)
    return Outcome(each)
