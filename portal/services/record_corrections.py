"""A volunteer asks to correct a record, and is answered in writing (67号令)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.service_records import RecordCorrection, ServiceRecord
from portal.services import service_records

_WORDS = 500


def ask(actor: Actor, record_id: UUID, *, words: str) -> UUID:
    """Ask to correct an own verified record, in words; one request at a time.

    Raises Invalid without words, Conflict while another waits or when the record is not verified:
    before that its owner corrects or withdraws it.
    """
    record = db.session.scalar(select(ServiceRecord).where(ServiceRecord.id == record_id))
    if record is None or record.user_id != actor.user_id:
        raise NotFound
    access.require(actor, Permission.HOURS_ENTER, record)
    if not words.strip():
        raise Invalid("请写明哪里不对", {"words": "请写明哪里不对"})
    if record.status != "verified":
        raise Conflict("这条记录还没有核实，可以直接修改或撤回")
    waiting = select(RecordCorrection.id).where(
        RecordCorrection.record_id == record_id, RecordCorrection.answered_at.is_(None)
    )
    if db.session.scalar(waiting) is not None:
        raise Conflict("这条记录已经有一个更正请求，正在等待答复")
    row = RecordCorrection(
        record_id=record.id, supporter_id=record.supporter_id, user_id=record.user_id,
        unit_path=record.unit_path, words=words.strip()[:_WORDS], answer="",
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish("service_record.ask_correction", actor=actor, subject=record)
    return row.id


def answer(
    actor: Actor, correction_id: UUID, *, granted: bool, words: str, version: int | None = None
) -> UUID:
    """Answer a request in writing; a granted one sends the record back to be corrected.

    Certificates built on a record that is sent back become void. Raises Invalid without words,
    Conflict when it was answered meanwhile, NotAllowed when the record is one's own.
    """
    row = db.session.scalar(select(RecordCorrection).where(RecordCorrection.id == correction_id))
    if row is None or not access.permits(actor, Permission.HOURS_VERIFY, row):
        raise NotFound
    if row.answered_at is not None or (version is not None and row.version != version):
        raise Conflict("这个请求已经有同事答复了")
    if row.user_id == actor.user_id:
        raise NotAllowed("这是您自己的记录，答复需要另一位同事（两人把关）")
    text = words.strip()[:_WORDS]
    if not text:
        raise Invalid("请写明答复的理由", {"words": "请写明答复的理由"})
    row.granted, row.answer = granted, text
    row.answered_by, row.answered_at = actor.user_id, clock.now()
    record = db.session.get_one(ServiceRecord, row.record_id)
    if granted and record.status == "verified":
        service_records.reopen(actor, record.id, reason=text)
    else:
        facts.publish("service_record.answer_correction", actor=actor, subject=record, note=text)
    return row.id
