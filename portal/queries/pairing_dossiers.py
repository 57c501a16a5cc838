"""One pairing whole, for the desk: who, why, what was agreed, what may be done; masked by role."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.lifecycles.pairings import APPROVED, MACHINE
from portal.domain.masking import Kind
from portal.domain.needs import HEARD_FROM_AGE
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.extensions import db
from portal.models.accounts import User
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing, PairingPause
from portal.models.standings import Clearance
from portal.queries import closing_interviews, directors, facts, pairing_gaps
from portal.queries.facts import FactRow
from portal.queries.pairings import PairingRow, listed, row_of


@dataclass(frozen=True, slots=True)
class Rest:
    """A stretch in which it rested."""

    reason_code: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class PairingDossier:
    """One pairing whole, for who may read it; ``moves`` are the buttons."""

    row: PairingRow
    child_id: UUID
    age: int
    hears_child: bool
    need_id: UUID | None
    need_state: str
    need_words: str
    origin: str
    reasons: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    activated_by: str
    #: Who holds the first meeting knows whom to expect, from the approval to the end.
    person: str
    phone: str
    standing_until: date | None
    standing_holds: bool
    guardian_agreed_on: date | None
    guardian_agreed_by: str
    agreement_file_id: UUID | None
    child_agreed_on: date | None
    child_words: str
    met_with: str
    called: str
    meeting_on: date | None
    meeting_hour: str
    meeting_place: str
    contact: str
    review_due: date | None
    words: str
    rests: tuple[Rest, ...]
    history: tuple[FactRow, ...]
    moves: tuple[Offer, ...]
    tenant_path: str
    #: Why it needs somebody (domain.continuity.GAPS); empty while all is well.
    gap: str
    #: The pairing it follows, where the reader may see it.
    before_id: UUID | None
    before_no: str
    may_meet: bool
    may_hold_meeting: bool
    may_manage: bool
    vets: bool


def dossier(actor: Actor, pairing_id: UUID) -> PairingDossier:
    """Return one pairing whole; NotFound when it is absent or behind a wall."""
    row = db.session.execute(listed().where(Pairing.id == pairing_id)).one_or_none()
    if row is None or not access.permits(actor, Permission.PAIRING_READ, row.Pairing):
        raise NotFound
    one, child = row.Pairing, row.ChildFile
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == one.need_id))
    names = _names(one)
    age = age_on(child.birth_date, clock.today())
    may_meet = access.permits(actor, Permission.PAIRING_MEET, one)
    expected = row.Supporter if may_meet and one.status in APPROVED else None
    return PairingDossier(
        row=replace(row_of(actor, row), interview_open=bool(closing_interviews.open_of([one.id]))),
        child_id=child.id,
        age=age,
        hears_child=age >= HEARD_FROM_AGE,
        need_id=one.need_id,
        need_state=need.status if need else "",
        need_words=_text(actor, one, need.child_words if need else ""),
        origin=one.origin,
        reasons=tuple(str(each) for each in one.reasons),
        proposed_by=names.get(one.proposed_by, ""),
        proposed_at=one.created_at,
        approved_by=names.get(one.approved_by, ""),
        activated_by=names.get(one.activated_by, ""),
        person=expected.name if expected else "",
        phone=(expected.phone or "") if expected else "",
        **_standing(one),
        **_family(actor, one, names),
        rests=_rests(one.id),
        history=facts.of_subjects([one.id]),
        moves=transitions.offers(MACHINE, one, actor),
        tenant_path=one.tenant_path,
        gap=next(iter(pairing_gaps.of([one.id]).get(one.id, ())), ""),
        **_before(one),
        may_meet=may_meet,
        may_hold_meeting=directors.may_hold(actor, one.unit_path),
        may_manage=access.permits(actor, Permission.PAIRING_MANAGE, one),
        vets=access.permits(actor, Permission.SUPPORTER_VET, row.Supporter),
    )


def _before(one: Pairing) -> dict[str, Any]:
    file_no = db.session.scalar(select(Pairing.file_no).where(Pairing.id == one.follows_id))
    return {"before_id": one.follows_id if file_no else None, "before_no": file_no or ""}


def _standing(one: Pairing) -> dict[str, Any]:
    valid_to = db.session.scalar(
        select(Clearance.valid_to).where(Clearance.supporter_id == one.supporter_id)
    )
    return {"standing_until": valid_to, "standing_holds": one.contact_stands}


def _family(actor: Actor, one: Pairing, names: dict[UUID | None, str]) -> dict[str, Any]:
    """Return what was agreed and where they meet, as this reader may see it."""
    return {
        "guardian_agreed_on": one.guardian_agreed_on,
        "guardian_agreed_by": show(actor, Kind.NAME, one.guardian_agreed_by, one.unit_path),
        "agreement_file_id": one.agreement_file_id,
        "child_agreed_on": one.child_agreed_on,
        "child_words": _text(actor, one, one.child_words),
        "met_with": names.get(one.met_with, ""),
        "called": _text(actor, one, one.called),
        "meeting_on": one.meeting_on,
        "meeting_hour": one.meeting_hour,
        "meeting_place": _text(actor, one, one.meeting_place),
        "contact": names.get(one.contact_id, ""),
        "review_due": one.review_due,
        "words": _text(actor, one, one.words),
    }


def _text(actor: Actor, one: Pairing, value: str | None) -> str:
    return show(actor, Kind.TEXT, value, one.unit_path) if value else ""


def _names(one: Pairing) -> dict[UUID | None, str]:
    hands = (one.proposed_by, one.approved_by, one.activated_by, one.met_with, one.contact_id)
    rows = db.session.execute(
        select(User.id, User.name).where(User.id.in_([hand for hand in hands if hand is not None]))
    )
    return {row.id: row.name for row in rows}


def _rests(pairing_id: UUID) -> tuple[Rest, ...]:
    rows = db.session.execute(
        select(PairingPause.reason_code, PairingPause.from_on, PairingPause.until_on)
        .where(PairingPause.pairing_id == pairing_id)
        .order_by(PairingPause.from_on, PairingPause.id)
    )
    return tuple(Rest(*row) for row in rows)
