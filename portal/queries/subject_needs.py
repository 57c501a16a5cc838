"""What is held about pairing needs, for the guardian of the child and for who would answer them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.need_cards import face_label
from portal.domain.needs import KINDS, RHYTHMS
from portal.extensions import db
from portal.models.needs import NeedApplication, PairingNeed, PairingOffer
from portal.queries.subject_sections import Section, section, state


def of_child(child_id: UUID) -> Section:
    """Return the needs of a child; not what the child said in confidence, nor who applied."""
    rows = db.session.scalars(
        select(PairingNeed).where(PairingNeed.child_id == child_id).order_by(PairingNeed.file_no)
    )
    told = (
        (
            KINDS[row.kind].label if row.kind in KINDS else row.kind,
            RHYTHMS[row.rhythm].label if row.rhythm in RHYTHMS else row.rhythm,
            row.assessed_on,
            state("need", row.status),
        )
        for row in rows
    )
    return section("needs", "结对需求", ("帮助", "多久一次", "评估日期", "状态"), told)


def of_supporter(supporter_id: UUID) -> Section:
    """Return one's own applications and offers, with the answers."""
    applied = db.session.scalars(
        select(NeedApplication)
        .where(NeedApplication.supporter_id == supporter_id)
        .order_by(NeedApplication.applied_at, NeedApplication.id)
    )
    offered = db.session.scalars(
        select(PairingOffer)
        .where(PairingOffer.supporter_id == supporter_id)
        .order_by(PairingOffer.offered_at, PairingOffer.id)
    )
    told = [
        (
            face_label(str(row.promise.get("need", ""))), row.promise.get("region", ""),
            row.applied_at, row.words, state("need_application", row.status), row.answer,
        )
        for row in applied
    ]  # fmt: skip
    told += [
        ("、".join(KINDS[kind].label for kind in row.kinds if kind in KINDS) or "不限", "",
         row.offered_at, row.words, state("pairing_offer", row.status), "")
        for row in offered
    ]  # fmt: skip
    return section(
        "need_applications",
        "结对申请与意愿",
        ("需要", "地区", "时间", "留言", "状态", "答复"),
        told,
    )
