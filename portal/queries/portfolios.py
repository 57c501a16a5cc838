"""What a mentor's year holds: counted from rows that are the mentor's own, no child's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import extract, func, select

from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.letters import TO_CHILD, TO_MENTOR
from portal.domain.portfolios import FIRST_YEAR, Contact, Star, Year
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.letters import Letter
from portal.models.recognition import PairingStar, Portfolio
from portal.models.records import StoredFile
from portal.models.service_records import ServiceRecord
from portal.models.supporters import Supporter
from portal.models.voices import PairingThanks
from portal.queries import units


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """Where a year's paper stands."""

    year: int
    asked_at: datetime | None
    paper_fault: str
    has_file: bool


def year_of(supporter_id: UUID, year: int) -> Year:
    """Return a supporter's year; NotFound outside the scope.

    Days, kinds and minutes only: what was written of a contact may name the child.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    county = units.by_path(supporter.unit_path)
    return Year(
        year=year,
        name=supporter.name,
        unit=county.name if county.level == "agency" else f"{county.name}民政局",
        contacts=_contacts(supporter_id, year),
        minutes=_minutes(supporter_id, year),
        stars=_stars(supporter_id, year),
        thanks=_thanks(supporter_id, year),
        letters_sent=_letters(supporter_id, year, TO_CHILD),
        letters_received=_letters(supporter_id, year, TO_MENTOR),
        made_on=clock.today(),
    )


def own(actor: Actor, supporter_id: UUID, year: int) -> PortfolioRow:
    """Return where the own year's paper stands; NotFound for anybody else's."""
    row = _own(actor, supporter_id, year)
    if row is None:
        return PortfolioRow(year, None, "", has_file=False)
    return PortfolioRow(year, row.asked_at, row.paper_fault, has_file=row.file_id is not None)


def file_of(actor: Actor, supporter_id: UUID, year: int) -> bytes:
    """Return the printed year; NotFound while there is none."""
    row = _own(actor, supporter_id, year)
    stored = db.session.get(StoredFile, row.file_id) if row and row.file_id else None
    if stored is None:
        raise NotFound("这一年的年册还没有印好")
    return storage().open(stored.key)


def speaker(actor: Actor) -> UUID:
    """Return the own supporter of the person whose year it is; NotFound for organisations alone."""
    found = db.session.scalar(
        select(Supporter.id)
        .where(Supporter.id.in_(actor.supporter_ids), Supporter.kind == "individual")
        .order_by(Supporter.created_at)
    )
    if found is None:
        raise NotFound
    return found


def known_year(year: int) -> int:
    """Return a year of which there can be a paper; NotFound for any other."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise NotFound("没有这一年的年册")
    return year


def years(supporter_id: UUID) -> tuple[int, ...]:
    """Return the years in which something was verified, the newest first; this year always."""
    spoken = db.session.scalars(
        select(extract("year", ContactLog.happened_on))
        .where(ContactLog.supporter_id == supporter_id, ContactLog.status == "verified")
        .distinct()
    )
    return tuple(sorted({int(one) for one in spoken} | {clock.today().year}, reverse=True))


def _own(actor: Actor, supporter_id: UUID, year: int) -> Portfolio | None:
    if supporter_id not in actor.supporter_ids:
        raise NotFound
    found: Portfolio | None = db.session.scalar(
        select(Portfolio).where(Portfolio.supporter_id == supporter_id, Portfolio.year == year)
    )
    return found


def _within(column: Any, year: int) -> Any:
    return column.between(date(year, 1, 1), date(year, 12, 31))


def _contacts(supporter_id: UUID, year: int) -> tuple[Contact, ...]:
    rows = db.session.execute(
        select(ContactLog.kind, ContactLog.happened_on, ContactLog.minutes)
        .where(
            ContactLog.supporter_id == supporter_id,
            ContactLog.status == "verified",
            _within(ContactLog.happened_on, year),
        )
        .order_by(ContactLog.happened_on, ContactLog.id)
    )
    return tuple(Contact(*row) for row in rows)


def _minutes(supporter_id: UUID, year: int) -> int:
    return (
        db.session.scalar(
            select(func.sum(ServiceRecord.minutes)).where(
                ServiceRecord.supporter_id == supporter_id,
                ServiceRecord.subject_type == "contact_log",
                ServiceRecord.status == "verified",
                _within(ServiceRecord.served_on, year),
            )
        )
        or 0
    )


def _stars(supporter_id: UUID, year: int) -> tuple[Star, ...]:
    rows = db.session.execute(
        select(PairingStar.month, PairingStar.reason_code, PairingStar.words)
        .where(PairingStar.supporter_id == supporter_id, _within(PairingStar.month, year))
        .order_by(PairingStar.month, PairingStar.id)
    )
    return tuple(Star(*row) for row in rows)


def _thanks(supporter_id: UUID, year: int) -> tuple[str, ...]:
    rows = db.session.scalars(
        select(PairingThanks.words)
        .where(PairingThanks.supporter_id == supporter_id, _within(PairingThanks.passed_on, year))
        .order_by(PairingThanks.passed_on, PairingThanks.id)
    )
    return tuple(filter(None, rows))


def _letters(supporter_id: UUID, year: int, direction: str) -> int:
    return (
        db.session.scalar(
            select(func.count(Letter.id)).where(
                Letter.supporter_id == supporter_id,
                Letter.direction == direction,
                Letter.status == "handed_over",
                _within(Letter.handed_over_on, year),
            )
        )
        or 0
    )
