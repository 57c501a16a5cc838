"""A complaint about a supporter: it suspends at once, is looked into, and ends with a finding."""

from __future__ import annotations

from portal.domain.lifecycles.clearances import not_tied
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_FINDING = Ask("finding", "核实情况和结论")

MACHINE = Machine(
    noun="complaint",
    label="投诉",
    initial="open",
    states={
        "open": State("核实中", Tone.WARN),
        "upheld": State("属实", Tone.BAD, final=True),
        "unfounded": State("不属实", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "uphold",
            states("open"),
            "upheld",
            Permission.SUPPORTER_VET,
            "属实",
            Tone.BAD,
            asks=(_FINDING,),
            guard=not_tied,
            done="已记录：属实",
        ),
        Transition(
            "dismiss",
            states("open"),
            "unfounded",
            Permission.SUPPORTER_VET,
            "不属实",
            Tone.GOOD,
            asks=(_FINDING,),
            guard=not_tied,
            done="已记录：不属实",
        ),
    ),
)
