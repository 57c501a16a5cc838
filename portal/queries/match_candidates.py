"""Everything the matching needs to know of one county, or of one need, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain.errors import NotFound
from portal.domain.matches import Need, Person, Weights
from portal.extensions import db
from portal.models.matching import MatchRule
from portal.queries import match_needs, match_people, units


@dataclass(frozen=True, slots=True)
class Field:
    """Who is to be matched with whom, how an authority weighs it, and the pairs staff keep."""

    needs: tuple[Need, ...]
    people: tuple[Person, ...]
    weights: Weights
    keep: tuple[tuple[UUID, UUID], ...] = ()


def of_county(unit_path: str, tenant_path: str, user_id: UUID | None) -> Field:
    """Return the open needs of a county and everybody of the authority, as ``user_id`` may act."""
    with scope.within(_authority(tenant_path), db.session()):
        settings = units.settings(tenant_path)
        return Field(
            needs=match_needs.needs(unit_path),
            people=match_people.people(user_id, settings.pairing_capacity),
            weights=Weights.of(settings),
            keep=_kept(unit_path),
        )


def of_need(need_id: UUID, unit_path: str, tenant_path: str, user_id: UUID | None) -> Field:
    """Return one open need and everybody of the authority; NotFound when it waits no more."""
    with scope.within(_authority(tenant_path), db.session()):
        settings = units.settings(tenant_path)
        found = match_needs.needs(unit_path, need_id)
        if not found:
            raise NotFound
        return Field(
            needs=found,
            people=match_people.people(user_id, settings.pairing_capacity),
            weights=Weights.of(settings),
        )


def _kept(unit_path: str) -> tuple[tuple[UUID, UUID], ...]:
    rows = db.session.execute(
        select(MatchRule.need_id, MatchRule.supporter_id)
        .where(
            MatchRule.rule == "keep",
            MatchRule.ended_at.is_(None),
            units.under(MatchRule.unit_path, unit_path),
        )
        .order_by(MatchRule.created_at, MatchRule.id)
    )
    return tuple((row[0], row[1]) for row in rows)


def _authority(tenant_path: str) -> scope.Scope:
    """Return the authority's scope: people are shared there, and so are their free places."""
    return scope.Scope(paths=(tenant_path,), reason="free places are counted in the authority")
