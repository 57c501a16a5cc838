"""What is on file about a child and around: everything the linter must find in a text."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.errors import NotFound
from portal.domain.screening import Finding, Gazetteer, KnownFacts, Screening, Severity, screen
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.pairings import Pairing
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish

#: From three signs on a name can lose the word for its kind (明溪县 → 明溪).
_SHORTEST_WITH_KIND = 2
#: So many children are looked up at most, each with everything on file.
_CHILDREN = 50
_NAMED_LEVELS = ("county", "township", "village")


def known_facts(child_id: UUID) -> KnownFacts:
    """Return the names, numbers and places on file around a child; NotFound outside the scope."""
    child = db.session.get(ChildFile, child_id)
    if child is None:
        raise NotFound
    guardians = db.session.execute(
        select(GuardianLink.name, GuardianLink.phone).where(GuardianLink.child_id == child_id)
    ).all()
    ups = [child.unit_path[: at + 1] for at, sign in enumerate(child.unit_path) if sign == "/"]
    units = db.session.scalars(
        select(Unit.name).where(Unit.path.in_(ups), Unit.level.in_(_NAMED_LEVELS))
    ).all()
    return KnownFacts(
        names=_filled(child.name, child.nickname),
        other_names=_filled(*(row.name for row in guardians)),
        phones=_filled(*(row.phone for row in guardians)),
        id_numbers=_filled(child.id_no),
        schools=_filled(child.school),
        places=tuple(units),
        addresses=_filled(child.home_address),
        birth_dates=(child.birth_date,),
    )


def _filled(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def gazetteer(tenant_path: str) -> Gazetteer:
    """Return the place names of an authority, made again when a unit is opened."""
    inside = (Unit.path >= tenant_path) & (Unit.path < tenant_path[:-1] + "0")
    units = db.session.scalar(select(func.count()).select_from(Unit).where(inside)) or 0
    return _gazetteer(tenant_path, units)


@lru_cache(maxsize=16)
def _gazetteer(tenant_path: str, _units: int) -> Gazetteer:
    inside = (Unit.path >= tenant_path) & (Unit.path < tenant_path[:-1] + "0")
    return Gazetteer(
        db.session.scalars(select(Unit.name).where(inside, Unit.level.in_(_NAMED_LEVELS)))
    )


def wide_places(tenant_path: str) -> frozenset[str]:
    """Return the names of the authority's counties and of the city: these tell of nobody."""
    ups = [tenant_path[: at + 1] for at, sign in enumerate(tenant_path) if sign == "/"]
    inside = (Unit.path >= tenant_path) & (Unit.path < tenant_path[:-1] + "0")
    names = db.session.scalars(
        select(Unit.name).where((inside & Unit.level.in_(("county", "city"))) | Unit.path.in_(ups))
    ).all()
    return frozenset(names) | {name[:-1] for name in names if len(name) > _SHORTEST_WITH_KIND}


def linted(text: str, child_id: UUID, tenant_path: str) -> Screening:
    """Read a text about a child with everything on file at hand."""
    return screen(text, known_facts(child_id), gazetteer(tenant_path))


def in_public(text: str, tenant_path: str) -> tuple[Finding, ...]:
    """Return what no public text holds; no file is asked, so that no name can be tried out here.

    The county or the city may be named: they tell of nobody.
    """
    return _blocking(screen(text, gazetteer=gazetteer(tenant_path)), tenant_path)


def of_helper(text: str, supporter_id: UUID, tenant_path: str) -> tuple[Finding, ...]:
    """Return what no public text about a supporter holds, what is on file of those helped included.

    Only for staff whose scope holds those files.
    """
    wishes = (
        select(Wish.child_id)
        .join(Commitment, Commitment.wish_id == Wish.id)
        .where(Commitment.supporter_id == supporter_id)
    )
    pairs = select(Pairing.child_id).where(Pairing.supporter_id == supporter_id)
    helped = {*db.session.scalars(wishes.distinct().limit(_CHILDREN))}
    helped |= {*db.session.scalars(pairs.distinct().limit(_CHILDREN))}
    readable = db.session.scalars(
        select(ChildFile.id).where(ChildFile.id.in_(helped)).order_by(ChildFile.id)
    )
    found = list(in_public(text, tenant_path))
    for child_id in readable.all():
        found += _blocking(screen(text, known_facts(child_id)), tenant_path)
    return tuple(found)


def _blocking(read: Screening, tenant_path: str) -> tuple[Finding, ...]:
    wide = wide_places(tenant_path)
    return tuple(
        one for one in read.findings if one.severity is Severity.BLOCK and one.text not in wide
    )
