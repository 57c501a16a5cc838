"""Opening a locked session again: a reason, and a second person's yes (PG session)."""

from __future__ import annotations

from portal.domain.lifecycles.guards import another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_SECOND = another_person_than("asked_by", doing="解除锁定")

MACHINE = Machine(
    noun="session_unlock",
    label="解锁申请",
    initial="asked",
    states={
        "asked": State("待同意", Tone.INFO),
        "approved": State("已同意", Tone.GOOD, final=True),
        "declined": State("未同意", Tone.WARN, final=True),
    },
    transitions=(
        Transition(
            "approve",
            states("asked"),
            "approved",
            Permission.ATTENDANCE_UNLOCK,
            "同意解锁",
            Tone.GOOD,
            guard=_SECOND,
            done="已解锁，24小时内可以补改",
        ),
        Transition(
            "decline",
            states("asked"),
            "declined",
            Permission.ATTENDANCE_UNLOCK,
            "不同意",
            Tone.WARN,
            asks=(Ask("reason", "原因"),),
            guard=_SECOND,
            done="已答复申请人",
        ),
    ),
)
