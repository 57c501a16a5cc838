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
from portal.domain.actor import Role
from portal.domain.lifecycles.pairings import APPROVED
from portal.domain.pairing_board import MARKS
from portal.domain.permissions import Permission, with_only
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.authorities import Delegation
from portal.models.pairings import Pairing
from portal.queries import actors, calendars, pairing_board

#: Who gets one; a colleague who stands in for them today gets it, too.
READERS = (Role.COUNTY_STAFF.value, Role.CHILD_SUPERVISOR.value)
_BOARD = "/desk/pairings/board"
_WEEK = 7


def send_due() -> int:
    """Owe this week's digests on its first working day; return how many (a job of the system).

    Safe to run twice: one mail a person and week. A week without a working day has none. Whoever
    has no pairing below them is not asked about: most villages have none.
    """
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    places = tuple(
        db.session.scalars(select(Pairing.unit_path).where(Pairing.status.in_(APPROVED)).distinct())
    )
    begins: dict[str, bool] = {}
    readers = set()
    for user_id, path, tenant in _readers(today) if places else ():
        if tenant not in begins:
            begins[tenant] = _begins_week(tenant, monday)
        if begins[tenant] and any(place.startswith(path) for place in places):
            readers.add(user_id)
    return sum(_send(user_id, monday) for user_id in sorted(readers, key=str))


def _send(user_id: UUID, monday: date) -> bool:
    actor = actors.by_user(user_id)
    if actor is None:
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


def _begins_week(tenant_path: str, monday: date) -> bool:
    """Tell whether today is the week's first day on which this authority's offices work."""
    calendar, today = calendars.of(tenant_path), clock.today()
    week = (monday + timedelta(days=n) for n in range(_WEEK))
    return next((day for day in week if calendar.is_workday(day)), None) == today


def _readers(today: date) -> Iterable[tuple[UUID, str, str]]:
    """Return who holds one of the roles today, or stands in for somebody who does, and where."""
    live = [
        RoleGrant.role.in_(READERS),
        RoleGrant.tenant_path.is_not(None),
        RoleGrant.valid_from <= today,
        or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
    ]
    where = (RoleGrant.unit_path, RoleGrant.tenant_path)
    own = select(RoleGrant.user_id, *where).where(*live)
    lent = (
        select(Delegation.delegate_id, *where)
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .where(
            *live,
            Delegation.valid_from <= today,
            Delegation.valid_to >= today,
            Delegation.ended_at.is_(None),
        )
    )
    for statement in (own, lent):
        for user_id, path, tenant in db.session.execute(statement):
            yield user_id, path, tenant or ""
