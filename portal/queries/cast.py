"""Who plays in a story: a child that fits, and the people who answer for it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock
from portal.domain.actor import Role
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.children import ChildFile
from portal.queries.register import born_by


def child_of(
    county: str, low: int, high: int, village: str = "", besides: tuple[UUID, ...] = ()
) -> dict[str, object]:
    """Find a child of an age in years whose village has a director, and who answers for it.

    Returns id, director, supervisor, county and point (logins). The same child every time; those
    in ``besides`` are passed over. NotFound when there is none.
    """
    served = units_with(Role.CHILD_DIRECTOR.value)
    today_ = clock.today()
    rows = db.session.execute(
        select(ChildFile.id, ChildFile.unit_path)
        .where(
            ChildFile.county_code == county,
            ChildFile.status == "active",
            ChildFile.birth_date <= born_by(today_, low),
            ChildFile.birth_date > born_by(today_, high + 1),
        )
        # The youngest first: an age that changes soon would change the band of the card.
        .order_by(ChildFile.birth_date.desc(), ChildFile.region_code, ChildFile.id_hmac)
    ).all()
    for row in rows:
        if row.unit_path not in served or row.id in besides:
            continue
        if not village or row.unit_path.endswith(f"/{village}/"):
            return {"id": row.id, **_answering(row.unit_path)}
    raise NotFound


def _answering(path: str) -> dict[str, str]:
    """Return the logins of those who hold the wish roles at a village and above it."""
    ups = [path[: at + 1] for at, sign in enumerate(path) if sign == "/"]
    rows = db.session.execute(
        select(RoleGrant.role, User.email)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.unit_path.in_(ups))
        .order_by(RoleGrant.created_at.desc(), User.email.desc())
    )
    names = {
        Role.CHILD_DIRECTOR.value: "director",
        Role.CHILD_SUPERVISOR.value: "supervisor",
        Role.COUNTY_STAFF.value: "county",
        Role.HANDOVER_STAFF.value: "point",
    }
    return {names[row.role]: row.email for row in rows if row.role in names}


def units_with(role: str) -> frozenset[str]:
    """Return the paths of the units where somebody holds a role today."""
    today_ = clock.today()
    return frozenset(
        db.session.scalars(
            select(RoleGrant.unit_path).where(
                RoleGrant.role == role,
                RoleGrant.valid_from <= today_,
                or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today_),
            )
        )
    )
