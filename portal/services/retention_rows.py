"""The end of rows that hang on no person's file: short-lived ones, leaves, offers, hours (L18)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, and_, delete, or_, select, update

from portal.core import jobs
from portal.core.storage import storage
from portal.domain import clock
from portal.extensions import db
from portal.models.authorities import Delegation
from portal.models.enrolments import Enrolment, PickupPerson
from portal.models.factors import Challenge, KeptForm, KnownDevice, Proof
from portal.models.honours import Honour
from portal.models.matching import MatchRule, MatchRun
from portal.models.needs import PairingNeed
from portal.models.programmes import Programme
from portal.models.records import StoredFile
from portal.models.resources import ResourceLink, ResourceOffer
from portal.models.service_records import Certificate, CertificateRecord, ServiceRecord
from portal.models.sight import SightOutlier, SightRequest
from portal.models.sign_in_ways import PhoneCode, WeChatAsk
from portal.services import erasure, limits, tombstones

_ENDED_NEEDS = ("closed", "withdrawn")
_ENDED_OFFERS = ("expired", "withdrawn")
_ENDED_HONOURS = ("declined", "retracted")
_ENDED_SIGHTS = ("ended", "refused", "lapsed")
_ENDED_CERTIFICATES = ("declined", "withdrawn", "void")
#: Papers whose files are deleted in one night.
_BITE = 200


def _proofs(cutoff: datetime) -> int:
    ended = changed(delete(Proof).where(Proof.at < cutoff))
    return ended + changed(delete(Challenge).where(Challenge.expires_at < cutoff))


def _kept_forms(cutoff: datetime) -> int:
    return changed(delete(KeptForm).where(KeptForm.kept_at < cutoff))


def _codes(cutoff: datetime) -> int:
    ended = changed(delete(PhoneCode).where(PhoneCode.expires_at < cutoff))
    return ended + changed(delete(WeChatAsk).where(WeChatAsk.expires_at < cutoff))


def _attempts(cutoff: datetime) -> int:
    return limits.forget_old()


def _known_devices(cutoff: datetime) -> int:
    return changed(delete(KnownDevice).where(KnownDevice.last_seen_at < cutoff))


def _jobs(cutoff: datetime) -> int:
    return jobs.forget_done(cutoff)


def _sights(cutoff: datetime) -> int:
    asked = and_(SightRequest.status_since < cutoff, SightRequest.status.in_(_ENDED_SIGHTS))
    settled = SightOutlier.settled_at < cutoff
    return changed(delete(SightRequest).where(asked)) + changed(delete(SightOutlier).where(settled))


def _delegations(cutoff: datetime) -> int:
    ended = or_(Delegation.valid_to < clock.local(cutoff).date(), Delegation.ended_at < cutoff)
    return changed(delete(Delegation).where(ended))


def _match_runs(cutoff: datetime) -> int:
    gone = select(PairingNeed.id).where(
        PairingNeed.status.in_(_ENDED_NEEDS), PairingNeed.status_since < cutoff
    )
    ended = or_(MatchRule.ended_at < cutoff, MatchRule.need_id.in_(gone))
    rules = changed(delete(MatchRule).where(ended))
    return rules + changed(delete(MatchRun).where(MatchRun.asked_at < cutoff))


def _resources(cutoff: datetime) -> int:
    ended = and_(ResourceOffer.status.in_(_ENDED_OFFERS), ResourceOffer.status_since < cutoff)
    offers = select(ResourceOffer.id).where(ended)
    links = changed(delete(ResourceLink).where(ResourceLink.offer_id.in_(offers)))
    return links + changed(delete(ResourceOffer).where(ended))


def _honours(cutoff: datetime) -> int:
    ended = and_(Honour.status.in_(_ENDED_HONOURS), Honour.created_at < cutoff)
    return changed(delete(Honour).where(ended))


def _service_records(cutoff: datetime) -> int:
    """End old papers first; a record goes when no paper rests on it any more."""
    day = clock.local(cutoff).date()
    over = and_(Certificate.status.in_(_ENDED_CERTIFICATES), Certificate.created_at < cutoff)
    old = or_(and_(Certificate.status == "issued", Certificate.issued_on < day), over)
    papers = db.session.execute(
        select(Certificate.id, Certificate.file_id).where(old).order_by(Certificate.id).limit(_BITE)
    ).all()
    erasure.forget_rows("certificates", [row.id for row in papers])
    for row in papers:
        if row.file_id is not None:
            _forget_paper(row.file_id)
    records = db.session.scalars(
        select(ServiceRecord.id)
        .where(
            ServiceRecord.served_on < day,
            ServiceRecord.id.not_in(select(CertificateRecord.record_id)),
        )
        .limit(_BITE)
    ).all()
    erasure.forget_rows("service_records", records)
    return len(papers) + len(records)


def _health_notes(cutoff: datetime) -> int:
    """Empty what a roster knew of health, meals and telephones, 30 days after the last day."""
    day = clock.local(cutoff).date()
    over = select(Programme.id).where(Programme.ends_on <= day)
    notes = changed(
        update(Enrolment)
        .where(Enrolment.programme_id.in_(over), Enrolment.forgotten_at.is_(None))
        .values(
            health=None, diet=None, second_contact=None, second_phone=None, guardian_phone=None,
            badge="", forgotten_at=clock.now(),
        )
    )  # fmt: skip
    fetching = and_(PickupPerson.programme_id.in_(over), PickupPerson.ended_at.is_(None))
    changed(
        update(PickupPerson).where(fetching).values(phone=None, code_hash="", ended_at=clock.now())
    )
    return notes


def _forget_paper(file_id: UUID) -> None:
    file = db.session.get(StoredFile, file_id)
    if file is not None:
        tombstones.lay("file", file.id, "period")
        storage().delete(file.key)
        erasure.forget_rows("stored_files", [file.id])


def changed(statement: Any) -> int:
    """Run a statement and return how many rows it met."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount


#: How each of these classes ends; services.retention takes them in.
FORGETTERS: Mapping[str, Callable[[datetime], int]] = {
    "proofs": _proofs,
    "kept_forms": _kept_forms,
    "codes": _codes,
    "attempts": _attempts,
    "jobs": _jobs,
    "match_runs": _match_runs,
    "known_devices": _known_devices,
    "sights": _sights,
    "delegations": _delegations,
    "resources": _resources,
    "honours": _honours,
    "health_notes": _health_notes,
    "service_records": _service_records,
}
