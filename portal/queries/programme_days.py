"""A programme's days as its organiser and the county read them, and the numbers of its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, scope
from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.attendance import Counts
from portal.domain.camp_days import Day, Numbers
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import NotFound
from portal.domain.lifecycles.programmes import HELD
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.camp_days import CampDay, CampPhoto, ProgrammeReport, SessionNote
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeSession
from portal.models.records import StoredFile
from portal.queries import child_days, programme_numbers


@dataclass(frozen=True, slots=True)
class Head:
    """Which programme a page is about."""

    id: UUID
    code: str
    title: str
    kind: str
    status: str
    starts_on: date
    ends_on: date
    unit_path: str
    tenant_path: str
    budget_fen: int
    #: Who answers for it: may() asks.
    organiser_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day in the list: its counts, whether its report was begun and handed in, pictures."""

    day: date
    counts: Counts
    begun: bool
    handed_in: bool
    photos: int


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the wall that may be shown today."""

    id: UUID
    words: str
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the roster as lists of choice name it."""

    enrolment_id: UUID
    no: int | None
    called: str


@dataclass(frozen=True, slots=True)
class Session:
    """A roll call of a day with its note."""

    id: UUID
    starts: str
    title: str
    status: str
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class DayView:
    """One day: the report as written, the numbers from the sheets, the wall."""

    day: date
    report: Day
    version: int
    handed_in: bool
    worried: bool
    counts: Counts
    roster: int
    photos: tuple[Photo, ...]
    consenting: tuple[Child, ...]
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The end report: words, costs, numbers of now or of when it was handed in."""

    words: str
    costs: tuple[tuple[str, int], ...]
    numbers: Numbers
    version: int
    handed_in: bool
    untaken: int


def head(actor: Actor, code: str) -> Head:
    """Return a programme whose days the reader may see; NotFound for every other."""
    row = db.session.scalar(select(Programme).where(Programme.code == code))
    if row is None or not access.permits(actor, Permission.PROGRAMME_REPORT, row):
        raise NotFound
    return Head(
        row.id, row.code, row.title, row.kind, row.status, row.starts_on, row.ends_on,
        row.unit_path, row.tenant_path, row.budget_fen, row.organiser_id,
    )  # fmt: skip


def days(of: Head) -> tuple[DayRow, ...]:
    """Return every day up to today on which something was held or written, the newest first."""
    counted = child_days.by_day(of.id)
    written = {
        row.happens_on: row.handed_in_at
        for row in db.session.execute(
            select(CampDay.happens_on, CampDay.handed_in_at).where(CampDay.programme_id == of.id)
        )
    }
    held = set(
        db.session.scalars(
            select(ProgrammeSession.happens_on).where(
                ProgrammeSession.programme_id == of.id, ProgrammeSession.status.in_(HELD)
            )
        )
    )
    pictures = Counter(
        db.session.scalars(select(CampPhoto.happens_on).where(CampPhoto.programme_id == of.id))
    )
    wanted = (held | set(written)) & _span(of.starts_on, min(of.ends_on, clock.today()))
    return tuple(
        DayRow(
            day, counted.get(day, Counts()), day in written, written.get(day) is not None,
            pictures[day],
        )
        for day in sorted(wanted, reverse=True)
    )  # fmt: skip


def day(of: Head, on: date) -> DayView:
    """Return one day of a programme; NotFound for a day outside of it."""
    if not of.starts_on <= on <= of.ends_on:
        raise NotFound
    row = db.session.scalar(
        select(CampDay).where(CampDay.programme_id == of.id, CampDay.happens_on == on)
    )
    report = Day(row.weather, row.did, row.served, row.meals, row.incident) if row else Day()
    children = roster(of.id)
    agreed = _agreed(of.id)
    return DayView(
        day=on, report=report, version=row.version if row else 0,
        handed_in=bool(row and row.handed_in_at), worried=bool(row and row.worried),
        counts=child_days.by_day(of.id).get(on, Counts()), roster=len(children),
        photos=_photos(of.id, on, children, agreed),
        consenting=tuple(one for one in children if one.enrolment_id in agreed),
        sessions=_sessions(of.id, on),
    )  # fmt: skip


def roster(programme_id: UUID) -> tuple[Child, ...]:
    """Return the children of the roster, by number."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.roster_no, Enrolment.called)
        .where(
            Enrolment.programme_id == programme_id, Enrolment.status.in_(ON_ROSTER),
            Enrolment.participant == "child",
        )
        .order_by(Enrolment.roster_no, Enrolment.id)
    )  # fmt: skip
    return tuple(Child(each, no, called or "") for each, no, called in rows)


def picture(of: Head, photo_id: UUID) -> bytes:
    """Return a picture that may be shown today; NotFound when a consent was taken back."""
    row = db.session.scalar(
        select(CampPhoto).where(CampPhoto.id == photo_id, CampPhoto.programme_id == of.id)
    )
    if row is None or {UUID(one) for one in row.shows} - _agreed(of.id):
        raise NotFound
    reach = scope.Scope(paths=(of.unit_path,), reason="a picture lies with the unit's papers")
    with scope.within(reach, db.session()):
        kept = db.session.get(StoredFile, row.file_id)
        if kept is None:
            raise NotFound
        return storage().open(kept.key)


def report(of: Head) -> ReportView:
    """Return the end report; its numbers are reckoned until it is handed in, then kept."""
    row = db.session.scalar(select(ProgrammeReport).where(ProgrammeReport.programme_id == of.id))
    programme = db.session.get_one(Programme, of.id)
    done = row is not None and row.handed_in_at is not None
    return ReportView(
        words=row.words if row else "",
        costs=tuple((one["word"], one["fen"]) for one in programme.costs),
        numbers=Numbers(**row.numbers) if row and done else programme_numbers.of(programme),
        version=row.version if row else 0,
        handed_in=done,
        untaken=0 if done else programme_numbers.untaken(of.id),
    )


def _agreed(programme_id: UUID) -> frozenset[UUID]:
    return frozenset(
        db.session.scalars(
            select(Enrolment.id).where(
                Enrolment.programme_id == programme_id,
                Enrolment.status.in_(ON_ROSTER),
                Enrolment.consent_photo.is_(True),
            )
        )
    )


def _photos(
    programme_id: UUID, on: date, children: Iterable[Child], agreed: frozenset[UUID]
) -> tuple[Photo, ...]:
    names = {one.enrolment_id: one.called for one in children}
    rows = db.session.scalars(
        select(CampPhoto)
        .where(CampPhoto.programme_id == programme_id, CampPhoto.happens_on == on)
        .order_by(CampPhoto.created_at, CampPhoto.id)
    )
    shown = [(row, [UUID(one) for one in row.shows]) for row in rows]
    return tuple(
        Photo(row.id, row.words, tuple(names[one] for one in who if one in names))
        for row, who in shown
        if not set(who) - agreed
    )


def _span(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range(max((last - first).days + 1, 0))}


def _sessions(programme_id: UUID, on: date) -> tuple[Session, ...]:
    rows: Any = db.session.execute(
        select(ProgrammeSession, SessionNote)
        .outerjoin(SessionNote, SessionNote.session_id == ProgrammeSession.id)
        .where(
            ProgrammeSession.programme_id == programme_id, ProgrammeSession.happens_on == on,
            ProgrammeSession.status.in_(HELD),
        )
        .order_by(ProgrammeSession.starts)
    )  # fmt: skip
    return tuple(
        Session(
            one.id, one.starts, one.title, one.status, note.words if note is not None else "",
            note.version if note is not None else 0,
        )
        for one, note in rows
    )  # fmt: skip
