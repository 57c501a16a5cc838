"""Does the ID number belong to the applicant: a separate consent first, then a comparison.

By hand a clerk says which document lay there; by a provider only result, time and a masked number
are kept. What was asked of a provider is written down before it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from portal import gateways
from portal.core import access, facts, scope, unit_of_work
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.supporters import not_oneself
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.gateways.identity import Verdict
from portal.models.identity_checks import IdentityCheck, IdentityConsent
from portal.models.supporters import Supporter, VettingCheck

CONSENT_VERSION = "2026-11"
#: How staff came to record a consent; the person themselves gives it ``online``.
RECORDED: Mapping[str, str] = {"paper": "签了书面同意书", "in_person": "本人当面同意"}
DOCUMENTS: Mapping[str, str] = {
    "id_card": "居民身份证原件",
    "temporary_id": "临时居民身份证原件",
    "residence_permit": "港澳台居民居住证原件",
    "pr_card": "外国人永久居留身份证原件",
}
VERDICTS: Mapping[str, str] = {
    "match": "姓名与身份证号一致",
    "mismatch": "姓名与身份证号不一致",
    "no_record": "查无此号",
}
PROVIDERS: Mapping[str, str] = {
    "manual": "人工核对",
    "aliyun": "阿里云实名核验",
    "tencent": "腾讯云实名核验",
}


def consent(actor: Actor, supporter_id: UUID, *, method: str = "online") -> UUID:
    """Record the consent to compare name and number; one that stands is kept.

    The applicant gives it ``online``; staff who vet record ``paper`` or ``in_person``.
    """
    supporter = _individual(actor, supporter_id)
    if supporter.id not in actor.supporter_ids:
        not_oneself(actor, supporter, {})
    if method not in (("online",) if supporter.id in actor.supporter_ids else RECORDED):
        raise Invalid("请选择本人是怎样同意的", {"method": "请选择本人是怎样同意的"})
    standing = _standing(supporter.id)
    if standing is not None:
        return standing.id
    row = IdentityConsent(
        supporter_id=supporter.id,
        tenant_path=supporter.tenant_path,
        method=method,
        text_version=CONSENT_VERSION,
        created_by=actor.user_id,
    )
    db.session.add(row)
    db.session.flush()
    facts.publish("supporter.identity_consent", actor=actor, subject=supporter, method=method)
    return row.id


def withdraw_consent(actor: Actor, supporter_id: UUID) -> UUID:
    """Take the consent back; what was compared stays, nothing is compared again."""
    supporter = _individual(actor, supporter_id)
    standing = _standing(supporter.id)
    if standing is None:
        raise NotFound
    standing.withdrawn_at = clock.now()
    facts.publish("supporter.identity_consent_withdrawn", actor=actor, subject=supporter)
    return supporter.id


def record(actor: Actor, supporter_id: UUID, *, document: str, verdict: str) -> UUID:
    """Record what a clerk saw: which document, and whether name and number are the applicant's."""
    supporter = _vetted(actor, supporter_id)
    problems = {}
    if document not in DOCUMENTS:
        problems["document"] = "请选择看过的证件"
    if verdict not in ("match", "mismatch"):
        problems["verdict"] = "请选择核对结果"
    if problems:
        raise Invalid("还有没填的内容", problems)
    return _keep(actor, supporter, _consented(supporter), "manual", Verdict(verdict), document)


def verify(actor: Actor, supporter_id: UUID) -> UUID:
    """Let the provider compare name and number; return the check.

    Raises Conflict without a standing consent, Refused or Unavailable with a sentence when the
    provider gives no verdict. Call it before anything else of a request: the database is let go
    while the provider is asked.
    """
    verifier = gateways.installed().identity
    with unit_of_work.transaction(scope.current()):
        supporter = _vetted(actor, supporter_id)
        consent_id = _consented(supporter).id
        name, number, mark = supporter.name, supporter.id_no or "", supporter.id_hmac
        facts.publish(
            "supporter.identity_ask", actor=actor, subject=supporter, provider=verifier.provider
        )
    verdict = verifier.compare(name, number)
    supporter = _vetted(actor, supporter_id)
    if supporter.id_hmac != mark:
        raise Conflict("核验期间身份证号码已经更改，请重新核验")
    given = db.session.get_one(IdentityConsent, consent_id)
    return _keep(actor, supporter, given, verifier.provider, verdict, "")


def _keep(
    actor: Actor,
    supporter: Supporter,
    given: IdentityConsent,
    provider: str,
    verdict: Verdict,
    document: str,
) -> UUID:
    row = IdentityCheck(
        supporter_id=supporter.id,
        tenant_path=supporter.tenant_path,
        consent_id=given.id,
        provider=provider,
        document=document,
        verdict=verdict.value,
        masked_number=masking.mask_id_number(supporter.id_no or ""),
        id_hmac=supporter.id_hmac or "",
        created_by=actor.user_id,
    )
    db.session.add(row)
    if verdict is Verdict.MATCH:
        db.session.add(_passed(actor, supporter, provider))
    db.session.flush()
    facts.publish(
        "supporter.identity_check",
        actor=actor,
        subject=supporter,
        provider=provider,
        document=document,
        verdict=verdict.value,
    )
    return row.id


def _passed(actor: Actor, supporter: Supporter, provider: str) -> VettingCheck:
    """Return the line of the passport that a match writes."""
    return VettingCheck(
        supporter_id=supporter.id,
        tenant_path=supporter.tenant_path,
        kind="identity",
        done_on=clock.today(),
        office=PROVIDERS[provider],
        created_by=actor.user_id,
    )


def _individual(actor: Actor, supporter_id: UUID) -> Supporter:
    """Return an individual whom this person is or vets; NotFound otherwise."""
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or supporter.kind != "individual":
        raise NotFound
    own = supporter.id in actor.supporter_ids
    if not own and not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    return supporter


def _vetted(actor: Actor, supporter_id: UUID) -> Supporter:
    supporter = _individual(actor, supporter_id)
    if supporter.id in actor.supporter_ids or not supporter.id_no:
        raise NotFound
    not_oneself(actor, supporter, {})
    return supporter


def _standing(supporter_id: UUID) -> IdentityConsent | None:
    return db.session.scalar(
        select(IdentityConsent)
        .where(IdentityConsent.supporter_id == supporter_id, IdentityConsent.withdrawn_at.is_(None))
        .order_by(IdentityConsent.created_at.desc())
        .limit(1)
    )


def _consented(supporter: Supporter) -> IdentityConsent:
    standing = _standing(supporter.id)
    if standing is None:
        raise Conflict("本人还没有单独同意核验，请先记录同意")
    return standing
