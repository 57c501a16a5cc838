"""Where rows say a place by its code or its public name: rewritten with a change of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, func, select, update

from portal.domain.unit_plans import Step
from portal.extensions import db
from portal.models import Base
from portal.models.units import Unit
from portal.queries.unit_changes import KEEPS_PATH
from portal.queries.units import under

_CODES = ("county_code", "region_code", "city_code")
#: The table whose tags may name a county, one per profile.
_TAGS = "pool_tags"
#: The column that holds the codes of several counties, each between spaces.
_REACH = ("resource_offers", "reach")
#: Levels whose codes stand in rows; an agency's is its own affair.
_PLACES = frozenset({"province", "city", "county", "township", "village"})


def rewrite(steps: Sequence[Step]) -> None:
    """Rewrite codes, the county of what moved to another, and the names on public cards.

    Whatever is a card's kept count is counted again within a minute by its own job.
    """
    changed = [
        step
        for step in steps
        if step.level in _PLACES
        and (step.old_code, step.old_name) != (step.new_code, step.new_name)
    ]
    for table in _tables():
        for name in _CODES:
            if name in table.c:
                _one_column(table, name, changed)
    counties = [
        step for step in changed if step.level == "county" and step.old_code != step.new_code
    ]
    for step in counties:
        _tags(step)
        _reach(step)
    _counties(steps)


def _one_column(table: Table, name: str, steps: Sequence[Step]) -> None:
    present = set(db.session.scalars(select(table.c[name]).distinct())) if steps else set()
    for step in steps:
        if step.old_code not in present:
            continue
        values: dict[str, Any] = {name: step.new_code}
        if name == "region_code" and "region_name" in table.c:
            values["region_name"] = step.new_name
        db.session.execute(update(table).where(table.c[name] == step.old_code).values(values))


def _tags(step: Step) -> None:
    tags = Base.metadata.tables[_TAGS].alias()
    table = Base.metadata.tables[_TAGS]
    old = (table.c.kind == "county") & (table.c.value == step.old_code)
    has_new = select(tags.c.profile_id).where(
        tags.c.kind == "county", tags.c.value == step.new_code
    )
    db.session.execute(delete(table).where(old, table.c.profile_id.in_(has_new)))
    db.session.execute(update(table).where(old).values(value=step.new_code))


def _reach(step: Step) -> None:
    name, column = _REACH
    table = Base.metadata.tables[name]
    old, new = f" {step.old_code} ", f" {step.new_code} "
    once = func.replace(func.replace(table.c[column], old, new), f"{new}{step.new_code} ", new)
    db.session.execute(update(table).where(table.c[column].contains(old)).values({column: once}))


def _counties(steps: Sequence[Step]) -> None:
    """Give what moved to another county that county's code."""
    for step in steps[:1]:
        old, new = _county_of(step.old_path), _county_of(step.new_path)
        if old is None or new is None or old == new:
            continue
        for table in _tables():
            if "county_code" in table.c and "unit_path" in table.c:
                db.session.execute(
                    update(table)
                    .where(under(table.c.unit_path, step.new_path), table.c.county_code == old)
                    .values(county_code=new)
                )


def _county_of(path: str) -> str | None:
    """Return the code of the county at or above a path, as the tree stands now."""
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
    found = select(Unit.code).where(Unit.path.in_(above), Unit.level == "county")
    return db.session.scalar(found)


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in KEEPS_PATH]
