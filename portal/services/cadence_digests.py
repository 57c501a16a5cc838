"""The Monday digest: what of the pairings needs a look, in numbers, to whoever answers for them.

No child, no mentor, no number of a file: counts and the way to the board. Nothing to tell, no mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from portal.core import outbox, scope
from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.pairing_board import MARKS
from portal.domain.permissions import Permission, with_only
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.authorities import Delegation
from portal.queries import actors, calendars, pairing_board

#: Who gets one; a colleague who stands in for them today gets it, too.
READERS = (Role.COUNTY_STAFF.value, Role.CHILD_SUPERVISOR.value)
_BOARD = "/desk/pairings/board"
_WEEK = 7


def send_due() -> int:
    """Owe this week's digests on its first working day; return how many (a job of the system).

    Safe to run twice: one mail a person and week. A week without a working day has none.
    """
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    return sum(_send(user_id, monday) for user_id in _readers(today))


def _send(user_id: UUID, monday: date) -> bool:
    actor = actors.by_user(user_id)
    if actor is None or not any(_begins_week(path, monday) for path in _tenants(actor)):
        return False
    worker = with_only(actor, Permission.CADENCE_CARE)
    with scope.within(scope.of(worker), db.session()):
        marks = [row.marks for row in pairing_board.rows(worker)]
    counts = {name: sum(name in each for each in marks) for name in MARKS}
    told = [[mark.label, counts[name]] for name, mark in MARKS.items() if counts[name]]
    if not told:
        return False
    return outbox.owe(
        "cadence_digest", recipient=actor.email, key=f"cadence_digest:{monday}:{user_id}",
        user_id=user_id, name=actor.name, path=_BOARD, marks=told,
        count=sum(1 for each in marks if each),
    )  # fmt: skip


def _tenants(actor: Actor) -> set[str]:
    return {grant.tenant_path for grant in actor.grants if grant.tenant_path}


def _begins_week(tenant_path: str, monday: date) -> bool:
    """Tell whether today is the week's first day on which this authority's offices work."""
    calendar, today = calendars.of(tenant_path), clock.today()
    week = (monday + timedelta(days=n) for n in range(_WEEK))
    return next((day for day in week if calendar.is_workday(day)), None) == today


def _readers(today: date) -> Iterable[UUID]:
    """Return who holds one of the roles today, or stands in for somebody who does."""
    live = [
        RoleGrant.role.in_(READERS),
        RoleGrant.valid_from <= today,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
    ]
    own = db.session.scalars(
        select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id).where(*live)
    )
    lent = db.session.scalars(
        select(Delegation.delegate_id)
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .where(
            *live,
            Delegation.valid_from <= today,
            Delegation.valid_to >= today,
            Delegation.ended_at.is_(None),
        )
    )
    return sorted({*own, *lent}, key=str)
