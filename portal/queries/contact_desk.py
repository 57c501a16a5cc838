"""Journals as staff read them: the queue to verify, one entry whole, a pairing's whole journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.contacts import ACCOMPANIED_FIRST, IN_PERSON, VERIFY_DAYS
from portal.domain.errors import NotFound
from portal.domain.lifecycles.contact_logs import MACHINE, STANDING
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import facts
from portal.queries.desk import Waiting
from portal.queries.facts import FactRow

PAGE = 20
#: A pairing's journal on paper holds at most so many entries: ten years of two a week.
WHOLE = 1000
WAITING = "recorded"
#: What a worry leaves behind: whoever it may be about reads none of it.
ALARMS = frozenset(f"contact_log.{step}" for step in ("worry", "acknowledge", "escalate"))


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry; names as the reader's role sees them."""

    id: UUID
    version: int
    pairing_id: UUID
    file_no: str
    child: str
    unit: str
    writer: str
    kind: str
    happened_on: date
    minutes: int
    status: str
    accompanied_by: str
    did: str
    mood: str
    child_state: str
    next_step: str
    worried: bool
    worry: str
    photo_id: UUID | None
    remark: str
    created_at: datetime

    @property
    def is_late(self) -> bool:
        """Tell whether it has waited for more than VERIFY_DAYS to be verified."""
        age = clock.now() - self.created_at
        return self.status == WAITING and age > timedelta(days=VERIFY_DAYS)


@dataclass(frozen=True, slots=True)
class LogDossier:
    """One entry with its buttons; ``meeting`` counts the writer's meetings up to this one."""

    row: LogRow
    meeting: int
    verifier: str
    verified_at: datetime | None
    moves: tuple[Offer, ...]
    history: tuple[FactRow, ...]

    @property
    def needs_company(self) -> bool:
        """Tell whether it is one of the first meetings and names nobody beside them."""
        first = 0 < self.meeting <= ACCOMPANIED_FIRST
        return first and not self.row.accompanied_by


@dataclass(frozen=True, slots=True)
class Journal:
    """A pairing's entries, the latest contact first, under its head."""

    pairing_id: UUID
    file_no: str
    status: str
    child: str
    unit: str
    writer: str
    rows: tuple[LogRow, ...]
    minutes: int


def queue(actor: Actor, status: str = WAITING, after: str = "") -> tuple[tuple[LogRow, ...], str]:
    """Return a page of the entries in a state, the longest waiting first, and the cursor."""
    query = _rows().where(ContactLog.status == status)
    if (cursor := _cursor(after)) is not None:
        at, last = cursor
        later = and_(ContactLog.created_at == at, ContactLog.id > last)
        query = query.where(or_(ContactLog.created_at > at, later))
    ordered = query.order_by(ContactLog.created_at, ContactLog.id)
    found = db.session.execute(ordered.limit(PAGE + 1)).all()
    rows = tuple(_row(actor, row) for row in found[:PAGE])
    more = len(found) > PAGE
    return rows, f"{rows[-1].created_at.isoformat()}~{rows[-1].id}" if more else ""


def counts() -> dict[str, int]:
    """Return how many entries stand in each state, and under ``late`` how many wait too long."""
    rows = db.session.execute(
        select(ContactLog.status, func.count(ContactLog.id)).group_by(ContactLog.status)
    )
    late = db.session.scalar(
        select(func.count(ContactLog.id)).where(
            ContactLog.status == WAITING,
            ContactLog.created_at < clock.now() - timedelta(days=VERIFY_DAYS),
        )
    )
    return {**dict(iter(rows)), "late": late or 0}


def waiting() -> Waiting:
    """Return how many entries wait, and since when the oldest does (for the first page)."""
    row = db.session.execute(
        select(func.count(ContactLog.id), func.min(ContactLog.created_at)).where(
            ContactLog.status == WAITING
        )
    ).one()
    return Waiting(row[0], row[1])


def dossier(actor: Actor, log_id: UUID) -> LogDossier:
    """Return one entry for whoever verifies it; NotFound behind a wall."""
    log = db.session.scalar(select(ContactLog).where(ContactLog.id == log_id))
    if log is None or not access.permits(actor, Permission.CONTACT_VERIFY, log):
        raise NotFound
    shown = db.session.execute(_rows().where(ContactLog.id == log_id)).one()
    verifier = db.session.scalar(select(User.name).where(User.id == log.verified_by))
    return LogDossier(
        row=_row(actor, shown),
        meeting=_meeting(log),
        verifier=verifier or "",
        verified_at=log.verified_at,
        moves=transitions.offers(MACHINE, log, actor),
        history=tuple(
            fact
            for fact in facts.of_subjects([log_id])
            if fact.kind not in ALARMS or access.permits(actor, Permission.CONCERN_ANSWER, log)
        ),
    )


def next_waiting(besides: UUID) -> UUID | None:
    """Return the entry to open next: the one that has waited longest."""
    return db.session.scalar(
        select(ContactLog.id)
        .where(ContactLog.status == WAITING, ContactLog.id != besides)
        .order_by(ContactLog.created_at, ContactLog.id)
        .limit(1)
    )


def journal(actor: Actor, pairing_id: UUID) -> Journal:
    """Return all entries of one pairing; NotFound behind a wall."""
    head = db.session.execute(
        select(Pairing, ChildFile.name, Unit.name, Supporter)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .where(Pairing.id == pairing_id)
    ).one_or_none()
    if head is None or not access.permits(actor, Permission.CONTACT_VERIFY, head[0]):
        raise NotFound
    pairing, child, unit, supporter = head
    found = db.session.execute(
        _rows()
        .where(ContactLog.pairing_id == pairing_id)
        .order_by(ContactLog.happened_on.desc(), ContactLog.id.desc())
        .limit(WHOLE)
    )
    rows = tuple(_row(actor, row) for row in found)
    return Journal(
        pairing_id=pairing.id,
        file_no=pairing.file_no,
        status=pairing.status,
        child=show(actor, Kind.NAME, child, pairing.unit_path),
        unit=unit,
        writer=_name(actor, supporter),
        rows=rows,
        minutes=sum(
            row.minutes for row in rows if row.status == "verified" and row.kind in IN_PERSON
        ),
    )


def _rows() -> Any:
    return (
        select(ContactLog, Pairing.file_no, ChildFile.name.label("child"), Supporter, Unit.name)
        .join(Pairing, Pairing.id == ContactLog.pairing_id)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == ContactLog.supporter_id)
        .join(Unit, Unit.path == ContactLog.unit_path)
    )


def _row(actor: Actor, row: Any) -> LogRow:
    log = row.ContactLog
    # A worry may be about whoever sits in the village: only those who answer it read it.
    told = log.worried and access.permits(actor, Permission.CONCERN_ANSWER, log)
    return LogRow(
        **{name: getattr(log, name) for name in _AS_STORED},
        worried=told,
        worry=log.worry if told else "",
        file_no=row.file_no,
        child=show(actor, Kind.NAME, row.child, log.unit_path),
        unit=row.name,
        writer=_name(actor, row.Supporter),
    )


_AS_STORED = (
    "id", "version", "pairing_id", "kind", "happened_on", "minutes", "status", "accompanied_by",
    "did", "mood", "child_state", "next_step", "photo_id", "remark", "created_at",
)  # fmt: skip


def _name(actor: Actor, supporter: Supporter) -> str:
    if access.permits(actor, Permission.SUPPORTER_READ, supporter):
        return supporter.name
    return masking.mask_name(supporter.name)


def _meeting(log: ContactLog) -> int:
    """Return which meeting in person of the two this is, 0 for a call or a letter."""
    if log.kind not in IN_PERSON:
        return 0
    before = db.session.scalar(
        select(func.count(ContactLog.id)).where(
            ContactLog.pairing_id == log.pairing_id,
            ContactLog.supporter_id == log.supporter_id,
            ContactLog.kind.in_(IN_PERSON),
            ContactLog.status.in_(STANDING),
            ContactLog.id != log.id,
            or_(
                ContactLog.happened_on < log.happened_on,
                and_(
                    ContactLog.happened_on == log.happened_on,
                    ContactLog.created_at < log.created_at,
                ),
            ),
        )
    )
    return (before or 0) + 1


def _cursor(after: str) -> tuple[datetime, UUID] | None:
    at, _, last = after.partition("~")
    try:
        moment, identifier = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        return None
    return (moment, identifier) if moment.tzinfo else None
