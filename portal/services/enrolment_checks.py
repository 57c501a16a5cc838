"""What is asked before a child takes part: the programme, the child, the days, who is already in.

Places and days are counted over the whole authority: a director sees one village, and the last
place is the last one in the county.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.core import scope
from portal.domain import clock
from portal.domain.enrolments import LIVE, ON_ROSTER, last_day
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.programmes import KINDS
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.queries.rota import meeting_days
from portal.services import protections

#: A programme takes applications in these; weekly ones go on taking children while they run.
APPLIES_IN = frozenset({"open"})
_STALE = "有同事比您早一步处理了这一条，请刷新后再看"


def wide(tenant_path: str) -> scope.Scope:
    """Return the authority's scope, for counting places and days beyond one's own villages."""
    return scope.Scope(paths=(tenant_path,), reason="places and days are counted per authority")


def get(enrolment_id: UUID, version: int | None = None) -> Enrolment:
    """Return an enrolment in the scope, as the page showed it; NotFound, Conflict."""
    row = db.session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict(_STALE)
    return row


def programme(programme_id: UUID) -> Programme:
    """Return a programme in the scope; NotFound."""
    row = db.session.scalar(select(Programme).where(Programme.id == programme_id))
    if row is None:
        raise NotFound
    return row


def locked(programme_id: UUID) -> Programme:
    """Return a programme with its row held: who counts its places queues up here."""
    row = db.session.scalar(
        select(Programme)
        .where(Programme.id == programme_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def takes_applications(programme: Programme) -> None:
    """Refuse outside the registration window; it closes five days before the first day (PG)."""
    today = clock.today()
    if programme.status not in APPLIES_IN:
        raise WrongState("这期活动现在不接受报名")
    if programme.register_from is not None and today < programme.register_from:
        raise WrongState("{day}开始报名", day=programme.register_from.isoformat())
    last = last_day(programme.starts_on, programme.register_until)
    if today > last:
        raise WrongState("报名已在{day}截止", day=last.isoformat())


def takes_child(programme: Programme, child: ChildFile) -> None:
    """Refuse a child off the register, and one from outside the programme's units."""
    if child.status != "active":
        raise Invalid("这份档案不在册，不能报名")
    if child.tenant_path != programme.tenant_path or not child.unit_path.startswith(
        programme.unit_path
    ):
        raise Invalid("这期活动不面向这个孩子所在的地方")


def not_twice(programme: Programme, child: ChildFile, participant: str) -> None:
    """Refuse whoever is in this programme already, or in another one on one of its days (PG).

    The caller opened the authority's scope.
    """
    held = db.session.scalars(
        select(Enrolment).where(
            Enrolment.child_id == child.id,
            Enrolment.participant == participant,
            Enrolment.status.in_(LIVE | ON_ROSTER),
        )
    ).all()
    if any(one.programme_id == programme.id for one in held):
        raise Conflict("这个孩子已经报过这期活动")
    mine = meeting_days(programme)
    for one in held:
        other = one.programme
        apart = other.ends_on < programme.starts_on or other.starts_on > programme.ends_on
        if not apart and (shared := mine & meeting_days(other)):
            raise Conflict(
                "这个孩子{day}已经报了“{title}”，两期活动的日子重叠",
                day=min(shared).isoformat(),
                title=other.title,
            )


def guardian_of(child: ChildFile) -> GuardianLink | None:
    """Return the guardian to call: the first with a number who was not suspended."""
    for each in child.guardians:
        if each.phone and not protections.suspended(child.id, each.id):
            return each
    return None


def participant_of(programme: Programme) -> str:
    """Return who takes part: child, or carer (S1-2.3.5a counts them apart)."""
    return KINDS[programme.kind].participants


def placed(programme_id: UUID, statuses: frozenset[str]) -> int:
    """Count the enrolments of a programme in some states; in the authority's scope."""
    return (
        db.session.scalar(
            select(func.count(Enrolment.id)).where(
                Enrolment.programme_id == programme_id, Enrolment.status.in_(statuses)
            )
        )
        or 0
    )
