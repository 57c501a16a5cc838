"""What a mail may say about the subject of a fact: no child, no category, nobody's free words.

A wish is named by its file number and the public name of its item; a promise by what its supporter
saw on the card. A reason that somebody typed is read on the page behind the link, never in a mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain import catalogue, masking
from portal.domain.actor import Role
from portal.domain.hours import ACTIVITY_WORDS
from portal.domain.lifecycles.requests import CONCERN
from portal.domain.lifecycles.sights import BREAK_GLASS
from portal.extensions import db
from portal.models.accounts import User
from portal.models.cadences import Substitution
from portal.models.children import ImportBatch
from portal.models.pairings import Pairing
from portal.models.records import Fact
from portal.models.rights import Grievance, RightsRequest
from portal.models.service_records import Certificate, ServiceRecord
from portal.models.sight import SightOutlier, SightRequest
from portal.models.standings import Appeal, Clearance
from portal.models.supporters import Complaint, Supporter
from portal.models.wishes import Commitment, Wish
from portal.notices import (
    bond_news,
    day_news,
    giving_news,
    journal_news,
    office_news,
    pairing_news,
    planning_news,
    roll_news,
    taking_part_news,
)
from portal.notices.news import News

_CHUNK = 500


def load(pending: Iterable[Fact]) -> dict[UUID, News]:
    """Return the news of each subject that mails are written about, in few queries."""
    found: dict[UUID, News] = {}
    wanted: dict[str, list[UUID]] = {}
    for fact in pending:
        if fact.subject_id is not None:
            wanted.setdefault(fact.subject_type, []).append(fact.subject_id)
    for kind, ids in wanted.items():
        reader = _READERS.get(kind)
        unique = list(dict.fromkeys(ids))
        for start in range(0, len(unique) if reader else 0, _CHUNK):
            found.update(reader(unique[start : start + _CHUNK]) if reader else {})
    return found


def thing(item_code: str) -> str:
    """Return the public name of an item; some items' own names would tell a diagnosis."""
    return catalogue.face_of(item_code).public_name


def supporter_name(kind: str, name: str) -> str:
    """Return an organisation's name, and a person's masked."""
    return masking.mask_name(name) if kind == "individual" and name else name


def _wishes(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(Wish.id, Wish.unit_path, Wish.drafted_by, Wish.file_no, Wish.item_code).where(
            Wish.id.in_(ids)
        )
    )
    return {
        row.id: News(
            unit_path=row.unit_path,
            drafted_by=row.drafted_by,
            item={"file_no": row.file_no, "title": thing(row.item_code)},
        )
        for row in rows
    }


def _promises(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(Commitment, Wish.drafted_by, Wish.file_no, Supporter.kind, Supporter.name)
        .join(Wish, Wish.id == Commitment.wish_id)
        .join(Supporter, Supporter.id == Commitment.supporter_id)
        .where(Commitment.id.in_(ids))
    )
    return {
        promise.id: News(
            unit_path=promise.unit_path,
            drafted_by=drafted_by,
            supporter_id=promise.supporter_id,
            item=promise_item(promise) | {"file_no": file_no, "by": supporter_name(kind, name)},
        )
        for promise, drafted_by, file_no, kind, name in rows
    }


def promise_item(promise: Commitment) -> dict[str, Any]:
    """Return what a mail says of a promise: what the card said, where to, until when."""
    deliver_by = promise.deliver_by.isoformat() if promise.deliver_by else None
    return {
        "title": promise.promise.get("title", ""),
        "deliver_by": deliver_by or promise.promise.get("deliver_by"),
        "point": promise.handover_point,
    }


def _supporters(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            Supporter.id, Supporter.unit_path, Supporter.kind, Supporter.name, Supporter.valid_to
        ).where(Supporter.id.in_(ids))
    )
    return {
        row.id: News(
            unit_path=row.unit_path,
            supporter_id=row.id,
            item={
                "kind": row.kind,
                "by": supporter_name(row.kind, row.name),
                "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            },
        )
        for row in rows
    }


def _imports(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            ImportBatch.id, ImportBatch.unit_path, ImportBatch.created_by, ImportBatch.year
        ).where(ImportBatch.id.in_(ids))
    )
    return {
        row.id: News(unit_path=row.unit_path, owner=row.created_by, item={"year": row.year})
        for row in rows
    }


def _records(ids: list[UUID]) -> dict[UUID, News]:
    """Name a day and a kind; what was written of the service is read on the page."""
    rows = db.session.execute(
        select(
            ServiceRecord.id, ServiceRecord.unit_path, ServiceRecord.user_id,
            ServiceRecord.served_on, ServiceRecord.kind,
        ).where(ServiceRecord.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: News(
            unit_path=row.unit_path,
            owner=row.user_id,
            item={"title": f"{row.served_on.isoformat()} {ACTIVITY_WORDS[row.kind]}"},
        )
        for row in rows
    }


def _certificates(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            Certificate.id, Certificate.unit_path, Certificate.user_id,
            Certificate.period_from, Certificate.period_to,
        ).where(Certificate.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: News(
            unit_path=row.unit_path,
            owner=row.user_id,
            item={"title": f"{row.period_from.isoformat()} – {row.period_to.isoformat()}"},
        )
        for row in rows
    }


def _accounts(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(select(User.id).where(User.id.in_(ids)))
    return {row.id: News(owner=row.id) for row in rows}


def _sights(ids: list[UUID]) -> dict[UUID, News]:
    """Return who answers for a leave to see: the county, in an emergency the city as well."""
    rows = db.session.execute(
        select(
            SightRequest.id, SightRequest.unit_path, SightRequest.kind, SightRequest.asked_by
        ).where(SightRequest.id.in_(ids))
    )
    county, both = (Role.COUNTY_STAFF,), (Role.COUNTY_STAFF, Role.CITY_STAFF)
    return {
        row.id: News(
            unit_path=row.unit_path,
            owner=row.asked_by,
            roles=both if row.kind == BREAK_GLASS else county,
        )
        for row in rows
    }


def _outliers(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            SightOutlier.id, SightOutlier.unit_path, SightOutlier.watcher, SightOutlier.actor_id
        ).where(SightOutlier.id.in_(ids))
    )
    return {
        row.id: News(unit_path=row.unit_path, owner=row.actor_id, roles=(Role(row.watcher),))
        for row in rows
    }


def _of_supporter(model: Any) -> Callable[[list[UUID]], dict[UUID, News]]:
    """Return a reader of rows that each concern one supporter: a standing, an appeal."""

    def read(ids: list[UUID]) -> dict[UUID, News]:
        rows = db.session.execute(
            select(model, Supporter.kind, Supporter.name)
            .join(Supporter, Supporter.id == model.supporter_id)
            .where(model.id.in_(ids))
        )
        return {
            row.id: News(
                unit_path=row.unit_path,
                supporter_id=row.supporter_id,
                owner=getattr(row, "proposed_by", None),
                item={
                    "file_no": getattr(row, "file_no", ""),
                    "by": supporter_name(kind, name),
                    "valid_to": _day(getattr(row, "valid_to", None)),
                },
            )
            for row, kind, name in rows
        }

    return read


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _requests(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(RightsRequest.id, RightsRequest.unit_path, RightsRequest.asker_id).where(
            RightsRequest.id.in_(ids)
        )
    )
    return {row.id: News(unit_path=row.unit_path, owner=row.asker_id) for row in rows}


def _grievances(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(Grievance.id, Grievance.unit_path, Grievance.category).where(Grievance.id.in_(ids))
    )
    return {row.id: News(unit_path=row.unit_path, urgent=row.category == CONCERN) for row in rows}


_READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "Wish": _wishes,
    "Commitment": _promises,
    "Supporter": _supporters,
    "ImportBatch": _imports,
    "User": _accounts,
    **bond_news.READERS,
    **day_news.READERS,
    **giving_news.READERS,
    **journal_news.READERS,
    **office_news.READERS,
    **pairing_news.READERS,
    **planning_news.READERS,
    **roll_news.READERS,
    **taking_part_news.READERS,
    "RightsRequest": _requests,
    "Grievance": _grievances,
    "Appeal": _of_supporter(Appeal),
    "Clearance": _of_supporter(Clearance),
    "Complaint": _of_supporter(Complaint),
    "Pairing": _of_supporter(Pairing),
    "Substitution": _of_supporter(Substitution),
    "ServiceRecord": _records,
    "Certificate": _certificates,
    "SightRequest": _sights,
    "SightOutlier": _outliers,
}
