"""Somebody of tier 2 would answer a need: they apply, staff choose, everybody is answered (PN)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import access, scope, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.lifecycles.needs import APPLICATIONS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.needs import NeedApplication, NeedCard, PairingNeed
from portal.models.standings import Clearance
from portal.models.supporters import Supporter

#: Applications one person may have waiting at once.
MOST_OPEN = 3
_WORDS = 300
#: What an applicant reads when the need went another way.
_ARRANGED = "这项需求已经有了别的安排，谢谢您的心意；欢迎再看看其他需求"
_STANDING_ENDED = "您接触儿童的资格没有生效，申请已停止；资格恢复后可以再申请"


def apply(
    actor: Actor, code: str, *, supporter_id: UUID | None, words: str = "", idempotency: str = ""
) -> UUID:
    """Apply for the need behind a public card; the same person's second submit is the first.

    Raises NotAllowed (staff, nobody registered, no tier 2 today), NotFound (no such card, or one
    of another authority), Conflict (three applications wait already), Invalid (words too long).
    ``idempotency`` is the submit's key: kept out of the way, because one person has one live
    application for a need whatever is pressed twice.
    """
    if len(words.strip()) > _WORDS or len(idempotency) > _WORDS:
        raise Invalid("留言最多300字", {"words": "留言最多300字"})
    person = _locked(actor, supporter_id)
    session = db.session()
    with scope.everywhere("an application reaches the need behind a public card", session):
        card, need = _behind(code, person)
        waiting = _waiting(person.id)
        if need.id in waiting:
            return waiting[need.id]
        if len(waiting) >= MOST_OPEN:
            raise Conflict("您已有{n}份申请在等答复，先等答复或撤回一份再申请", n=len(waiting))
        application = _lodged(actor, person, need, card, words.strip())
        try:
            with session.begin_nested():
                session.add(application)
        except IntegrityError as lost:
            raise Conflict("刚刚已经收到您的申请") from lost
        transitions.begin(APPLICATIONS, application, actor, supporter_id=str(person.id))
    return application.id


def withdraw(actor: Actor, application_id: UUID) -> UUID:
    """Take one's own application back while it waits."""
    application = _get(application_id)
    transitions.fire(APPLICATIONS, application, "withdraw", actor)
    application.ended_at = clock.now()
    return application.id


def decline(actor: Actor, application_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Decline an application with words for the applicant; never by a tied colleague."""
    application = _get(application_id)
    if version is not None and application.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    transitions.fire(APPLICATIONS, application, "decline", actor, {"reason": reason})
    application.answer, application.ended_at = reason.strip()[:_WORDS], clock.now()
    return application.id


def take(actor: Actor, application_id: UUID) -> None:
    """Mark an application as chosen: its pairing was approved."""
    application = _get(application_id)
    if application.status == "lodged":
        transitions.fire(APPLICATIONS, application, "take", actor)
        application.ended_at = clock.now()


def end_all(need_id: UUID) -> int:
    """Answer everybody who still waits for a need that is not on offer any more."""
    lodged = select(NeedApplication).where(
        NeedApplication.need_id == need_id, NeedApplication.status == "lodged"
    )
    return _lapse(list(db.session.scalars(lodged)), _ARRANGED)


def stand_down(supporter: Supporter, why: str) -> int:
    """Stop the applications of somebody who may not meet children any more; say how many."""
    lodged = select(NeedApplication).where(
        NeedApplication.supporter_id == supporter.id, NeedApplication.status == "lodged"
    )
    return _lapse(list(db.session.scalars(lodged)), _STANDING_ENDED)


def person_who_may(actor: Actor, supporter_id: UUID | None) -> Supporter:
    """Return the supporter who may meet children today, their row locked.

    Raises NotAllowed in the words of what is missing (S0-4.5a).
    """
    return _locked(actor, supporter_id)


def _locked(actor: Actor, supporter_id: UUID | None) -> Supporter:
    """Lock the person's row: two applications of one person queue up, the cap counts behind it."""
    if actor.is_staff:
        raise NotAllowed("工作账号不能申请结对，请用您自己的爱心人士账号")
    if supporter_id is None or supporter_id not in actor.supporter_ids:
        raise NotAllowed("申请前请先登记为爱心人士")
    person = db.session.scalar(
        select(Supporter).where(Supporter.id == supporter_id).with_for_update(key_share=True)
    )
    if person is None:
        raise NotFound
    access.require(actor, Permission.NEED_APPLY, person)
    if person.kind != "individual":
        raise NotAllowed("结对的是个人；单位成员请先以个人身份登记")
    standing = db.session.scalar(select(Clearance).where(Clearance.supporter_id == person.id))
    today = clock.today()
    if not (person.stands_on(today) and standing is not None and standing.holds_on(today)):
        raise NotAllowed("申请结对需要接触儿童的资格（二级）在有效期内")
    return person


def _behind(code: str, person: Supporter) -> tuple[NeedCard, PairingNeed]:
    row = db.session.execute(
        select(NeedCard, PairingNeed)
        .join(PairingNeed, PairingNeed.card_id == NeedCard.id)
        .where(
            NeedCard.code == code.strip().lower(),
            PairingNeed.status == "published",
            PairingNeed.tenant_path == person.tenant_path,
        )
    ).one_or_none()
    if row is None or not row.PairingNeed.consent_stands:
        raise NotFound("这项需求已经不在征集中了")
    return row.NeedCard, row.PairingNeed


def _waiting(supporter_id: UUID) -> dict[UUID, UUID]:
    """Return need → application of what waits for this person."""
    rows = db.session.execute(
        select(NeedApplication.need_id, NeedApplication.id).where(
            NeedApplication.supporter_id == supporter_id, NeedApplication.status == "lodged"
        )
    )
    return {row.need_id: row.id for row in rows}


def waiting_count(supporter_id: UUID) -> int:
    """Count the applications of a person that wait for an answer."""
    found = db.session.scalar(
        select(func.count())
        .select_from(NeedApplication)
        .where(NeedApplication.supporter_id == supporter_id, NeedApplication.status == "lodged")
    )
    return found or 0


def _lodged(
    actor: Actor, person: Supporter, need: PairingNeed, card: NeedCard, words: str
) -> NeedApplication:
    return NeedApplication(
        id=uuid4(),
        unit_path=need.unit_path,
        tenant_path=need.tenant_path,
        need_id=need.id,
        supporter_id=person.id,
        status=APPLICATIONS.initial,
        promise=_copied(card),
        words=words,
        applied_at=clock.now(),
        created_by=actor.user_id,
    )


def _copied(card: NeedCard) -> dict[str, Any]:
    """Return what the applicant saw: their page never reads the need."""
    return {
        "need": card.need,
        "region": card.region_name,
        "band": card.band,
        "rhythm": card.rhythm,
        "days": list(card.days),
        "illustration": card.illustration,
    }


def _lapse(rows: list[NeedApplication], answer: str) -> int:
    for row in rows:
        transitions.fire(APPLICATIONS, row, "lapse", SYSTEM)
        row.answer, row.ended_at = answer, clock.now()
    return len(rows)


def _get(application_id: UUID) -> NeedApplication:
    row = db.session.scalar(select(NeedApplication).where(NeedApplication.id == application_id))
    if row is None:
        raise NotFound
    return row
