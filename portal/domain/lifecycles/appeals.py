"""An appeal against a refusal: once, within 15 days, answered by another person (SV)."""

from __future__ import annotations

from portal.domain.lifecycles.clearances import not_tied
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_ANSWER = Ask("answer", "答复和理由")
_ANOTHER = all_guards(not_tied, another_person_than("decided_by", doing="答复申诉"))

MACHINE = Machine(
    noun="appeal",
    label="申诉",
    initial="open",
    states={
        "open": State("待答复", Tone.INFO),
        "upheld": State("申诉成立", Tone.GOOD, final=True),
        "dismissed": State("维持原决定", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "uphold",
            states("open"),
            "upheld",
            Permission.SUPPORTER_VET,
            "申诉成立，重新核验",
            Tone.GOOD,
            asks=(_ANSWER,),
            guard=_ANOTHER,
            done="已答复，名单已解除，申请回到核验",
        ),
        Transition(
            "dismiss",
            states("open"),
            "dismissed",
            Permission.SUPPORTER_VET,
            "维持原决定",
            Tone.WARN,
            asks=(_ANSWER,),
            guard=_ANOTHER,
            done="已答复，维持原决定",
        ),
    ),
)
