"""Thinking a change of the unit tree through against the tree as it stands; nothing is written.

The preview and the act ask the same function, so that what was shown is what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from portal.domain import clock, unit_plans
from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycles import imports
from portal.domain.unit_plans import Node, Step
from portal.extensions import db
from portal.models.units import UnitProposal
from portal.queries import unit_changes as reading


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to change: which fields count hangs on the kind."""

    kind: str
    effective_on: date
    document_no: str
    name: str = ""
    code: str = ""
    parent_id: UUID | None = None
    #: The other units of a merge.
    others: tuple[UUID, ...] = ()
    #: New codes of units below, from the document, one by one.
    codes: dict[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return what the proposal keeps beside its kind, day and document."""
        return {
            "name": self.name.strip(),
            "code": self.code.strip(),
            "parent_id": str(self.parent_id) if self.parent_id else "",
            "others": [str(one) for one in self.others],
            "codes": self.codes,
        }

    @classmethod
    def read(
        cls, kind: str, effective_on: date, document_no: str, kept: Mapping[str, Any]
    ) -> Wanted:
        """Return what a proposal keeps."""
        parent = kept.get("parent_id")
        return cls(
            kind, effective_on, document_no, kept.get("name", ""), kept.get("code", ""),
            UUID(parent) if parent else None, tuple(map(UUID, kept.get("others", ()))),
            dict(kept.get("codes", {})),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """A waiting proposal as it would act now; ``refusal`` says why it could not."""

    id: UUID
    wanted: Wanted
    node: Node
    status: str
    version: int
    created_by: UUID | None
    steps: tuple[Step, ...]
    impact: reading.Impact
    refusal: Invalid | None


def preview(proposal_id: UUID) -> Preview:
    """Return what a proposal of the open scope would do as the tree stands; NotFound."""
    row = db.session.get(UnitProposal, proposal_id)
    if row is None:
        raise NotFound
    wanted = Wanted.read(row.kind, row.effective_on, row.document_no, row.plan)
    refusal, steps = None, reading.done(row.id)
    if row.status == "proposed":
        try:
            steps = plan(row.id, row.unit_id, wanted)
        except Invalid as error:
            refusal = error
    return Preview(
        row.id, wanted, reading.node(row.unit_id), row.status, row.version, row.created_by,
        steps, reading.impact(steps), refusal,
    )  # fmt: skip


def plan(proposal_id: UUID, unit_id: UUID, wanted: Wanted) -> tuple[Step, ...]:
    """Think a proposal through as the tree stands now; Invalid says why it cannot be."""
    node = reading.node(unit_id)
    if node.closed:
        raise Invalid("这个单位已经撤销")
    steps = _PLANS[wanted.kind](proposal_id, node, wanted)
    _refuse_collisions(wanted.kind, steps)
    return steps


def _rename(proposal_id: UUID, node: Node, wanted: Wanted) -> tuple[Step, ...]:
    return unit_plans.same(node, name=unit_plans.check_name(wanted.name))


def _close(proposal_id: UUID, node: Node, wanted: Wanted) -> tuple[Step, ...]:
    if reading.open_children(node.id):
        raise Invalid("下面还有没有撤销的单位，请先撤销或合并它们")
    if reading.live_grants(node.path, clock.today()):
        raise Invalid("还有人在这里任职，请先结束他们的岗位")
    steps = unit_plans.same(node)
    for label, state, count in reading.impact(steps).open_work:
        raise Invalid(
            "还有没办完的工作：{label}“{state}”{count} 件；请先办结，或改用合并",
            label=label, state=state, count=count,
        )  # fmt: skip
    return steps


def _recode(proposal_id: UUID, node: Node, wanted: Wanted) -> tuple[Step, ...]:
    _refuse_imports_going(node)
    return _carry(node, wanted, None)


def _move(proposal_id: UUID, node: Node, wanted: Wanted) -> tuple[Step, ...]:
    if wanted.parent_id is None:
        raise Invalid("请选择新的上级单位", {"parent": "请选择新的上级单位"})
    parent = reading.node(wanted.parent_id)
    if parent.path.startswith(node.path):
        raise Invalid("不能移到自己下面", {"parent": "不能移到自己下面"})
    if parent.id == node.parent_id:
        raise Invalid("已经在这个上级下面", {"parent": "已经在这个上级下面"})
    unit_plans.check_place(node.level, parent)
    leaves = not node.is_tenant and node.tenant_path != parent.tenant_path
    if leaves and (rows := reading.rows_of_another_authority(node.path)):
        raise Invalid(
            "有 {rows} 条记录由原主管单位负责，不能随单位转走；请先由两边商定它们的去向",
            rows=rows,
        )
    _refuse_imports_going(node)
    return _carry(node, wanted, parent)


def _carry(node: Node, wanted: Wanted, parent: Node | None) -> tuple[Step, ...]:
    below = reading.below(node.path)
    taken = reading.codes_taken([node.id, *(one.id for one in below)])
    code = unit_plans.check_code(wanted.code or node.code, node.level)
    _refuse_taken(code, taken)
    return unit_plans.carried(
        node, below, parent=parent, code=code, codes=wanted.codes, taken=taken
    )


def _merge(proposal_id: UUID, node: Node, wanted: Wanted) -> tuple[Step, ...]:
    """Plan the end of the sources; the unit that goes on stands, or is opened by the change."""
    sources = [node, *(reading.node(one) for one in wanted.others)]
    _refuse_merge(node, sources[1:])
    ids = {one.id for one in sources}
    target = next((one for one in sources if one.code == wanted.code), None)
    target = target or _opened(proposal_id, node, wanted)
    gone = [one for one in sources if one.id != target.id]
    below = [one for source in gone for one in reading.below(source.path)]
    taken = reading.codes_taken([*(one.id for one in gone), *(one.id for one in below)])
    steps = unit_plans.merged(gone, target, below, codes=wanted.codes, taken=taken)
    name = wanted.name.strip() or target.name
    if target.id not in ids or name == target.name:
        return steps
    return unit_plans.merged_and_renamed(target, unit_plans.check_name(name), steps)


def _opened(proposal_id: UUID, node: Node, wanted: Wanted) -> Node:
    """Return the new unit that a merge opens beside its sources."""
    code = unit_plans.check_code(wanted.code, node.level)
    _refuse_taken(code, reading.codes_taken(()))
    above = node.path[: node.path[:-1].rindex("/") + 1]
    return Node(
        uuid5(proposal_id, "unit"), code, unit_plans.check_name(wanted.name), node.level,
        unit_plans.path_of(above, code, node.level), node.parent_id, node.tenant_path,
    )  # fmt: skip


def _refuse_merge(node: Node, others: list[Node]) -> None:
    if not others or node.id in {one.id for one in others}:
        raise Invalid("请选择另一个要合并的单位", {"others": "请选择另一个要合并的单位"})
    if any((one.level, one.parent_id) != (node.level, node.parent_id) for one in others):
        raise Invalid("只有同一上级下的同级单位才能合并；请先办理改隶属")
    if any(one.is_tenant for one in (node, *others)):
        raise Invalid("主管单位各有自己的窗口和名单，不能直接合并；请先办结两边的工作")
    if any(one.closed for one in others):
        raise Invalid("要合并的单位里有已经撤销的")
    _refuse_imports_going(node, *others)


def _refuse_taken(code: str, taken: Container[str]) -> None:
    if code in taken:
        raise Invalid("代码 {code} 已经用过，不能再用", {"code": "这个代码已经用过"}, code=code)


def _refuse_imports_going(*nodes: Node) -> None:
    """Refuse while a ledger waits for its import: it speaks of the units of today."""
    steps = [step for node in nodes for step in unit_plans.same(node)]
    for label, state, _ in reading.impact(steps).open_work:
        if label == imports.MACHINE.label:
            raise Invalid("有台账导入“{state}”，里面写的是原来的单位；请先导入或放弃", state=state)


def _refuse_collisions(kind: str, steps: tuple[Step, ...]) -> None:
    moving = [step for step in steps if not step.is_merged_away]
    codes = [(step.level, step.new_code) for step in moving]
    if len(codes) != len(set(codes)):
        raise Invalid("两个单位会得到同一个代码，请在对照表里逐个写明新代码")
    changed = [step.new_path for step in moving if step.new_path != step.old_path]
    if reading.paths_taken(changed, [step.unit_id for step in steps]):
        raise Invalid("新的位置以前属于别的单位，请换一个代码")
    if kind != "close" and not any(step.changes for step in steps):
        raise Invalid("填写的和现在一样，没有任何变化")


_PLANS: Mapping[str, Callable[[UUID, Node, Wanted], tuple[Step, ...]]] = {
    "rename": _rename,
    "close": _close,
    "recode": _recode,
    "move": _move,
    "merge": _merge,
}
