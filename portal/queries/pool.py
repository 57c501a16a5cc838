"""Searching the loving-parent pool by county, skill, language, days, capacity (S1-2.3.3b)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from portal.core import access, scope
from portal.domain import clock, masking
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles import clearances
from portal.domain.permissions import Permission
from portal.domain.pool import COUNTY, DAY, LANGUAGE, SKILL, PoolOffer
from portal.extensions import db
from portal.models.pool import PoolProfile, PoolTag
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import pool_figures

PAGE = 50
EXPORT_MOST = 5_000


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """What to look for; everything empty is the whole pool. ``free`` asks for free places."""

    county: str = ""
    skill: str = ""
    language: str = ""
    day: str = ""
    tier: str = ""
    free: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One person of the pool; name and phone as the reader may see them.

    ``free`` is how many more children they can take; only a tier 2 that holds today is free.
    """

    supporter_id: UUID
    name: str
    named: bool
    phone: str
    county: str
    county_code: str
    tier: int
    tier_until: date | None
    capacity: int
    free: int
    until: date | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    days: tuple[str, ...]
    counties: tuple[str, ...]
    helped: int | None
    hours: Decimal | None
    honours: int | None
    stars: int | None
    version: int


@dataclass(frozen=True, slots=True)
class PoolPage:
    """A page of the pool; ``after`` continues it, empty at the end."""

    rows: tuple[PoolRow, ...]
    after: str


def search(actor: Actor, wanted: PoolFilter, after: str = "", limit: int = PAGE) -> PoolPage:
    """Return a page of the pool of one's authority, by county; only counts cross county walls."""
    with scope.within(_authority(), db.session()):
        chosen = _filtered(wanted)
        county, _, last = after.partition("~")
        if (identifier := _uuid(last)) is not None:
            chosen = chosen.where(
                or_(
                    Supporter.county_code > county,
                    and_(Supporter.county_code == county, Supporter.id > identifier),
                )
            )
        found = db.session.execute(chosen.limit(limit + 1)).all()
        rows = _rows(actor, found[:limit])
    on = f"{rows[-1].county_code}~{rows[-1].supporter_id}" if len(found) > limit else ""
    return PoolPage(rows, on)


def one(actor: Actor, supporter_id: UUID) -> PoolRow:
    """Return one person of the pool of one's authority; NotFound."""
    with scope.within(_authority(), db.session()):
        found = db.session.execute(_filtered(PoolFilter()).where(Supporter.id == supporter_id))
        rows = _rows(actor, found.all())
    if not rows:
        raise NotFound
    return rows[0]


def own(supporter_id: UUID) -> tuple[PoolOffer, int] | None:
    """Return what one has filled in and its version; None before the first time."""
    profile = db.session.scalar(select(PoolProfile).where(PoolProfile.supporter_id == supporter_id))
    if profile is None:
        return None
    tags = _tags([profile.id])[profile.id]
    skills, languages, days, counties = (
        tuple(sorted(tags.get(kind, ()))) for kind in (SKILL, LANGUAGE, DAY, COUNTY)
    )
    return PoolOffer(
        skills, languages, days, counties, capacity=profile.capacity, until=profile.until
    ), profile.version


def profile_ids(supporter_id: UUID) -> tuple[UUID, ...]:
    """Return the profile of a supporter as its history is found by."""
    return tuple(
        db.session.scalars(select(PoolProfile.id).where(PoolProfile.supporter_id == supporter_id))
    )


def persons(actor: Actor) -> tuple[tuple[UUID, str, str], ...]:
    """Return the approved persons one speaks for: (id, name, authority's path)."""
    rows = db.session.execute(
        select(Supporter.id, Supporter.name, Supporter.tenant_path)
        .where(
            Supporter.id.in_(actor.supporter_ids),
            Supporter.kind == "individual",
            Supporter.status == "approved",
        )
        .order_by(Supporter.created_at)
    )
    return tuple((row.id, row.name, row.tenant_path) for row in rows)


def _authority() -> scope.Scope:
    """Return the reader's authorities: profiles are shared there, counts are of all counties."""
    here = scope.current()
    return scope.Scope(
        paths=tuple(sorted({*here.tenants, *here.paths})), reason="the pool is the authority's"
    )


def _filtered(wanted: PoolFilter) -> Select[*tuple[Any, ...]]:
    today = clock.today()
    chosen: Select[*tuple[Any, ...]] = (
        select(Supporter, PoolProfile, Unit.name.label("county"), Clearance)
        .join(PoolProfile, PoolProfile.supporter_id == Supporter.id)
        .join(Unit, Unit.path == Supporter.unit_path)
        .outerjoin(Clearance, Clearance.supporter_id == Supporter.id)
        .where(Supporter.status == "approved", Supporter.valid_to >= today)
        .order_by(Supporter.county_code, Supporter.id)
    )
    for kind, value in (
        (COUNTY, wanted.county),
        (SKILL, wanted.skill),
        (LANGUAGE, wanted.language),
        (DAY, wanted.day),
    ):
        if value:
            chosen = chosen.where(_has(kind, value))
    if wanted.tier in ("1", "2"):
        chosen = chosen.where(_tier2(today) if wanted.tier == "2" else ~_tier2(today))
    if wanted.free:
        taken = pool_figures.live_pairings(Supporter.id)  # type: ignore[arg-type]  # a column
        chosen = chosen.where(_tier2(today), PoolProfile.capacity > taken, _offered(today))
    if wanted.until is not None:
        chosen = chosen.where(_offered(wanted.until))
    return chosen


def _has(kind: str, value: str) -> ColumnElement[bool]:
    return exists(
        select(PoolTag.id).where(
            PoolTag.kind == kind, PoolTag.value == value, PoolTag.profile_id == PoolProfile.id
        )
    )


def _tier2(today: date) -> ColumnElement[bool]:
    """Ask the joined tier 2 whether it holds today; never null, so that it can be negated."""
    return func.coalesce(
        and_(Clearance.status.in_(clearances.LIVE), Clearance.valid_to >= today), false()
    )


def _offered(day: date) -> ColumnElement[bool]:
    """Ask for offers that still hold on a day."""
    return or_(PoolProfile.until.is_(None), PoolProfile.until >= day)


def _rows(actor: Actor, found: Sequence[Any]) -> tuple[PoolRow, ...]:
    figures = pool_figures.of([row.Supporter.id for row in found])
    tags = _tags([row.PoolProfile.id for row in found])
    return tuple(
        _row(actor, row, figures[row.Supporter.id], tags[row.PoolProfile.id]) for row in found
    )


def _row(
    actor: Actor, row: Any, figures: pool_figures.Figures, tags: dict[str, list[str]]
) -> PoolRow:
    supporter, profile, clearance = row.Supporter, row.PoolProfile, row.Clearance
    today = clock.today()
    has_tier2 = clearance is not None and clearance.holds_on(today)
    still = profile.until is None or profile.until >= today
    named = access.permits(actor, Permission.SUPPORTER_READ, supporter)
    return PoolRow(
        supporter_id=supporter.id,
        name=supporter.name if named else masking.mask(masking.Kind.NAME, supporter.name),
        named=named,
        phone=masking.mask(masking.Kind.PHONE, supporter.phone),
        county=row.county,
        county_code=supporter.county_code,
        tier=2 if has_tier2 else 1,
        tier_until=clearance.valid_to if has_tier2 else supporter.valid_to,
        capacity=profile.capacity,
        free=max(profile.capacity - figures.paired, 0) if has_tier2 and still else 0,
        until=profile.until,
        skills=tuple(sorted(tags.get(SKILL, ()))),
        languages=tuple(sorted(tags.get(LANGUAGE, ()))),
        days=tuple(sorted(tags.get(DAY, ()))),
        counties=tuple(sorted(tags.get(COUNTY, ()))),
        helped=figures.helped,
        hours=figures.hours,
        honours=figures.honours,
        stars=figures.stars,
        version=profile.version,
    )


def _tags(profile_ids: Sequence[UUID]) -> dict[UUID, dict[str, list[str]]]:
    found: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = db.session.execute(
        select(PoolTag.profile_id, PoolTag.kind, PoolTag.value).where(
            PoolTag.profile_id.in_(profile_ids)
        )
    )
    for profile_id, kind, value in rows:
        found[profile_id][kind].append(value)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
