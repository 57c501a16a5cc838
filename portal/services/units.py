"""The unit tree: loading it, opening units that the code list does not hold."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from portal.core import facts
from portal.domain import unit_plans
from portal.domain.actor import SYSTEM, Actor, Role
from portal.domain.errors import Conflict, NotFound
from portal.domain.unit_plans import segment
from portal.extensions import db
from portal.models.units import Unit, UnitChange
from portal.queries import unit_changes

SHIPPED = Path(__file__).parent.parent / "data" / "regions.csv"
#: The authorities of the shipped list (domain.md 3): a tenant is the bureau that answers for data.
TENANTS = ("350400", "320681", "320682", "320724100")


def load_shipped() -> int:
    """Add the shipped divisions that are missing; return how many were added."""
    with SHIPPED.open(encoding="utf-8") as file:
        return load(csv.DictReader(file))


def load(rows: Iterable[dict[str, str]]) -> int:
    """Add units from rows (code, name, level, parent, is_pseudo), parents first."""
    session = db.session()
    known = {
        code: (unit_id, path, tenant)
        for code, unit_id, path, tenant in session.execute(
            select(Unit.code, Unit.id, Unit.path, Unit.tenant_path)
        )
    }
    # A code that a change of the tree took away is not opened again by an older list.
    former = set(session.scalars(select(UnitChange.old_code)))
    fresh: list[dict[str, object]] = []
    for row in rows:
        if row["code"] in known or row["code"] in former:
            continue
        unit = _row(row, known)
        known[row["code"]] = (unit["id"], unit["path"], unit["tenant_path"])  # type: ignore[assignment]  # built just above
        fresh.append(unit)
    if fresh:
        session.execute(insert(Unit), fresh)
    return len(fresh)


def _row(row: dict[str, str], known: dict[str, tuple[UUID, str, str | None]]) -> dict[str, object]:
    code, level = row["code"], row["level"]
    parent_id, parent_path, tenant = known[row["parent"]] if row["parent"] else (None, "/", None)
    path = f"{parent_path}{segment(code, level)}/"
    is_tenant = code in TENANTS
    return {
        "id": uuid4(),
        "code": code,
        "name": row["name"],
        "level": level,
        "parent_id": parent_id,
        "path": path,
        "tenant_path": path if is_tenant else tenant,
        "is_tenant": is_tenant,
        "is_pseudo": row["is_pseudo"] == "1",
        "settings": {},
        "version": 1,
    }


def open_unit(
    actor: Actor, *, code: str, name: str, level: str, parent_code: str, is_tenant: bool = False
) -> Unit:
    """Open one unit below another (an agency, a village the list does not hold, 平潭's rule).

    Raises NotFound for an unknown parent or one outside the administrator's, Invalid for a code,
    a name or a level that does not fit there, Conflict for a code that is or was in use.
    """
    session = db.session()
    parent = session.scalar(select(Unit).where(Unit.code == parent_code))
    if parent is None or not (actor is SYSTEM or actor.has(Role.PLATFORM_ADMIN, parent.path)):
        raise NotFound("没有这个上级单位：{code}", code=parent_code)
    unit_plans.check_place(level, unit_changes.node(parent.id))
    code, name = unit_plans.check_code(code.strip(), level), unit_plans.check_name(name)
    if code in unit_changes.codes_taken(()):
        raise Conflict("这个代码的单位已经存在或存在过：{code}", code=code)
    path = unit_plans.path_of(parent.path, code, level)
    unit = Unit(
        code=code, name=name, level=level, parent_id=parent.id, path=path, is_tenant=is_tenant,
        tenant_path=path if is_tenant else parent.tenant_path, created_by=actor.user_id,
    )  # fmt: skip
    session.add(unit)
    session.flush()
    facts.publish("unit.open", actor=actor, subject=unit, unit_path=path, code=code)
    return unit
