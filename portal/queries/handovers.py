"""Hand-overs: what a mentor writes for the next one, what the next one reads, what staff check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain.actor import Actor
from portal.domain.continuity import HANDOVER_PARTS
from portal.domain.errors import NotFound
from portal.domain.letters import TO_CHILD, read
from portal.domain.lifecycles.handovers import MACHINE
from portal.domain.lifecycles.pairings import LIVE, MET
from portal.domain.permissions import Permission
from portal.domain.screening import KnownFacts
from portal.extensions import db
from portal.models.accounts import User
from portal.models.continuity import Handover
from portal.models.pairings import Pairing
from portal.queries import screening

#: What leads to a child or says who it is; ordinary life may stand in a hand-over.
_TELLING = frozenset({"contact", "number", "place", "school", "name", "birth"})
#: The moves a page offers as buttons; writing is the form itself.
_BUTTONS = frozenset({"release", "return"})


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A hand-over before somebody's eyes; ``id`` is None while nothing is written."""

    pairing_id: UUID
    file_no: str
    pairing_status: str
    called: str
    id: UUID | None
    status: str
    version: int
    parts: tuple[tuple[str, str], ...]
    written_by: str
    written_on: date | None
    remark: str
    may_write: bool
    #: Whether the next mentor reads it already.
    is_read: bool
    moves: tuple[Offer, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is written yet."""
        return self.id is None


def of(pairing_id: UUID) -> Handover | None:
    """Return the hand-over of a pairing that the scope may read."""
    found: Handover | None = db.session.scalar(
        select(Handover).where(Handover.pairing_id == pairing_id)
    )
    return found


def pairing_of(handover_id: UUID) -> UUID:
    """Return the pairing of a hand-over; NotFound outside the scope."""
    found = db.session.scalar(select(Handover.pairing_id).where(Handover.id == handover_id))
    if found is None:
        raise NotFound
    return found


def following(pairing_id: UUID) -> Pairing | None:
    """Return the live pairing that follows one that ended."""
    found: Pairing | None = db.session.scalar(
        select(Pairing)
        .where(Pairing.follows_id == pairing_id, Pairing.status.in_(LIVE))
        .order_by(Pairing.created_at.desc())
        .limit(1)
    )
    return found


def is_read(row: Handover) -> bool:
    """Tell whether the next mentor has it open."""
    return row.supporter_id is not None and row.supporter_id != row.mentor_id


def telling(pairing: Pairing, text: str, *, on_file: bool) -> list[str]:
    """Return what in a text leads to the child; ``on_file`` reads with all that is known (staff).

    A mentor may not read a child's file, so their text meets the general rules alone.
    """
    if not text.strip():
        return []
    allowed = {*screening.wide_places(pairing.tenant_path), *filter(None, (pairing.called,))}
    facts = screening.known_facts(pairing.child_id) if on_file else KnownFacts()
    found = read(text, TO_CHILD, facts, screening.gazetteer(pairing.tenant_path), allowed)
    return [one.text for one in found if one.matter in _TELLING]


def own(actor: Actor, pairing_id: UUID) -> HandoverView:
    """Return what the mentor of a pairing writes for the next one; NotFound for anybody else."""
    pairing = _own_pairing(actor, pairing_id)
    row = of(pairing.id) if pairing.status in MET else None
    return _view(pairing, row, may_write=pairing.status in MET)


def received(actor: Actor, pairing_id: UUID) -> HandoverView | None:
    """Return what the mentor before left for an own pairing that has begun; None otherwise."""
    pairing = _own_pairing(actor, pairing_id)
    if pairing.status not in MET or pairing.follows_id is None:
        return None
    row = of(pairing.follows_id)
    if row is None or row.status != "released" or row.supporter_id != pairing.supporter_id:
        return None
    return _view(pairing, row, may_write=False, names=False)


def desk(actor: Actor, pairing_id: UUID) -> HandoverView:
    """Return the hand-over of a pairing for staff, with their buttons; NotFound without the right.

    Words about the child are for the field: whoever only counts pairings does not read them.
    """
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None or not access.permits(actor, Permission.PAIRING_MEET, pairing):
        raise NotFound
    row = of(pairing.id)
    read_now = row is not None and is_read(row)
    writes = pairing.started_on is not None and not read_now
    return _view(pairing, row, may_write=writes, actor=actor)


def _own_pairing(actor: Actor, pairing_id: UUID) -> Pairing:
    pairing = db.session.scalar(select(Pairing).where(Pairing.id == pairing_id))
    if pairing is None or pairing.supporter_id not in actor.supporter_ids:
        raise NotFound
    return pairing


def _view(
    pairing: Pairing,
    row: Handover | None,
    *,
    may_write: bool,
    names: bool = True,
    actor: Actor | None = None,
) -> HandoverView:
    moves = transitions.offers(MACHINE, row, actor) if row is not None and actor else ()
    return HandoverView(
        pairing_id=pairing.id,
        file_no=pairing.file_no,
        pairing_status=pairing.status,
        called=pairing.called or "",
        id=row.id if row else None,
        status=row.status if row else "",
        version=row.version if row else 0,
        parts=tuple((name, getattr(row, name) if row else "") for name in HANDOVER_PARTS),
        written_by=_name(row.written_by) if row and names else "",
        written_on=row.written_on if row else None,
        remark=row.remark if row else "",
        may_write=may_write,
        is_read=row is not None and is_read(row),
        moves=tuple(offer for offer in moves if offer.move.name in _BUTTONS),
    )


def _name(user_id: UUID | None) -> str:
    return (db.session.scalar(select(User.name).where(User.id == user_id)) or "") if user_id else ""
