"""What a mentor reads of the own pairings, stage by stage; never a child's file, never a need.

Before the first meeting only the words of a public card and where to come; afterwards what was
copied onto the pairing for them; in the end nothing of the child again (invariant 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.pairings import MEET_WITHIN_DAYS, MET
from portal.domain.needs import FACES, KINDS, RHYTHMS
from portal.extensions import db
from portal.models.accounts import User
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.queries import pairing_contacts

#: What it is called where nothing is known of it: a pairing from before there were needs.
_FACE = "company"
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class OwnPairing:
    """One pairing as its person may know it today; ``called`` is empty before they met."""

    id: UUID
    supporter_id: UUID
    supporter: str
    status: str
    since: date
    face: str
    kind: str
    rhythm: str
    called: str
    approved_on: date | None
    meeting_on: date | None
    meeting_hour: str
    meeting_place: str
    met_on: date | None
    started_on: date | None
    review_due: date | None
    ended_on: date | None
    paused_reason: str
    end_reason: str
    contact: str
    contact_phone: str
    version: int
    #: Why it waits for staff (domain.continuity.LEAVING); empty while nothing does.
    leaving_why: str

    @property
    def is_met(self) -> bool:
        """Tell whether they know each other now."""
        return self.status in MET

    @property
    def meet_by(self) -> date | None:
        """Return the day by which the first meeting should be (PN: 15 days)."""
        if self.approved_on is None:
            return None
        return self.approved_on + timedelta(days=MEET_WITHIN_DAYS)


def of(actor: Actor) -> tuple[OwnPairing, ...]:
    """Return the own pairings, living ones first, the newest of each first."""
    rows = db.session.execute(_chosen(actor)).all()
    found = [_own(row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.status == "closed", -one.since.toordinal())))


def get(actor: Actor, pairing_id: UUID) -> OwnPairing:
    """Return one of the own pairings; NotFound for anybody else's."""
    row = db.session.execute(_chosen(actor).where(Pairing.id == pairing_id)).one_or_none()
    if row is None:
        raise NotFound
    return _own(row)


def _chosen(actor: Actor) -> Rows:
    chosen: Rows = (
        select(
            Pairing.id, Pairing.supporter_id, Supporter.name.label("supporter"), Pairing.status,
            Pairing.status_since, Pairing.kind, Pairing.rhythm, Pairing.called,
            Pairing.approved_on, Pairing.meeting_on, Pairing.meeting_hour, Pairing.meeting_place,
            Pairing.met_on, Pairing.started_on, Pairing.review_due, Pairing.ended_on,
            Pairing.paused_reason, Pairing.end_reason,
            User.name.label("contact"), User.phone.label("contact_phone"),
            Pairing.version, Pairing.leaving_why,
        )
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .outerjoin(
            User,
            and_(
                User.id == pairing_contacts.contact(),
                pairing_contacts.holds_post(User.id, Pairing.unit_path),
            ),
        )
        .where(Pairing.supporter_id.in_(actor.supporter_ids))
        .order_by(Pairing.status_since.desc(), Pairing.id)
    )  # fmt: skip
    return chosen


def _own(row: Row[Any]) -> OwnPairing:
    met, live = row.status in MET, row.status != "closed"
    arranged = met or row.status == "matched"
    kind = KINDS.get(row.kind)
    return OwnPairing(
        id=row.id,
        supporter_id=row.supporter_id,
        supporter=row.supporter,
        status=row.status,
        since=clock.local(row.status_since).date(),
        face=FACES[kind.face if kind else _FACE],
        kind=kind.label if kind and met else "",
        rhythm=RHYTHMS[row.rhythm].label if row.rhythm in RHYTHMS else "",
        called=(row.called or "") if met else "",
        approved_on=row.approved_on,
        meeting_on=row.meeting_on if arranged else None,
        meeting_hour=row.meeting_hour if arranged else "",
        meeting_place=(row.meeting_place or "") if arranged else "",
        met_on=row.met_on,
        started_on=row.started_on,
        review_due=row.review_due if live else None,
        ended_on=row.ended_on,
        paused_reason=row.paused_reason,
        end_reason=row.end_reason,
        contact=(row.contact or "") if arranged else "",
        contact_phone=(row.contact_phone or "") if arranged else "",
        version=row.version,
        leaving_why=row.leaving_why,
    )
