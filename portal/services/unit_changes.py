"""Changing the unit tree: proposed by one administrator, carried out by another (two keys).

As in 2021's change of 三明 and 平潭's rule; ``services.unit_moves`` rewrites the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from portal.core import access, transitions
from portal.domain import clock, unit_plans
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.unit_changes import MACHINE
from portal.domain.permissions import Permission
from portal.domain.unit_plans import Node
from portal.extensions import db
from portal.models.units import UnitProposal
from portal.queries import unit_changes as reading
from portal.queries import unit_planning
from portal.queries.unit_planning import Wanted
from portal.services import unit_moves

#: A change is written down at the latest this long after its day, and planned this far ahead.
_REACH = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the tree, as the permission table asks for it."""

    unit_path: str


def propose(actor: Actor, unit_id: UUID, wanted: Wanted) -> UUID:
    """Write a proposal down; return it.

    Raises NotFound for a unit outside the administrator's, Invalid for codes, names, places or
    dates that cannot be, and with the reason when the change could not be carried out.
    """
    node = reading.node(unit_id)
    if not access.permits(actor, Permission.UNIT_MANAGE, Place(node.path)):
        raise NotFound
    _check_paper(wanted)
    top = _top(node, wanted)
    if not access.permits(actor, Permission.UNIT_MANAGE, Place(top)):
        raise Invalid("这项调整涉及您管理范围以外的单位，请由上一级管理员办理")
    row = UnitProposal(
        id=uuid4(), kind=wanted.kind, unit_id=unit_id, plan=wanted.stored(), unit_path=top,
        effective_on=wanted.effective_on, document_no=wanted.document_no.strip(),
        created_by=actor.user_id,
    )  # fmt: skip
    unit_planning.plan(row.id, unit_id, wanted)
    db.session.add(row)
    transitions.begin(MACHINE, row, actor, change=wanted.kind)
    db.session.flush()
    return row.id


def confirm(actor: Actor, proposal_id: UUID, *, typed: str, version: int) -> UUID:
    """Carry a proposal out now; return the unit that goes on.

    Raises NotFound, WrongState when it was decided or its day has not come, NotAllowed for the
    proposer where two keys are asked, Invalid when the typed name is not the unit's or the tree
    has changed so that it no longer can be, Conflict when somebody else was faster.
    """
    row = _get(actor, proposal_id, version)
    node = reading.node(row.unit_id)
    if typed.strip() != node.name:
        raise Invalid("请照原样输入单位名称“{name}”", {"typed": "与单位名称不一致"}, name=node.name)
    wanted = Wanted.read(row.kind, row.effective_on, row.document_no, row.plan)
    transitions.fire(MACHINE, row, "confirm", actor, change=row.kind)
    row.decided_by, row.decided_at = actor.user_id, clock.now()
    steps = unit_planning.plan(row.id, row.unit_id, wanted)
    db.session.flush()
    return unit_moves.carry_out(actor, row, steps)


def drop(actor: Actor, proposal_id: UUID, *, reason: str, version: int) -> None:
    """Set a proposal aside, with a reason; the tree stays as it is. Raises as ``confirm``."""
    row = _get(actor, proposal_id, version)
    transitions.fire(MACHINE, row, "drop", actor, {"reason": reason}, change=row.kind)
    row.decided_by, row.decided_at = actor.user_id, clock.now()


def _get(actor: Actor, proposal_id: UUID, version: int) -> UnitProposal:
    row = db.session.get(UnitProposal, proposal_id)
    if row is None or not access.permits(actor, Permission.UNIT_MANAGE, row):
        raise NotFound
    if row.version != version:
        raise Conflict("这项调整刚刚有变化，请刷新后再看")
    return row


def _check_paper(wanted: Wanted) -> None:
    if wanted.kind not in unit_plans.KINDS:
        raise NotFound
    today = clock.today()
    if not today - _REACH <= wanted.effective_on <= today + _REACH:
        raise Invalid("生效日应在前后一年以内", {"effective_on": "生效日应在前后一年以内"})
    if not wanted.document_no.strip():
        raise Invalid("请填写批文号", {"document_no": "请填写批文号"})


def _top(node: Node, wanted: Wanted) -> str:
    """Return the unit above everything that the change touches."""
    above = _above(node.path)
    if wanted.kind == "move" and wanted.parent_id is not None:
        other = reading.node(wanted.parent_id).path
        while not other.startswith(above):
            above = _above(above)
    return above


def _above(path: str) -> str:
    return path[: path[:-1].rindex("/") + 1]
