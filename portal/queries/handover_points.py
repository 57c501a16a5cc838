"""Where gifts may be handed in: the authority's point, and those used in the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from portal.domain import clock
from portal.domain.actor import Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.units import Unit
from portal.models.wishes import Commitment
from portal.queries import units

_YEAR = timedelta(days=365)
_MANY = 8


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who takes gifts in, with the number to ring before a parcel is sent there."""

    name: str
    phone: str


def offered(unit_path: str, tenant_path: str) -> tuple[str, ...]:
    """Return the authority's point, then what the county used in the last year, often first."""
    usual = units.settings(tenant_path).handover_point
    used = db.session.scalars(
        select(Commitment.handover_point)
        .where(
            units.under(Commitment.unit_path, _county(unit_path)),
            Commitment.approved_at >= clock.now() - _YEAR,
            Commitment.handover_point.not_in(("", usual)),
        )
        .group_by(Commitment.handover_point)
        .order_by(func.count().desc(), Commitment.handover_point)
        .limit(_MANY)
    )
    return (usual, *used)


def receivers(unit_path: str) -> tuple[Receiver, ...]:
    """Return who holds the post of a handover point above a promise's unit today, by name."""
    today = clock.today()
    rows = db.session.execute(
        select(User.name, User.phone)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.role == Role.HANDOVER_STAFF.value,
            RoleGrant.unit_path.in_(_above(unit_path)),
            RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
            User.disabled_at.is_(None),
        )
        .distinct()
    )
    return tuple(sorted((Receiver(row.name, row.phone or "") for row in rows), key=_by_name))


def _by_name(one: Receiver) -> tuple[str, str]:
    return one.name, one.phone


def _county(path: str) -> str:
    """Return the county on a path; the path itself where there is none."""
    found = db.session.scalar(
        select(Unit.path).where(Unit.path.in_(_above(path)), Unit.level == "county")
    )
    return found or path


def _above(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1)]
