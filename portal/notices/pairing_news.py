"""What a mail may say about needs, applications and offers: a number inside, a face outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from portal.domain import masking
from portal.domain.need_cards import face_label
from portal.domain.needs import KINDS
from portal.extensions import db
from portal.models.continuity import ChildTransfer, Handover
from portal.models.matching import MatchRun
from portal.models.needs import NeedApplication, PairingNeed, PairingOffer
from portal.models.supporters import Supporter
from portal.notices.news import News


def _needs(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            PairingNeed.id, PairingNeed.unit_path, PairingNeed.drafted_by, PairingNeed.file_no,
            PairingNeed.kind,
        ).where(PairingNeed.id.in_(ids))
    )  # fmt: skip
    # Of an erased child's need the kind is gone, too.
    return {
        row.id: News(
            unit_path=row.unit_path,
            drafted_by=row.drafted_by,
            item={
                "file_no": row.file_no,
                "title": face_label(KINDS[row.kind].face) if row.kind else "",
            },
        )
        for row in rows
    }


def _applications(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(NeedApplication, PairingNeed.file_no, Supporter.name)
        .join(PairingNeed, PairingNeed.id == NeedApplication.need_id)
        .join(Supporter, Supporter.id == NeedApplication.supporter_id)
        .where(NeedApplication.id.in_(ids))
    )
    return {
        row.id: News(
            unit_path=row.unit_path,
            supporter_id=row.supporter_id,
            item={
                "file_no": file_no,
                "title": f"{row.promise.get('region', '')}·{face_label(row.promise['need'])}",
                "by": masking.mask_name(name),
            },
        )
        for row, file_no, name in rows
    }


def _offers(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(PairingOffer, Supporter.name)
        .join(Supporter, Supporter.id == PairingOffer.supporter_id)
        .where(PairingOffer.id.in_(ids))
    )
    return {
        row.id: News(
            unit_path=row.unit_path,
            supporter_id=row.supporter_id,
            item={"by": masking.mask_name(name)},
        )
        for row, name in rows
    }


def _handovers(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(Handover.id, Handover.unit_path, Handover.written_by).where(Handover.id.in_(ids))
    )
    return {row.id: News(unit_path=row.unit_path, owner=row.written_by) for row in rows}


def _transfers(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(ChildTransfer.id, ChildTransfer.unit_path, ChildTransfer.from_path).where(
            ChildTransfer.id.in_(ids)
        )
    )
    return {row.id: News(unit_path=row.unit_path, from_path=row.from_path) for row in rows}


def _runs(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(MatchRun.id, MatchRun.unit_path, MatchRun.created_by).where(MatchRun.id.in_(ids))
    )
    return {row.id: News(unit_path=row.unit_path, owner=row.created_by) for row in rows}


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "PairingNeed": _needs,
    "NeedApplication": _applications,
    "PairingOffer": _offers,
    "Handover": _handovers,
    "ChildTransfer": _transfers,
    "MatchRun": _runs,
}
