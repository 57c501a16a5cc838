"""Letters: a mentor's own page, the staff's queue, one letter with what the linter sees in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, transitions
from portal.core.storage import storage
from portal.core.transitions import Offer
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.letters import TO_CHILD, Found, Piece, pieces, read
from portal.domain.lifecycles.letters import MACHINE
from portal.domain.permissions import Permission
from portal.domain.screening import KnownFacts
from portal.extensions import db
from portal.models.accounts import User
from portal.models.letters import Letter
from portal.models.pairings import Pairing
from portal.models.records import StoredFile
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import screening

PAGE = 30
#: The states the queue shows, in the order of its tabs.
LISTED = ("written", "approved", "screened_out", "returned", "handed_over")


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter in a list."""

    id: UUID
    pairing_id: UUID
    file_no: str
    direction: str
    status: str
    written_on: date
    handed_over_on: date | None
    mentor: str
    place: str


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """A letter as the mentor reads it: the own ones, and the child's that were handed over."""

    id: UUID
    pairing_id: UUID
    direction: str
    status: str
    written_on: date
    handed_over_on: date | None
    text: str
    pieces: tuple[Piece, ...]
    found: tuple[Found, ...]
    remark: str
    version: int
    has_picture: bool
    may_rewrite: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """A pairing's letters for its mentor, the newest first."""

    pairing_id: UUID
    file_no: str
    status: str
    called: str
    letters: tuple[OwnLetter, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One letter before the staff's eye, with what may not cross and the buttons."""

    row: LetterRow
    text: str
    pieces: tuple[Piece, ...]
    found: tuple[Found, ...]
    remark: str
    version: int
    has_picture: bool
    with_picture: bool
    called: str
    pairing_status: str
    writer: str
    reader: str
    read_at: datetime | None
    moves: tuple[Offer, ...]


def found_at_writing(letter: Letter, pairing: Pairing) -> tuple[Found, ...]:
    """Return what the linter finds without a child's file: the writer may not read one."""
    return _read(letter.text, letter.direction, pairing, None)


def found_on_file(letter: Letter, text: str) -> tuple[Found, ...]:
    """Return what the linter finds with everything on file around the child (staff)."""
    pairing = db.session.get_one(Pairing, letter.pairing_id)
    return _read(text, letter.direction, pairing, screening.known_facts(letter.child_id))


def exchange(actor: Actor, pairing_id: UUID) -> Exchange:
    """Return an own pairing's letters; NotFound for anybody else's."""
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None or pairing.supporter_id not in actor.supporter_ids:
        raise NotFound
    rows = db.session.scalars(
        select(Letter)
        .where(Letter.pairing_id == pairing_id, Letter.supporter_id == pairing.supporter_id)
        .order_by(Letter.created_at.desc(), Letter.id)
    )
    return Exchange(
        pairing_id=pairing.id,
        file_no=pairing.file_no,
        status=pairing.status,
        called=pairing.called or "",
        letters=tuple(_own(row, pairing) for row in rows),
    )


def own(actor: Actor, pairing_id: UUID, letter_id: UUID) -> tuple[Exchange, OwnLetter]:
    """Return one letter of an own pairing with the pairing; NotFound for every other."""
    all_of_it = exchange(actor, pairing_id)
    for letter in all_of_it.letters:
        if letter.id == letter_id:
            return all_of_it, letter
    raise NotFound


def queue(actor: Actor, status: str, offset: int = 0) -> tuple[tuple[LetterRow, ...], bool]:
    """Return a page of the scope's letters of one state, and whether more follow."""
    newest = status == "handed_over"
    at = Letter.status_since.desc() if newest else Letter.status_since
    rows = db.session.execute(
        _rows()
        .where(Letter.status == status)
        .order_by(at, Letter.id)
        .offset(offset)
        .limit(PAGE + 1)
    ).all()
    return tuple(_row(row) for row in rows[:PAGE]), len(rows) > PAGE


def counts() -> dict[str, int]:
    """Return how many letters of the scope stand in each state."""
    return dict(
        iter(db.session.execute(select(Letter.status, func.count()).group_by(Letter.status)))
    )


def count_waiting(status: str) -> int:
    """Return how many letters of the scope wait in a state: to be read, or to be handed over."""
    return db.session.scalar(select(func.count(Letter.id)).where(Letter.status == status)) or 0


def of_pairing(actor: Actor, pairing_id: UUID) -> tuple[LetterRow, ...]:
    """Return all letters of a pairing for staff, the newest first; NotFound without the right."""
    desk_pairing(actor, pairing_id)
    rows = db.session.execute(
        _rows().where(Letter.pairing_id == pairing_id).order_by(Letter.created_at.desc(), Letter.id)
    )
    return tuple(_row(row) for row in rows)


def desk_pairing(actor: Actor, pairing_id: UUID) -> Any:
    """Return number, state and name by which staff know the pairing; NotFound."""
    found = db.session.execute(
        select(
            Pairing.id, Pairing.file_no, Pairing.status, Pairing.unit_path, Pairing.supporter_id,
            Pairing.called, Supporter.name.label("mentor"),
        )
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .where(Pairing.id == pairing_id)
    ).first()  # fmt: skip
    if found is None or not access.permits(actor, Permission.LETTER_READ, found):
        raise NotFound
    return found


def opened(actor: Actor, letter_id: UUID) -> Opened:
    """Return one letter for staff; NotFound without the right to read it."""
    letter = db.session.scalar(select(Letter).where(Letter.id == letter_id))
    if letter is None or not access.permits(actor, Permission.LETTER_READ, letter):
        raise NotFound
    pairing = db.session.get_one(Pairing, letter.pairing_id)
    waiting = letter.status in ("written", "screened_out", "returned")
    found = found_on_file(letter, letter.text) if waiting and letter.text else ()
    return Opened(
        row=_row(db.session.execute(_rows().where(Letter.id == letter_id)).one()),
        text=letter.text,
        pieces=pieces(letter.text, found),
        found=found,
        remark=letter.remark,
        version=letter.version,
        has_picture=letter.scan_id is not None,
        with_picture=letter.with_picture,
        called=pairing.called or "",
        pairing_status=pairing.status,
        writer=_name(letter.created_by),
        reader=_name(letter.read_by),
        read_at=letter.read_at,
        moves=transitions.offers(MACHINE, letter, actor),
    )


def picture(actor: Actor, letter_id: UUID) -> bytes:
    """Return the picture of a child's letter: to staff, and to the mentor once it may be seen."""
    letter = db.session.scalar(select(Letter).where(Letter.id == letter_id))
    if letter is None or letter.scan_id is None:
        raise NotFound
    mentors = letter.with_picture and letter.supporter_id in actor.supporter_ids
    if not mentors and not access.permits(actor, Permission.LETTER_READ, letter):
        raise NotFound
    return storage().open(db.session.get_one(StoredFile, letter.scan_id).key)


def _read(
    text: str, direction: str, pairing: Pairing, facts: KnownFacts | None
) -> tuple[Found, ...]:
    allowed = {*screening.wide_places(pairing.tenant_path), *filter(None, (pairing.called,))}
    gazetteer = screening.gazetteer(pairing.tenant_path)
    return read(text, direction, facts, gazetteer, allowed)


def _own(letter: Letter, pairing: Pairing) -> OwnLetter:
    mine = letter.direction == TO_CHILD
    found = found_at_writing(letter, pairing) if letter.status == "screened_out" else ()
    return OwnLetter(
        id=letter.id,
        pairing_id=letter.pairing_id,
        direction=letter.direction,
        status=letter.status,
        written_on=letter.written_on,
        handed_over_on=letter.handed_over_on,
        text=letter.text,
        pieces=pieces(letter.text, found),
        found=found,
        remark=letter.remark if mine else "",
        version=letter.version,
        has_picture=letter.with_picture,
        may_rewrite=mine and pairing.status == "active" and _leaves(letter, "rewrite"),
        may_withdraw=mine and _leaves(letter, "withdraw"),
    )


def _leaves(letter: Letter, move: str) -> bool:
    return letter.status in MACHINE.transition(move).sources


def _rows() -> Any:
    return (
        select(Letter, Pairing.file_no, Supporter.name.label("mentor"), Unit.name.label("place"))
        .join(Pairing, Pairing.id == Letter.pairing_id)
        .join(Unit, Unit.path == Letter.unit_path)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
    )


def _row(row: Any) -> LetterRow:
    letter: Letter = row.Letter
    return LetterRow(
        id=letter.id,
        pairing_id=letter.pairing_id,
        file_no=row.file_no,
        direction=letter.direction,
        status=letter.status,
        written_on=letter.written_on,
        handed_over_on=letter.handed_over_on,
        mentor=row.mentor,
        place=row.place,
    )


def _name(user_id: UUID | None) -> str:
    return (user_id and db.session.scalar(select(User.name).where(User.id == user_id))) or ""
