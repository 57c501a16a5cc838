"""Objections of colleagues during publicity: recorded, and answered before anything is issued."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.service_records import Certificate, CertificateObjection

_WORDS = 500


def raise_one(actor: Actor, certificate_id: UUID, *, words: str) -> UUID:
    """Object to a certificate that is being made known; issuing waits for the answer."""
    certificate = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if certificate is None or not access.permits(actor, Permission.CERTIFICATE_READ, certificate):
        raise NotFound
    if certificate.status != "publicised":
        raise Conflict("这份证明不在公示期")
    if not words.strip():
        raise Invalid("请写明异议的内容", {"words": "请写明异议的内容"})
    row = CertificateObjection(
        certificate_id=certificate.id, unit_path=certificate.unit_path,
        words=words.strip()[:_WORDS], answer="", created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    certificate.open_objections += 1
    db.session.flush()
    facts.publish("certificate.object", actor=actor, subject=certificate)
    return row.id


def answer(actor: Actor, objection_id: UUID, *, words: str) -> UUID:
    """Answer an objection in writing; not one's own (two keys)."""
    row = db.session.scalar(
        select(CertificateObjection).where(CertificateObjection.id == objection_id)
    )
    if row is None or not access.permits(actor, Permission.CERTIFICATE_ISSUE, row):
        raise NotFound
    if row.answered_at is not None:
        raise Conflict("这条异议已经有同事答复了")
    if row.created_by == actor.user_id:
        raise NotAllowed("异议是您提的，答复需要另一位同事（两人把关）")
    if not words.strip():
        raise Invalid("请写明答复", {"words": "请写明答复"})
    row.answer = words.strip()[:_WORDS]
    row.answered_by, row.answered_at = actor.user_id, clock.now()
    certificate = db.session.get_one(Certificate, row.certificate_id)
    certificate.open_objections -= 1
    facts.publish("certificate.answer_objection", actor=actor, subject=certificate)
    return row.certificate_id
