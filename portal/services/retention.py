"""The nightly end of what is past its time, class by class, in bites (L09, L10, L18)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, update

from portal.core import outbox
from portal.domain import clock, retention
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import OneTimeToken, UserSession
from portal.models.children import ChildFile, ImportBatch, ImportRow
from portal.models.records import Fact, FactNote, Message
from portal.models.rights import Grievance, GuardianAccess, RightsRequest
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment
from portal.services import erasure, files, retention_rows
from portal.services.retention_rows import changed

#: People and files erased in one night per class: one transaction stays short.
BITE = 200
_LIVE = ("pending", "approved", "delivering", "delivered")


def forget_old() -> dict[str, int]:
    """End everything that is past its time tonight; return how many of each class."""
    return {name: forget(name) for name in FORGETTERS}


def forget(name: str, older_than: timedelta | None = None) -> int:
    """End one class's records; with ``older_than`` only those that old.

    Raises Invalid for a span shorter than the class's period, NotFound for a class that is kept.
    """
    if name not in FORGETTERS:
        raise NotFound("没有这一类可以清理的记录：{name}", name=name)
    cutoff = retention.CLASSES[name].cutoff(clock.now(), older_than)
    return FORGETTERS[name](cutoff)


def _import_rows(cutoff: datetime) -> int:
    old = select(ImportBatch.id).where(ImportBatch.created_at < cutoff)
    return changed(delete(ImportRow).where(ImportRow.batch_id.in_(old)))


def _draft_files(cutoff: datetime) -> int:
    return files.sweep_drafts()


def _mails(cutoff: datetime) -> int:
    parked = delete(Message).where(Message.status == "parked", Message.created_at < cutoff)
    return outbox.forget_sent(cutoff) + changed(parked)


def _devices(cutoff: datetime) -> int:
    ended = or_(UserSession.revoked_at < cutoff, UserSession.expires_at < cutoff)
    return changed(delete(UserSession).where(ended))


def _tokens(cutoff: datetime) -> int:
    return changed(delete(OneTimeToken).where(OneTimeToken.expires_at < cutoff))


def _drafts(cutoff: datetime) -> int:
    return _erase_supporters(
        and_(Supporter.status.in_(("draft", "returned")), Supporter.created_at < cutoff),
        _moved_before(cutoff),
    )


def _rejected(cutoff: datetime) -> int:
    return _erase_supporters(Supporter.status == "rejected", _moved_before(cutoff))


def _supporters(cutoff: datetime) -> int:
    day = clock.local(cutoff).date()
    ended = and_(Supporter.status.in_(("expired", "revoked")), Supporter.valid_to < day)
    return _erase_supporters(ended, _moved_before(cutoff))


def _children(cutoff: datetime) -> int:
    """Erase closed files: the cutoff lies so far back as the child was eighteen then."""
    born = retention.born_until(clock.local(cutoff).date())
    ids = db.session.scalars(
        select(ChildFile.id)
        .where(ChildFile.status.in_(("aged_out", "draft")), ChildFile.birth_date <= born)
        .order_by(ChildFile.birth_date, ChildFile.id)
        .limit(BITE)
    ).all()
    return sum(erasure.child(each) for each in ids)


def _links(cutoff: datetime) -> int:
    ended = or_(GuardianAccess.expires_at < cutoff, GuardianAccess.revoked_at < cutoff)
    return changed(delete(GuardianAccess).where(ended))


def _requests(cutoff: datetime) -> int:
    old = and_(RightsRequest.answered_at < cutoff, RightsRequest.answered_by.is_not(None))
    return changed(update(RightsRequest).where(old).values(words="", answer="", answered_by=None))


def _grievances(cutoff: datetime) -> int:
    old = and_(Grievance.answered_at < cutoff, Grievance.answered_by.is_not(None))
    empty = {"words": "", "answer": "", "contact": "", "answered_by": None}
    return changed(update(Grievance).where(old).values(**empty))


def _notes(cutoff: datetime) -> int:
    old = select(Fact.id).where(Fact.at < cutoff)
    return changed(
        update(FactNote)
        .where(FactNote.fact_id.in_(old), FactNote.erased_at.is_(None))
        .values(text="", erased_at=clock.now())
    )


def _erase_supporters(which: Any, untouched: Any) -> int:
    promised = select(Commitment.supporter_id).where(Commitment.status.in_(_LIVE))
    ids: list[UUID] = list(
        db.session.scalars(
            select(Supporter.id)
            .where(which, untouched, Supporter.id.not_in(promised))
            .order_by(Supporter.created_at, Supporter.id)
            .limit(BITE)
        )
    )
    return sum(erasure.supporter(each) for each in ids)


def _moved_before(cutoff: datetime) -> Any:
    """Ask the memory: nothing happened to this supporter since the cutoff."""
    later = select(Fact.id).where(
        Fact.subject_id == Supporter.id,
        Fact.at >= cutoff,
        Fact.kind.startswith("supporter."),
    )
    return ~later.exists()


#: How each class ends; classes that are kept are not here.
FORGETTERS: Mapping[str, Callable[[datetime], int]] = {
    "import_rows": _import_rows,
    "draft_files": _draft_files,
    "mails": _mails,
    "devices": _devices,
    "tokens": _tokens,
    "drafts": _drafts,
    "rejected": _rejected,
    "supporters": _supporters,
    "children": _children,
    "links": _links,
    "requests": _requests,
    "grievances": _grievances,
    "notes": _notes,
    **retention_rows.FORGETTERS,
}
