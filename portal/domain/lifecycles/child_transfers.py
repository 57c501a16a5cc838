"""The life of a transfer: one county proposes, the other accepts; nothing moves before (PN)."""

from __future__ import annotations

from portal.domain.lifecycles.guards import another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_OPEN = states("proposed")

MACHINE = Machine(
    noun="child_transfer",
    label="儿童迁移",
    initial="proposed",
    states={
        "proposed": State("等迁入地答复", Tone.INFO),
        "accepted": State("已接收", Tone.GOOD, final=True),
        "refused": State("没有接收", Tone.WARN, final=True),
        "withdrawn": State("已撤回", final=True),
    },
    transitions=(
        Transition(
            "accept",
            _OPEN,
            "accepted",
            Permission.TRANSFER_ANSWER,
            "接收",
            Tone.GOOD,
            guard=another_person_than("proposed_by", doing="接收"),
            done="已接收，档案和结对已转到这里",
        ),
        Transition(
            "refuse",
            _OPEN,
            "refused",
            Permission.TRANSFER_ANSWER,
            "不接收",
            Tone.BAD,
            asks=(Ask("reason", "原因"),),
            guard=another_person_than("proposed_by", doing="答复"),
            done="已答复，原单位继续负责",
        ),
        Transition(
            "withdraw",
            _OPEN,
            "withdrawn",
            Permission.TRANSFER_PROPOSE,
            "撤回",
            Tone.WARN,
            asks=(Ask("reason", "原因"),),
            done="已撤回，档案留在原单位",
        ),
        # The file is erased, or the child has grown up, before anybody answered.
        Transition("lapse", _OPEN, "withdrawn", None, "不再需要"),
    ),
)
