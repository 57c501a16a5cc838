"""How many wait and how many are free, before anything is computed; who applied for what."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.core import scope
from portal.domain import clock
from portal.domain.lifecycles import clearances
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.needs import NeedApplication, PairingNeed
from portal.models.pairings import Pairing
from portal.models.pool import PoolProfile
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.queries import match_needs, pool_figures, units


@dataclass(frozen=True, slots=True)
class Size:
    """Needs that wait, people who may be asked, proposals that another person must approve."""

    needs: int
    people: int
    proposed: int


def size(unit_path: str, tenant_path: str) -> Size:
    """Count for a unit; people are the authority's who stand and have a free place."""
    wide = scope.Scope(paths=(tenant_path,), reason="free places are the authority's")
    with scope.within(wide, db.session()):
        needs = db.session.scalar(
            select(func.count(PairingNeed.id))
            .join(ChildFile, ChildFile.id == PairingNeed.child_id)
            .where(match_needs.open_in(unit_path), ChildFile.status == "active")
        )
        proposed = db.session.scalar(
            select(func.count(Pairing.id)).where(
                Pairing.status == "proposed", units.under(Pairing.unit_path, unit_path)
            )
        )
        return Size(needs or 0, _free(), proposed or 0)


def application(need_id: UUID, supporter_id: UUID) -> UUID | None:
    """Return the application of a person for a need that waits for an answer."""
    return db.session.scalar(
        select(NeedApplication.id).where(
            NeedApplication.need_id == need_id,
            NeedApplication.supporter_id == supporter_id,
            NeedApplication.status == "lodged",
        )
    )


def _free() -> int:
    today = clock.today()
    taken = pool_figures.live_pairings(Supporter.id)  # type: ignore[arg-type]  # a column
    found = db.session.scalar(
        select(func.count(Supporter.id))
        .join(PoolProfile, PoolProfile.supporter_id == Supporter.id)
        .join(Clearance, Clearance.supporter_id == Supporter.id)
        .where(
            Supporter.kind == "individual",
            Supporter.status == "approved",
            Supporter.valid_to >= today,
            Clearance.status.in_(clearances.LIVE),
            Clearance.valid_to >= today,
            or_(PoolProfile.until.is_(None), PoolProfile.until >= today),
            PoolProfile.capacity > taken,
        )
    )
    return found or 0
