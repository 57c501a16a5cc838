"""Certificates of service: asked for, made known inside, issued by a second person, void."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import certificates as papers
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.lifecycles.certificates import MACHINE, STANDING
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.service_records import Certificate, CertificateRecord, ServiceRecord
from portal.models.supporters import Supporter
from portal.queries import units
from portal.services import certificate_papers

_FASTER = "有同事比您早一步处理了这一份，现在是“{state}”。请看过新的内容再决定"
_RECORD_CHANGED = "依据的一条服务记录已更正或作废"
_REASON_LENGTH = 500


def request(
    actor: Actor,
    supporter_id: UUID,
    *,
    period_from: date,
    period_to: date,
    organiser: str = "",
    volunteer_no: str = "",
) -> UUID:
    """Ask one county for a certificate of the own verified services of a period.

    Raises Invalid for a period that cannot be, or in which nothing was verified.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or supporter.id not in actor.supporter_ids or actor.user_id is None:
        raise NotFound
    access.require(actor, Permission.HOURS_ENTER, supporter)
    _check_period(period_from, period_to)
    county = units.get(organiser).path if organiser else supporter.unit_path
    records = _verified(supporter_id, actor.user_id, county, period_from, period_to)
    if not records:
        raise Invalid("这段时间里，这个单位没有已核实的服务记录")
    row = Certificate(
        supporter_id=supporter_id, user_id=actor.user_id, unit_path=county,
        period_from=period_from, period_to=period_to, record_count=len(records),
        minutes=sum(record.minutes for record in records), created_by=actor.user_id,
        volunteer_no=papers.volunteer_number(volunteer_no), remark="",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        CertificateRecord(
            certificate_id=row.id, record_id=record.id, unit_path=county, supporter_id=supporter_id
        )
        for record in records
    )
    transitions.begin(MACHINE, row, actor)
    return row.id


def publicise(actor: Actor, certificate_id: UUID, *, version: int | None = None) -> UUID:
    """Find a request in order and make it known inside the bureau, for seven days or more."""
    row = _handled(actor, certificate_id, version)
    _refuse_the_forgotten(row)
    transitions.fire(MACHINE, row, "publicise", actor)
    tenant = units.by_path(row.unit_path).tenant_path or row.unit_path
    days = max(units.settings(tenant).certificate_publicity_days, papers.PUBLICITY_DAYS)
    row.publicised_by = actor.user_id
    row.publicity_from = clock.today()
    # The day it begins does not count: seven whole days lie between.
    row.publicity_until = clock.today() + timedelta(days=days)
    return row.id


def issue(
    actor: Actor, certificate_id: UUID, *, contact: str = "", version: int | None = None
) -> UUID:
    """Issue after publicity: a serial, the frozen content, and a job that prints it.

    NotAllowed for whoever made it known, before publicity has passed, with an open objection.
    """
    row = _handled(actor, certificate_id, version)
    _refuse_the_forgotten(row)
    transitions.fire(MACHINE, row, "issue", actor)
    row.issued_by, row.issued_on, row.serial = actor.user_id, clock.today(), papers.new_serial()
    row.paper = certificate_papers.write(row, contact).to_json()
    certificate_papers.owe_print(actor, row)
    return row.id


def decline(actor: Actor, certificate_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Refuse a request in writing."""
    return _ended(_handled(actor, certificate_id, version), "decline", actor, reason)


def revoke(actor: Actor, certificate_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Make an issued certificate void, with a reason the volunteer reads."""
    return _ended(_handled(actor, certificate_id, version), "revoke", actor, reason)


def withdraw(actor: Actor, certificate_id: UUID, *, version: int | None = None) -> UUID:
    """Take an own request back before the certificate is issued."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    return _ended(_as_seen(row, version), "withdraw", actor, "")


def invalidate_built_on(record_id: UUID) -> int:
    """Make every standing certificate that holds a record void; return how many."""
    built = db.session.scalars(
        select(Certificate)
        .join(CertificateRecord, CertificateRecord.certificate_id == Certificate.id)
        .where(CertificateRecord.record_id == record_id, Certificate.status.in_(STANDING))
        .order_by(Certificate.id)
    ).all()
    for row in built:
        _ended(row, "invalidate", SYSTEM, _RECORD_CHANGED)
    return len(built)


def _ended(row: Certificate, move: str, actor: Actor, reason: str) -> UUID:
    transitions.fire(MACHINE, row, move, actor, {"reason": reason})
    row.ended_on, row.remark = clock.today(), reason.strip()[:_REASON_LENGTH]
    return row.id


def _check_period(period_from: date, period_to: date) -> None:
    if period_to < period_from:
        raise Invalid("结束日期要在开始日期之后", {"period_to": "结束日期要在开始日期之后"})
    if period_to > clock.today():
        raise Invalid("结束日期不能晚于今天", {"period_to": "结束日期不能晚于今天"})


def _verified(
    supporter_id: UUID, user_id: UUID, unit_path: str, first: date, last: date
) -> list[ServiceRecord]:
    """Return the records that a certificate may be built on, and hold them until it is."""
    rows = db.session.scalars(
        select(ServiceRecord)
        .where(
            ServiceRecord.supporter_id == supporter_id,
            ServiceRecord.user_id == user_id,
            ServiceRecord.unit_path == unit_path,
            ServiceRecord.status == "verified",
            ServiceRecord.served_on.between(first, last),
        )
        .order_by(ServiceRecord.served_on, ServiceRecord.id)
        .with_for_update()
    )
    return list(rows)


def _handled(actor: Actor, certificate_id: UUID, version: int | None) -> Certificate:
    """Return a certificate this person handles; NotFound behind a wall, Conflict when stale."""
    row = db.session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if row is None or not access.permits(actor, Permission.CERTIFICATE_ISSUE, row):
        raise NotFound
    return _as_seen(row, version)


def _refuse_the_forgotten(row: Certificate) -> None:
    """Refuse to certify a person whose data was deleted meanwhile: there is no name to write."""
    supporter = db.session.get_one(Supporter, row.supporter_id)
    if supporter.status == "erased":
        raise NotAllowed("本人的资料已经删除，不能再出具，请办“不予出具”")


def _as_seen(row: Certificate, version: int | None) -> Certificate:
    if version is not None and row.version != version:
        raise Conflict(_FASTER, state=MACHINE.states[row.status].label)
    return row
