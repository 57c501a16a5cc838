"""Contact cards: the helper's own, the desk's, a township's, and what a stranger may learn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from portal.core import access, scope
from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.contact_cards import CardPaper, duties
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.contact_cards import ContactCard
from portal.models.pairings import Pairing
from portal.models.records import StoredFile
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import units

PAGE = 200
#: Slashes in the path of an authority's city; townships are listed from the county down.
_COUNTY_DEPTH = 4


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """What a stranger learns of a card: whether it stands, and which office answers."""

    valid: bool
    unit: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card as issued; ``paper`` is empty once it was erased."""

    id: UUID
    serial: str
    status: str
    issued_on: date
    ended_on: date | None
    void_reason: str
    paper_fault: str
    has_file: bool
    version: int
    paper: CardPaper | None


@dataclass(frozen=True, slots=True)
class CardView:
    """The cards of one pairing: the valid one, those before, what may be done."""

    pairing_id: UUID
    file_no: str
    pairing_status: str
    card: CardRow | None
    past: tuple[CardRow, ...]
    may_issue: bool
    #: A card issued today would say something else: staff are asked to issue it anew.
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A valid card in the register of a place."""

    pairing_id: UUID
    file_no: str
    place: str
    card: CardRow


def by_serial(serial: str) -> CheckedCard | None:
    """Return what a serial's card is today; None for a serial that was never issued.

    Nobody's name stands in the answer: who holds the card reads it there.
    """
    with scope.everywhere("a stranger holds a card and asks whether it is valid", db.session()):
        row = db.session.execute(
            select(ContactCard.status, ContactCard.paper).where(ContactCard.serial == serial)
        ).first()
    if row is None:
        return None
    unit = CardPaper.from_json(row.paper).unit if row.paper else ""
    return CheckedCard(valid=row.status == "valid", unit=unit)


def held(actor: Actor, pairing_id: UUID) -> CardView:
    """Return the cards of an own pairing; NotFound for anybody else's."""
    pairing = _pairing(pairing_id)
    if pairing.supporter_id not in actor.supporter_ids:
        raise NotFound
    return _view(pairing, may_issue=False)


def desk(actor: Actor, pairing_id: UUID) -> CardView:
    """Return the cards of a pairing for staff; NotFound without the right to read them."""
    pairing = _pairing(pairing_id)
    if not access.permits(actor, Permission.CARD_READ, pairing):
        raise NotFound
    may = access.permits(actor, Permission.CARD_ISSUE, pairing) and pairing.status == "active"
    return _view(pairing, may_issue=may)


def paper_of(view: CardView) -> CardPaper:
    """Return what the valid card says; NotFound while there is none."""
    if view.card is None or view.card.paper is None:
        raise NotFound("现在没有有效的联系卡")
    return view.card.paper


def file_of(view: CardView) -> tuple[bytes, str]:
    """Return the printed file of the valid card and its serial; NotFound while there is none."""
    if view.card is None:
        raise NotFound
    found = db.session.scalar(
        select(StoredFile)
        .join(ContactCard, ContactCard.file_id == StoredFile.id)
        .where(ContactCard.id == view.card.id)
    )
    if found is None:
        raise NotFound("这张联系卡还没有可以下载的文件")
    return storage().open(found.key), view.card.serial


def register(actor: Actor, code: str = "") -> tuple[RegisterRow, ...]:
    """Return the valid cards of the reader's units, or of one of them, by the pairing's number."""
    inside: ColumnElement[bool] = true()
    if code:
        path = units.get(code).path
        inside = (Pairing.unit_path >= path) & (Pairing.unit_path < path[:-1] + "0")
    rows = db.session.execute(
        select(ContactCard, Pairing.file_no, Unit.name.label("place"))
        .join(Pairing, Pairing.id == ContactCard.pairing_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .where(ContactCard.status == "valid", inside)
        .order_by(Pairing.file_no)
        .limit(PAGE)
    ).all()
    return tuple(
        RegisterRow(row.ContactCard.pairing_id, row.file_no, row.place,
                    _row(row.ContactCard))
        for row in rows
        if access.permits(actor, Permission.CARD_READ, row.ContactCard)
    )  # fmt: skip


def content(pairing: Pairing, serial: str) -> CardPaper:
    """Return what a card of a pairing says when it is issued today."""
    helper = db.session.get_one(Supporter, pairing.supporter_id)
    county = units.by_path(helper.unit_path)
    staff = db.session.get(User, pairing.contact_id) if pairing.contact_id else None
    return CardPaper(
        serial=serial,
        name=helper.name,
        phone=helper.phone or "",
        helper=pairing.helper,
        duties=duties(pairing.rhythm),
        unit=county.name if county.level == "agency" else f"{county.name}民政局",
        contact=" ".join(filter(None, (staff.name, staff.phone or ""))) if staff else "",
        started_on=pairing.started_on,
        issued_on=clock.today(),
    )


def is_stale(card: ContactCard, pairing: Pairing) -> bool:
    """Tell whether a card issued today would say something else."""
    if not card.paper:
        return False
    held = CardPaper.from_json(card.paper)
    return not held.says_the_same_as(content(pairing, held.serial))


def townships(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the townships (code, name) in which the reader may look at cards."""
    paths = [path for path in actor.paths() if path.count("/") > _COUNTY_DEPTH - 1]
    found = {unit.code: unit.name for path in paths for unit in units.below(path, "township")}
    return tuple(sorted(found.items()))


def _view(pairing: Pairing, *, may_issue: bool) -> CardView:
    cards = db.session.scalars(
        select(ContactCard)
        .where(ContactCard.pairing_id == pairing.id)
        .order_by(ContactCard.created_at.desc(), ContactCard.id)
    ).all()
    rows = [_row(card) for card in cards]
    return CardView(
        pairing_id=pairing.id,
        file_no=pairing.file_no,
        pairing_status=pairing.status,
        card=next((row for row in rows if row.status == "valid"), None),
        past=tuple(row for row in rows if row.status != "valid"),
        may_issue=may_issue,
        is_stale=may_issue
        and any(is_stale(card, pairing) for card in cards if card.status == "valid"),
    )


def _row(card: ContactCard) -> CardRow:
    return CardRow(
        id=card.id,
        serial=card.serial,
        status=card.status,
        issued_on=card.issued_on,
        ended_on=card.ended_on,
        void_reason=card.void_reason,
        paper_fault=card.paper_fault,
        has_file=card.file_id is not None,
        version=card.version,
        paper=CardPaper.from_json(card.paper) if card.paper else None,
    )


def _pairing(pairing_id: UUID) -> Any:
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None:
        raise NotFound
    return pairing
