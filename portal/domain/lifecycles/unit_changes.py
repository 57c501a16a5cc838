"""The life of a change of the unit tree: proposed by one administrator, carried out by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import WrongState
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: What renames or closes one unit is undone as easily; these rewrite paths (two keys).
TWO_KEYS = frozenset({"merge", "move", "recode"})


def _its_day_has_come(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    if subject.effective_on > clock.today():
        raise WrongState(
            "这项调整从{day}起生效，到那天再办理", day=subject.effective_on.isoformat()
        )


def _second_key(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    if subject.kind in TWO_KEYS:
        another_person_than("created_by", doing="确认这项调整")(actor, subject, answers)


MACHINE = Machine(
    noun="unit_change",
    label="单位调整",
    initial="proposed",
    states={
        "proposed": State("待确认", Tone.INFO),
        "done": State("已生效", Tone.GOOD, final=True),
        "dropped": State("未采用", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "confirm",
            states("proposed"),
            "done",
            Permission.UNIT_MANAGE,
            "确认并生效",
            Tone.GOOD,
            guard=all_guards(_second_key, _its_day_has_come),
            done="调整已生效",
        ),
        Transition(
            "drop",
            states("proposed"),
            "dropped",
            Permission.UNIT_MANAGE,
            "不采用",
            Tone.WARN,
            asks=(Ask("reason", "理由"),),
            done="已记为不采用，单位没有变化",
        ),
    ),
)
