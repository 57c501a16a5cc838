"""Carrying a change of the tree out over every row it touches, in one transaction.

Tables are found from the registry. What may not be changed (facts, access rows) keeps its old
path; a grant's scope includes the former paths of its unit instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, false, insert, or_, select, update
from sqlalchemy.orm import Session

from portal.core import facts, faults, scope
from portal.domain import clock, unit_plans
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Unavailable
from portal.domain.unit_plans import Step
from portal.extensions import db
from portal.models import Base
from portal.models.accounts import RoleGrant
from portal.models.base import time_ordered_id
from portal.models.records import Fact, FactNote
from portal.models.units import Unit, UnitChange, UnitProposal
from portal.queries import unit_changes as reading
from portal.queries.units import standing, under
from portal.services import unit_codes

#: For so long rows that were being written during a change are looked for and brought along.
_SETTLES = timedelta(days=2)
#: Columns that name a unit by id and stay with the unit that was: the tree and its history.
_KEEPS_UNIT = frozenset({"units", "unit_changes", "unit_proposals"})


def carry_out(actor: Actor, row: UnitProposal, steps: Sequence[Step]) -> UUID:
    """Do what was planned; return the unit that goes on."""
    session = db.session()
    moved = [step for step in steps if step.old_path != step.new_path]
    with scope.everywhere("a change of the tree rewrites every row below it", session):
        _open_successor(row, steps)
        _remember(actor, row, steps)
        _tree(row, steps)
        faults.reached("unit.change.tree")
        _repoint(steps)
        _paths(moved)
        faults.reached("unit.change.paths")
        if row.kind == "move":
            _authority(row, steps[0])
        unit_codes.rewrite(steps)
        _refuse_leftovers(moved)
        _forget_the_old(session)
        first = steps[0]
        facts.publish(
            "unit.change", actor=actor, subject=session.get(Unit, first.successor_id),
            unit_path=first.new_path, change=row.kind, old_code=first.old_code,
            new_code=first.new_code, units=len(steps),
        )  # fmt: skip
    return first.successor_id


def settle() -> int:
    """Bring along rows that were being written while a change was made (a periodic job).

    Whoever had begun to write before the change may have written at the old path after it.
    """
    since = clock.now() - _SETTLES
    recent = db.session.scalars(
        select(UnitProposal).where(
            UnitProposal.decided_at >= since, UnitProposal.kind.in_(("merge", "move", "recode"))
        )
    ).all()
    brought = 0
    for row in recent:
        steps = _still_old(reading.done(row.id))
        if steps and (found := _paths(steps)):
            unit_codes.rewrite(steps)
            facts.publish("unit_change.settle", actor=SYSTEM, subject=row, rows=found)
            brought += found
    return brought


def _still_old(steps: Sequence[Step]) -> list[Step]:
    """Leave out what came back to its old place meanwhile."""
    moved = [step for step in steps if step.old_path != step.new_path]
    old = [step.old_path for step in moved]
    again = set(db.session.scalars(select(Unit.path).where(Unit.path.in_(old), standing())))
    return [step for step in moved if step.old_path not in again]


def _forget_the_old(session: Session) -> None:
    """Let the session read rows again; facts stand as they were written."""
    for held in list(session.identity_map.values()):
        if not isinstance(held, Fact | FactNote):
            session.expire(held)


def _open_successor(row: UnitProposal, steps: Sequence[Step]) -> None:
    first = steps[0]
    if row.kind != "merge" or db.session.get(Unit, first.successor_id) is not None:
        return
    source = db.session.get_one(Unit, first.unit_id)
    db.session.add(
        Unit(
            id=first.successor_id, code=first.new_code, name=first.new_name, level=first.level,
            parent_id=source.parent_id, path=first.new_path, tenant_path=source.tenant_path,
            valid_from=row.effective_on, created_by=row.decided_by,
        )
    )  # fmt: skip
    db.session.flush()


def _remember(actor: Actor, row: UnitProposal, steps: Sequence[Step]) -> None:
    """Write the history down, and anew what pointed at a unit that ends here."""
    lines = [_line(actor, row, step) for step in steps]
    gone = {step.unit_id: step for step in steps if step.is_merged_away}
    earlier = db.session.scalars(
        select(UnitChange).where(UnitChange.successor_id.in_(gone)).order_by(UnitChange.id)
    ).all()
    for old in earlier:
        step = gone[old.successor_id]
        lines.append(
            _line(actor, row, step)
            | {"old_code": old.old_code, "old_name": old.old_name, "old_path": old.old_path}
            | {"id": time_ordered_id(), "unit_id": old.unit_id}
        )
    db.session.execute(insert(UnitChange), lines)


def _line(actor: Actor, row: UnitProposal, step: Step) -> dict[str, Any]:
    return {
        "id": time_ordered_id(), "proposal_id": row.id, "kind": row.kind,
        "unit_id": step.unit_id, "successor_id": step.successor_id, "level": step.level,
        "old_code": step.old_code, "new_code": step.new_code, "old_name": step.old_name,
        "new_name": step.new_name, "old_path": step.old_path, "new_path": step.new_path,
        "effective_on": row.effective_on, "document_no": row.document_no, "at": clock.now(),
        "actor_id": actor.user_id,
    }  # fmt: skip


def _tree(row: UnitProposal, steps: Sequence[Step]) -> None:
    """Set each unit's code, name, place and path; by way of free ones, for two may swap."""
    ends = row.kind == "close"
    gone = [step.unit_id for step in steps if ends or step.is_merged_away]
    db.session.execute(
        update(Unit)
        .where(Unit.id.in_(gone))
        .values(valid_to=row.effective_on)
        .execution_options(synchronize_session=False)
    )
    staying = [step for step in steps if not step.is_merged_away and step.changes]
    if not staying:
        return
    table: Any = Unit.__table__
    target = table.c.id == bindparam("unit")
    for final in (False, True):
        db.session.connection().execute(
            update(table).where(target).values(
                code=bindparam("new_code"), path=bindparam("new_path"),
                name=bindparam("new_name"), parent_id=bindparam("parent"),
                version=table.c.version + 1,
            ),
            [
                {
                    "unit": step.unit_id, "parent": step.parent_id, "new_name": step.new_name,
                    "new_code": step.new_code if final else step.unit_id.hex[:24],
                    "new_path": step.new_path if final else f"/~/{step.unit_id.hex}/",
                }
                for step in staying
            ],
        )  # fmt: skip


def _repoint(steps: Sequence[Step]) -> None:
    """Let what names a merged unit by id name the one that goes on."""
    gone = [step for step in steps if step.is_merged_away]
    for table in Base.metadata.sorted_tables if gone else ():
        for column in table.columns:
            if table.name in _KEEPS_UNIT or not _names_a_unit(column):
                continue
            for step in gone:
                db.session.execute(
                    update(table)
                    .where(column == step.unit_id)
                    .values({column.name: step.successor_id})
                )


def _names_a_unit(column: Any) -> bool:
    return any(key.column is Unit.__table__.c.id for key in column.foreign_keys)


def _paths(steps: Sequence[Step]) -> int:
    """Rewrite every path that leads to or through a unit that moved; return how many rows."""
    rows = 0
    for table, column in reading.path_columns():
        for old in _standing(table, column, steps):
            done = db.session.execute(
                update(table)
                .where(column == old)
                .values({column.name: unit_plans.rewritten(old, steps)})
            )
            rows += done.rowcount  # type: ignore[attr-defined]  # an update's result counts
    return rows


def _standing(table: Table, column: Any, steps: Sequence[Step]) -> list[str]:
    """Return the paths in a column that the steps lead elsewhere.

    A merged unit keeps its own place in the tree: its history stands there.
    """
    places = or_(false(), *[under(column, path) for path in reading.roots(steps)])
    found = db.session.scalars(select(column).where(places).distinct()).all()
    return [path for path in found if unit_plans.rewritten(path, steps) != path]


def _authority(row: UnitProposal, step: Step) -> None:
    """Set the authority of units and roles that move to another one; it has no rows of theirs."""
    if db.session.get_one(Unit, row.unit_id).is_tenant:
        return
    parent = db.session.get_one(Unit, step.parent_id)
    own = select(Unit.path).where(Unit.is_tenant, under(Unit.path, step.new_path))
    for model, path in ((Unit, Unit.path), (RoleGrant, RoleGrant.unit_path)):
        others = or_(model.tenant_path.is_(None), model.tenant_path.not_in(own))
        db.session.execute(
            update(model)
            .where(under(path, step.new_path), others)
            .values(tenant_path=parent.tenant_path)
            .execution_options(synchronize_session=False)
        )


def _refuse_leftovers(steps: Sequence[Step]) -> None:
    """Refuse the whole change if a row could not be brought along: nothing is left behind."""
    for table, column in reading.path_columns():
        if left := _standing(table, column, steps):
            raise Unavailable(
                "{table} 里还有 {n} 处记录没能随单位调整，整项调整已取消",
                table=table.name,
                n=len(left),
            )
