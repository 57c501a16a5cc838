"""Contact cards (联系卡): issued as a pairing begins, one valid at a time, void with its end.

A card says who helps, with what and whom to ask; of the child it says nothing (S0-4.2a).
"""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, jobs, scope, transitions
from portal.core.storage import storage
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.certificates import new_serial
from portal.domain.contact_cards import REISSUE_REASONS, VOID_REASONS, CardPaper
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.contact_cards import MACHINE
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.contact_cards import ContactCard
from portal.models.pairings import Pairing
from portal.models.records import StoredFile
from portal.models.supporters import Supporter
from portal.queries import contact_cards as reading

_PDF = "application/pdf"


def issue(actor: Actor, pairing_id: UUID) -> UUID:
    """Issue the card of an active pairing; the valid one stays when there is one already.

    Raises NotFound outside one's units, Conflict while the pairing is not active.
    """
    pairing = _pairing(pairing_id)
    if actor is not SYSTEM:
        access.require(actor, Permission.CARD_ISSUE, pairing)
    if pairing.status != "active":
        raise Conflict("结对开始以后才能签发联系卡")
    if (valid := _valid(pairing.id)) is not None:
        return valid.id
    return _new(actor, pairing).id


def reissue(
    actor: Actor, pairing_id: UUID, *, reason_code: str, version: int | None = None
) -> UUID:
    """Void the valid card and issue a new one: changed, lost or misprint.

    Raises Invalid for another reason, Conflict when stale or when the pairing is not active.
    """
    pairing = _pairing(pairing_id)
    old = _valid(pairing.id)
    if old is None:
        return issue(actor, pairing_id)
    if version is not None and old.version != version:
        raise Conflict("有同事比您早一步换发了联系卡，请刷新后再看")
    if reason_code not in REISSUE_REASONS:
        raise Invalid("请选择换发原因", {"reason_code": "请选择换发原因"})
    if pairing.status != "active":
        raise Conflict("结对开始以后才能签发联系卡")
    transitions.fire(MACHINE, old, "replace", actor, {"reason_code": reason_code})
    _ended(old, reason_code)
    return _new(actor, pairing).id


def end(pairing: Pairing, why: str) -> None:
    """Void the card of a pairing that rests or has ended; ``why`` is a key of VOID_REASONS."""
    card = _valid(pairing.id)
    if card is not None:
        transitions.fire(MACHINE, card, "end", SYSTEM, why=why)
        _ended(card, why)


def renew_of(supporter: Supporter) -> int:
    """Issue new cards where the name or number of a helper changed; return how many."""
    own = scope.Scope(
        supporters=(supporter.id,), tenants=(supporter.tenant_path,), reason="a helper's own cards"
    )
    # What changed is written in the scope of whoever changed it.
    db.session.flush()
    with scope.within(own, db.session()):
        valid = db.session.scalars(
            select(ContactCard)
            .where(ContactCard.supporter_id == supporter.id, ContactCard.status == "valid")
            .order_by(ContactCard.id)
        ).all()
        return sum(renew(_pairing(card.pairing_id)) for card in valid)


def renew(pairing: Pairing) -> bool:
    """Issue a new card of an active pairing where the valid one says something that changed."""
    card = _valid(pairing.id)
    if card is None or pairing.status != "active" or not reading.is_stale(card, pairing):
        return False
    end(pairing, "changed")
    _new(SYSTEM, pairing)
    return True


def to_print(card_id: UUID) -> CardPaper | None:
    """Return the content of a valid card that has no file yet; None when there is none."""
    card = db.session.scalar(select(ContactCard).where(ContactCard.id == card_id))
    if card is None or card.status != "valid" or card.file_id is not None or not card.paper:
        return None
    return CardPaper.from_json(card.paper)


def keep(card_id: UUID, data: bytes) -> None:
    """Keep the printed file; what was printed twice is kept once."""
    card = db.session.scalar(select(ContactCard).where(ContactCard.id == card_id))
    if card is None or card.file_id is not None:
        return
    file_id = keep_paper(data, unit_path=card.unit_path, supporter_id=card.supporter_id)
    card.file_id, card.paper_fault = file_id, ""


def note_fault(card_id: UUID, fault: str) -> None:
    """Remember why this machine could print no file; the page offers the browser's printing."""
    card = db.session.scalar(select(ContactCard).where(ContactCard.id == card_id))
    if card is not None and card.file_id is None:
        card.paper_fault = fault


def keep_paper(data: bytes, *, unit_path: str, supporter_id: UUID) -> UUID:
    """Keep a printed paper about a supporter; it goes with the supporter when they are erased."""
    file_id = uuid4()
    key = f"{file_id.hex[:2]}/{file_id}"
    storage().put(key, data)
    db.session.add(
        StoredFile(
            id=file_id, key=key, mime=_PDF, size=len(data), unit_path=unit_path,
            sha256=hashlib.sha256(data).hexdigest(), supporter_id=supporter_id,
        )
    )  # fmt: skip
    db.session.flush()
    return file_id


def _new(actor: Actor, pairing: Pairing) -> ContactCard:
    serial = new_serial()
    card = ContactCard(
        id=uuid4(), pairing_id=pairing.id, supporter_id=pairing.supporter_id, serial=serial,
        issued_by=actor.user_id, issued_on=clock.today(), unit_path=pairing.unit_path,
        paper=reading.content(pairing, serial).to_json(), created_by=actor.user_id,
    )  # fmt: skip
    transitions.begin(MACHINE, card, actor, supporter_id=str(pairing.supporter_id))
    db.session.add(card)
    db.session.flush()
    jobs.owe("card_print", actor=actor, unit_path=card.unit_path, card=str(card.id))
    return card


def _ended(card: ContactCard, why: str) -> None:
    if why not in VOID_REASONS:
        msg = f"{why} is no reason for a void card"
        raise ValueError(msg)
    card.ended_on, card.void_reason = clock.today(), why
    # The valid one is unique: the old one must be written before the new one.
    db.session.flush()


def _valid(pairing_id: UUID) -> ContactCard | None:
    found: ContactCard | None = db.session.scalar(
        select(ContactCard).where(
            ContactCard.pairing_id == pairing_id, ContactCard.status == "valid"
        )
    )
    return found


def _pairing(pairing_id: UUID) -> Pairing:
    pairing: Pairing | None = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None:
        raise NotFound
    return pairing


__all__ = ["end", "issue", "reissue", "renew_of"]
