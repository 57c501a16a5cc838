"""The register as counts: what the K rule needs to know, and no more.

An authority's whole register is counted even when a county clerk asks, because a card that rolls
up to the city is one of the city's children; only counts leave this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from portal.core import scope
from portal.domain import clock
from portal.domain.anonymity import ALL_AGES, Register, RegisterRow
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.units import Unit

#: Levels a card may show, narrowest first.
_PLACE_LEVELS = ("county", "city", "province")


@dataclass(frozen=True, slots=True)
class Places:
    """The places cards of an authority may show: each county's path upwards, and their names."""

    paths: dict[str, tuple[str, ...]]
    names: dict[str, str]
    levels: dict[str, str]

    def path(self, county_code: str) -> tuple[str, ...]:
        """Return county, city and province of a county; the tree decides (平潭 has no city)."""
        return self.paths.get(county_code, (county_code,))


def places(tenant_path: str) -> Places:
    """Return the counties under an authority (or the one above it) with what lies above them."""
    above = [tenant_path[: at + 1] for at, sign in enumerate(tenant_path) if sign == "/"][1:]
    rows = db.session.execute(
        select(Unit.code, Unit.name, Unit.level, Unit.path).where(
            Unit.level.in_(_PLACE_LEVELS),
            Unit.path.in_(above)
            | ((Unit.path >= tenant_path) & (Unit.path < tenant_path[:-1] + "0")),
        )
    ).all()
    by_path = {row.path: row.code for row in rows}
    paths = {}
    for row in rows:
        if row.level == "county":
            ups = [row.path[: at + 1] for at, sign in enumerate(row.path) if sign == "/"]
            paths[row.code] = tuple(by_path[up] for up in reversed(ups) if up in by_path)
    return Places(
        paths, {row.code: row.name for row in rows}, {row.code: row.level for row in rows}
    )


def register(tenant_path: str, where: Places) -> Register:
    """Count the active children of an authority by county, age in years and sex, in one query."""
    today = clock.today()
    ages = list(range(ALL_AGES.low, ALL_AGES.high + 1))
    age = case(
        *((ChildFile.birth_date <= born_by(today, years), years) for years in reversed(ages)),
        else_=0,
    ).label("age")
    statement = (
        select(ChildFile.county_code, ChildFile.gender, age, func.count())
        .where(
            ChildFile.tenant_path == tenant_path,
            ChildFile.status == "active",
            ChildFile.birth_date > born_by(today, ALL_AGES.high + 1),
        )
        .group_by(ChildFile.county_code, ChildFile.gender, age)
    )
    wide = scope.Scope(paths=(tenant_path,), reason="the register is counted, never read")
    with scope.within(wide, db.session()):
        rows = db.session.execute(statement).all()
    return Register(RegisterRow(where.path(code), years, sex, n) for code, sex, years, n in rows)


def born_by(today: date, years: int) -> date:
    """Return the last birth date of somebody who is at least ``years`` old today."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February in a common year: the birthday falls on 1 March
        return today.replace(year=today.year - years, day=28)
