"""Who fetches a child (S0-4.7): a registered person by code or card; everybody else is blocked.

A stranger is written down and told to the organiser and the county at once. A telephone without
signal decides by the list it keeps; what it did is checked again here when it is sent.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import facts
from portal.domain import clock, pickup_codes
from portal.domain.actor import Actor
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import Conflict, NotFound
from portal.extensions import db
from portal.models.attendance import Departure
from portal.models.enrolments import Enrolment, PickupPerson
from portal.models.programmes import ProgrammeSession
from portal.services import attendance

#: How a registered person was known: the code, or the picture of their card.
CODE, PICTURE = "code", "picture"
LET_GO, BLOCK, DOUBT = "departure.let_go", "departure.block", "departure.doubt"
_WORDS_LENGTH = 200


def let_go(
    actor: Actor, session_id: UUID, enrolment_id: UUID, *, pickup_id: UUID,
    code: str = "", gone: bool = False, client_id: UUID | None = None, at: datetime | None = None,
) -> UUID:  # fmt: skip
    """Let a child go with a registered person; the same departure sent twice is one.

    Known by ``code``; without one staff compared the picture of the card. A wrong code, or somebody
    whose registration ended, is blocked: kept as such, and told at once (``is_blocked``).
    ``gone``: a telephone without signal let them go by its own list; then what does not fit here is
    kept as gone, and told at once. Raises NotFound for a child or person of another programme,
    Conflict when the child has gone already.
    """
    session, child = _door(actor, session_id, enrolment_id)
    if (known := _known(session.id, client_id)) is not None:
        return known
    person = db.session.scalar(
        select(PickupPerson).where(
            PickupPerson.id == pickup_id, PickupPerson.enrolment_id == child.id
        )
    )
    if person is None:
        raise NotFound
    row = _new(actor, session, child, client_id, at)
    row.words = _doubt(person, code)
    row.blocked = bool(row.words) and not gone
    if not row.blocked:
        row.pickup_id, row.way = person.id, CODE if code else PICTURE
    kind = DOUBT if gone and row.words else BLOCK if row.blocked else LET_GO
    return _write(row, actor, kind)


def block(
    actor: Actor, session_id: UUID, enrolment_id: UUID, *, words: str = "",
    client_id: UUID | None = None, at: datetime | None = None,
) -> UUID:  # fmt: skip
    """Write down that somebody unregistered wanted a child and was not let; tell it at once."""
    session, child = _door(actor, session_id, enrolment_id)
    if (known := _known(session.id, client_id)) is not None:
        return known
    row = _new(actor, session, child, client_id, at)
    row.blocked, row.words = True, (words.strip() or "不在接领名单上")[:_WORDS_LENGTH]
    return _write(row, actor, BLOCK)


def is_blocked(departure_id: UUID) -> bool:
    """Tell whether a departure was refused (for whoever let go, and for stories)."""
    return bool(db.session.scalar(select(Departure.blocked).where(Departure.id == departure_id)))


def _doubt(person: PickupPerson, code: str) -> str:
    """Return what speaks against letting a child go with a person; empty when nothing does."""
    if person.ended_at is not None:
        return "这位接领人的登记已停用"
    if code and not pickup_codes.matches(person.code_hash, code):
        return "接领码不对"
    return ""


def _door(actor: Actor, session_id: UUID, enrolment_id: UUID) -> tuple[ProgrammeSession, Enrolment]:
    session = attendance.writable(actor, session_id)
    if session.happens_on > clock.today():
        raise Conflict("还没到这一天")
    child = db.session.scalar(
        select(Enrolment).where(
            Enrolment.id == enrolment_id,
            Enrolment.programme_id == session.programme_id,
            Enrolment.status.in_(ON_ROSTER),
        )
    )
    if child is None:
        raise NotFound
    return session, child


def _known(session_id: UUID, client_id: UUID | None) -> UUID | None:
    if client_id is None:
        return None
    return db.session.scalar(
        select(Departure.id).where(
            Departure.session_id == session_id, Departure.client_id == client_id
        )
    )


def _write(row: Departure, actor: Actor, kind: str) -> UUID:
    """Keep a departure and say so; one sent twice, or of a child who has gone, is told apart."""
    try:
        with db.session().begin_nested():
            db.session.add(row)
            facts.publish(kind, actor=actor, subject=row)
    except IntegrityError:
        if (known := _known(row.session_id, row.client_id)) is not None:
            return known
        raise Conflict("这名孩子已经登记离开") from None
    return row.id


def _new(
    actor: Actor, session: ProgrammeSession, child: Enrolment, client_id: UUID | None,
    at: datetime | None,
) -> Departure:  # fmt: skip
    return Departure(
        id=uuid4(), session_id=session.id, programme_id=session.programme_id,
        enrolment_id=child.id, unit_path=child.unit_path, client_id=client_id or uuid4(),
        left_at=min(at or clock.now(), clock.now()), let_go_by=actor.user_id,
        created_by=actor.user_id,
    )  # fmt: skip
