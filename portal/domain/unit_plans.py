"""What a change of the unit tree does to each unit: pure, so that a preview cannot differ.

As in 2021, when 梅列区 and 三元区 became 三元区 350404 and 沙县 became 沙县区 350405. The tree
decides what lies below a unit; where its code changes, the codes below that begin with it follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from portal.domain.errors import Invalid

LEVELS: Mapping[str, str] = {
    "province": "省",
    "city": "市",
    "county": "县（市、区）",
    "township": "乡镇（街道）",
    "village": "村（社区）",
    "agency": "社工机构",
}
KINDS: Mapping[str, str] = {
    "rename": "改名",
    "close": "撤销",
    "recode": "改代码",
    "move": "改隶属",
    "merge": "合并",
}
#: Digits of a code that say something, per level; the rest of six digits is zeros.
_DIGITS = {"province": 6, "city": 6, "county": 6, "township": 9, "village": 12}
_SHORT = {"province": 2, "city": 4}
_AGENCY_CODE = re.compile(r"[0-9A-Z-]{4,24}")
_NAME = re.compile(r"[\w()（）·—-]{2,60}")
_LONGEST_PATH = 120
#: What may stand directly under what.
_PARENTS = {
    "city": {"province"},
    "county": {"province", "city"},
    "township": {"county", "city"},
    "village": {"township"},
    "agency": {"province", "city", "county", "township"},
}


@dataclass(frozen=True, slots=True)
class Node:
    """One unit of the tree as it stands."""

    id: UUID
    code: str
    name: str
    level: str
    path: str
    parent_id: UUID | None
    tenant_path: str | None = None
    is_tenant: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one unit; ``successor_id`` is another's where it is merged away."""

    unit_id: UUID
    successor_id: UUID
    parent_id: UUID | None
    level: str
    old_code: str
    new_code: str
    old_name: str
    new_name: str
    old_path: str
    new_path: str

    @property
    def is_merged_away(self) -> bool:
        """Tell whether the unit ends here and another goes on in its place."""
        return self.unit_id != self.successor_id

    @property
    def changes(self) -> bool:
        """Tell whether anything of the unit is different afterwards."""
        old = (self.old_code, self.old_name, self.old_path)
        return self.is_merged_away or old != (self.new_code, self.new_name, self.new_path)


def segment(code: str, level: str) -> str:
    """Return a unit's part of a path: 35 for a province, 3504 for a city, else the whole code."""
    return code[: _SHORT.get(level, len(code))]


def path_of(parent: str, code: str, level: str) -> str:
    """Return the path of a unit under ``parent``; Invalid when the tree would be too deep."""
    path = f"{parent}{segment(code, level)}/"
    if len(path) > _LONGEST_PATH:
        raise Invalid("这个位置太深，单位树放不下")
    return path


def check_code(code: str, level: str, field: str = "code") -> str:
    """Return a code that fits its level; Invalid on ``field`` (GB/T 2260, 统计用区划代码)."""
    if level == "agency":
        if not _AGENCY_CODE.fullmatch(code):
            raise _refuse(field, "机构代码由 4 到 24 位数字、大写字母或“-”组成")
        return code
    digits = _DIGITS[level]
    if not (code.isascii() and code.isdecimal() and len(code) == digits):
        raise _refuse(field, "{level}的代码是 {n} 位数字", level=LEVELS[level], n=digits)
    zeros = {"province": "0000", "city": "00"}.get(level, "")
    if not code.endswith(zeros):
        raise _refuse(field, "{level}的代码以 {zeros} 结尾", level=LEVELS[level], zeros=zeros)
    return code


def check_name(name: str, field: str = "name") -> str:
    """Return a unit's name without blanks around it; Invalid on ``field``."""
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise _refuse(field, "单位名称为 2 到 60 个字，不带空格和标点")
    return name


def check_place(level: str, parent: Node, field: str = "parent") -> None:
    """Refuse a level that does not stand under its parent; Invalid on ``field``."""
    if parent.closed:
        raise _refuse(field, "上级单位“{name}”已经撤销", name=parent.name)
    if parent.level not in _PARENTS.get(level, set()):
        raise _refuse(field, "“{name}”下面不能设{level}", name=parent.name, level=LEVELS[level])


def parents_of(level: str) -> frozenset[str]:
    """Return the levels under which a unit of ``level`` may stand."""
    return frozenset(_PARENTS.get(level, ()))


def levels_below(level: str) -> tuple[str, ...]:
    """Return the levels that may stand directly under ``level``."""
    return tuple(below for below, above in _PARENTS.items() if level in above)


def same(node: Node, *, name: str = "") -> tuple[Step, ...]:
    """Plan a new name, or the end of a unit that goes nowhere."""
    return (_step(node, node, node.code, name or node.name, node.path, node.parent_id),)


def carried(
    root: Node,
    below: Iterable[Node],
    *,
    parent: Node | None,
    code: str,
    codes: Mapping[str, str],
    taken: Iterable[str] = (),
) -> tuple[Step, ...]:
    """Plan a new code or a new parent of ``root``, with everything below it.

    ``codes`` names new codes one by one; ``taken`` are codes that others hold. Raises Invalid.
    """
    start = parent.path if parent else root.path[: root.path[:-1].rindex("/") + 1]
    path = path_of(start, code, root.level)
    first = _step(root, root, code, root.name, path, parent.id if parent else root.parent_id)
    return (first, *_descend((first,), below, codes, set(taken) | {code}))


def merged(
    sources: Iterable[Node],
    target: Node,
    below: Iterable[Node],
    *,
    codes: Mapping[str, str],
    taken: Iterable[str] = (),
) -> tuple[Step, ...]:
    """Plan that ``sources`` end and ``target`` goes on with what lay below them."""
    first = tuple(
        _step(one, target, target.code, target.name, target.path, one.parent_id) for one in sources
    )
    return (*first, *_descend(first, below, codes, set(taken)))


def merged_and_renamed(target: Node, name: str, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return a merge's steps with a new name for the unit that goes on."""
    named = (
        replace(step, new_name=name) if step.successor_id == target.id else step for step in steps
    )
    return (*same(target, name=name), *named)


def rewritten(path: str, steps: Iterable[Step]) -> str:
    """Return where a path leads after the steps: by its nearest unit that moved."""
    nearest = max(
        (step for step in steps if path.startswith(step.old_path)),
        key=lambda step: len(step.old_path),
        default=None,
    )
    return nearest.new_path + path[len(nearest.old_path) :] if nearest else path


def _descend(
    first: tuple[Step, ...], below: Iterable[Node], codes: Mapping[str, str], taken: set[str]
) -> Iterator[Step]:
    """Carry units down from their parents' steps, parents first."""
    done = {step.unit_id: step for step in first}
    for node in sorted(below, key=lambda node: (node.path.count("/"), node.code)):
        above = done.get(node.parent_id) if node.parent_id else None
        if above is None:
            msg = f"{node.path} has no parent among the units that move"
            raise ValueError(msg)
        code = codes.get(node.code) or _following(node, above, taken)
        check_code(code, node.level, "codes")
        taken.add(code)
        path = path_of(above.new_path, code, node.level)
        step = _step(node, node, code, node.name, path, above.successor_id)
        done[node.id] = step
        yield step


def _following(node: Node, above: Step, taken: set[str]) -> str:
    """Return the code below a parent's new code; a number that is taken gives way to the next."""
    if node.level == "agency" or not node.code.startswith(above.old_code):
        return node.code
    digits = _DIGITS[node.level] - len(above.new_code)
    number = int(node.code[len(above.old_code) :] or 0)
    tries = (f"{above.new_code}{(number + step) % 10**digits:0{digits}d}" for step in range(1000))
    found = next((code for code in tries if code not in taken), None)
    if found is None:
        raise _refuse("codes", "“{name}”下面没有空余的代码", name=above.new_name)
    return found


def _step(
    node: Node, successor: Node, code: str, name: str, path: str, parent_id: UUID | None
) -> Step:
    return Step(
        node.id, successor.id, parent_id, node.level,
        node.code, code, node.name, name, node.path, path,
    )  # fmt: skip


def _refuse(field: str, sentence: str, **params: object) -> Invalid:
    return Invalid(sentence, {field: sentence.format(**params)}, **params)
