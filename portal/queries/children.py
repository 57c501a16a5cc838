"""Reading child files for staff: lists and one file, masked as the reader's role asks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from portal.core import access
from portal.domain import cipher, clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import CHILD_FIELDS, is_assigned, show
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, Consent, GuardianLink
from portal.models.units import Unit
from portal.models.wishes import Wish, WishWindow
from portal.queries import sight

PAGE = 50
#: A name search opens sealed names one by one: at most so many files are looked at.
SEARCH_LIMIT = 5_000
_ID_LENGTH = 18


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One line of the list."""

    id: UUID
    name: str
    gender: str
    age: int
    birth_date: date
    unit: str
    category: str
    left_behind: bool
    status: str


@dataclass(frozen=True, slots=True)
class ChildPage:
    """A page of the list; ``next_after`` continues it, ``cut`` says the search was limited."""

    rows: tuple[ChildRow, ...]
    next_after: str | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Carer:
    """A guardian as the reader may see them."""

    kind: str
    name: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent and whether it still stands."""

    scope: str
    given_by: str
    relation: str
    method: str
    text_version: str
    given_on: date
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish of the child, for the file."""

    id: UUID
    file_no: str
    item_code: str
    status: str
    year: int
    occasion: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The child's line in one year's ledger."""

    year: int
    service_types: tuple[str, ...]
    effect: str


@dataclass(frozen=True, slots=True)
class ChildFileView:
    """One child, one file, as far as this reader sees it."""

    row: ChildRow
    id_no: str
    home_address: str
    school: str
    unit_path: str
    carers: tuple[Carer, ...]
    consents: tuple[ConsentRow, ...]
    wishes: tuple[WishLine, ...]
    ledger: tuple[LedgerLine, ...]
    #: Field → until when this reader has it open.
    opened: Mapping[str, datetime]
    #: Fields that the reader's own post opens, with a reason.
    openable: frozenset[str]


def index(
    actor: Actor, *, q: str = "", category: str = "", status: str = "active", after: str = ""
) -> ChildPage:
    """List files in scope by unit and id; ``q`` is a part of a name or a whole ID number."""
    statement = _listed(category, status)
    wanted = q.strip()
    if len(wanted) == _ID_LENGTH:
        return _by_number(actor, wanted)
    if wanted:
        return _by_name(actor, statement, wanted)
    if after:
        path, _, identifier = after.partition("|")
        with suppress(ValueError):
            last = UUID(identifier)
            statement = statement.where(
                (ChildFile.unit_path > path)
                | ((ChildFile.unit_path == path) & (ChildFile.id > last))
            )
    found = db.session.execute(statement.limit(PAGE + 1)).all()
    rows = tuple(_row(actor, child, unit) for child, unit in found[:PAGE])
    end = found[PAGE - 1][0] if len(found) > PAGE else None
    return ChildPage(rows, f"{end.unit_path}|{end.id}" if end else None)


def get(actor: Actor, child_id: UUID) -> ChildFileView:
    """Return one file; NotFound when it is absent or behind a wall."""
    found = db.session.execute(_listed("", "").where(ChildFile.id == child_id)).first()
    if found is None or not access.permits(actor, Permission.CHILD_READ, found[0]):
        raise NotFound
    child, unit = found
    path = child.unit_path
    opened = sight.opened(actor, child_id)
    return ChildFileView(
        row=_row(actor, child, unit, opened="name" in opened),
        id_no=show(actor, Kind.ID_NUMBER, child.id_no, path, opened="id_no" in opened),
        home_address=show(
            actor, Kind.ADDRESS, child.home_address, path, opened="home_address" in opened
        ),
        school=show(actor, Kind.TEXT, child.school, path, opened="school" in opened),
        unit_path=path,
        carers=_carers(actor, child_id, opened),
        consents=_consents(actor, child_id),
        wishes=_wishes(child_id),
        ledger=_ledger(child_id),
        opened=opened,
        openable=frozenset(
            name for name, field in CHILD_FIELDS.items() if is_assigned(actor, field, path)
        ),
    )


def _listed(category: str, status: str) -> Select[ChildFile, str]:
    statement = (
        select(ChildFile, Unit.name)
        .join(Unit, Unit.path == ChildFile.unit_path)
        .where(ChildFile.status != "erased")
        .order_by(ChildFile.unit_path, ChildFile.id)
    )
    if category == "left_behind":
        statement = statement.where(ChildFile.left_behind)
    elif category:
        statement = statement.where(ChildFile.primary_category == category)
    if status:
        statement = statement.where(ChildFile.status == status)
    return statement


def _by_number(actor: Actor, number: str) -> ChildPage:
    digest = cipher.ring().blind_index(number.upper(), "child_id")
    found = db.session.execute(_listed("", "").where(ChildFile.id_hmac == digest)).all()
    return ChildPage(tuple(_row(actor, child, unit) for child, unit in found), None)


def _by_name(actor: Actor, statement: Select[ChildFile, str], wanted: str) -> ChildPage:
    found = db.session.execute(statement.limit(SEARCH_LIMIT)).all()
    # Only what the reader sees is searched: a mask must not be guessed letter by letter.
    hits = [(child, unit) for child, unit in found if wanted in _seen_name(actor, child)]
    rows = tuple(_row(actor, child, unit) for child, unit in hits[:PAGE])
    return ChildPage(rows, None, cut=len(found) == SEARCH_LIMIT or len(hits) > PAGE)


def _seen_name(actor: Actor, child: ChildFile, *, opened: bool = False) -> str:
    return show(actor, Kind.NAME, child.name, child.unit_path, opened=opened)


def _row(actor: Actor, child: ChildFile, unit: str, *, opened: bool = False) -> ChildRow:
    return ChildRow(
        id=child.id,
        name=_seen_name(actor, child, opened=opened),
        gender=child.gender,
        age=age_on(child.birth_date, clock.today()),
        birth_date=child.birth_date,
        unit=unit,
        category=child.primary_category,
        left_behind=child.left_behind,
        status=child.status,
    )


def _carers(actor: Actor, child_id: UUID, opened: Mapping[str, datetime]) -> tuple[Carer, ...]:
    links = db.session.scalars(
        select(GuardianLink)
        .where(GuardianLink.child_id == child_id)
        .order_by(GuardianLink.created_at, GuardianLink.id)
    )
    return tuple(
        Carer(
            link.kind,
            show(actor, Kind.NAME, link.name, link.unit_path, opened="guardian_name" in opened),
            link.relation,
            show(actor, Kind.PHONE, link.phone, link.unit_path, opened="guardian_phone" in opened),
        )
        for link in links
    )


def _consents(actor: Actor, child_id: UUID) -> tuple[ConsentRow, ...]:
    found = db.session.scalars(
        select(Consent).where(Consent.child_id == child_id).order_by(Consent.given_on.desc())
    )
    return tuple(
        ConsentRow(
            each.scope,
            show(actor, Kind.NAME, each.given_by, each.unit_path),
            each.relation,
            each.method,
            each.text_version,
            each.given_on,
            each.withdrawn_at,
        )
        for each in found
    )


def _wishes(child_id: UUID) -> tuple[WishLine, ...]:
    found = db.session.execute(
        select(
            Wish.id, Wish.file_no, Wish.item_code, Wish.status, WishWindow.year, WishWindow.occasion
        )
        .join(WishWindow, WishWindow.id == Wish.window_id)
        .where(Wish.child_id == child_id)
        .order_by(Wish.created_at.desc())
    )
    return tuple(WishLine(*each) for each in found)


def _ledger(child_id: UUID) -> tuple[LedgerLine, ...]:
    found = db.session.execute(
        select(CareLedgerRow.year, CareLedgerRow.service_types, CareLedgerRow.effect)
        .where(CareLedgerRow.child_id == child_id)
        .order_by(CareLedgerRow.year.desc())
    )
    return tuple(LedgerLine(year, tuple(kinds), effect) for year, kinds, effect in found)
