"""The life of a hand-over: written by mentor or staff, read through, then the next one reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_ANY = states("written", "returned", "released")


def by_its_mentor(actor: Actor, handover: Any, answers: Mapping[str, Any]) -> None:
    """Hold a move to the mentor whose pairing it is: whoever follows reads and does not write."""
    if handover.mentor_id not in actor.supporter_ids:
        raise NotAllowed("交接页由原来的结对人或工作人员写")


def not_ones_own(actor: Actor, handover: Any, answers: Mapping[str, Any]) -> None:
    """Refuse staff who are the mentor, or have declared a tie with them."""
    if handover.mentor_id in actor.supporter_ids:
        raise NotAllowed("不能办理自己的结对")
    if actor.user_id is not None and actor.user_id in handover.tied_staff:
        raise NotAllowed("您声明过与结对人有利害关系，请由其他同事办理")


_READER = all_guards(not_ones_own, another_person_than("written_by", doing="审读"))

MACHINE = Machine(
    noun="handover",
    label="交接页",
    initial="written",
    states={
        "written": State("待审读", Tone.INFO),
        "returned": State("已退回，请改写", Tone.WARN),
        "released": State("已审读", Tone.GOOD),
    },
    transitions=(
        Transition(
            "rewrite",
            _ANY,
            "written",
            Permission.HANDOVER_WRITE,
            "保存交接页",
            Tone.GOOD,
            guard=by_its_mentor,
            done="已保存，工作人员会审读",
        ),
        Transition(
            "retype",
            _ANY,
            "written",
            Permission.PAIRING_MEET,
            "保存交接页",
            Tone.GOOD,
            guard=not_ones_own,
            done="已保存，请另一位同事审读",
        ),
        Transition(
            "release",
            states("written"),
            "released",
            Permission.CADENCE_CARE,
            "审读通过",
            Tone.GOOD,
            guard=_READER,
            done="已审读通过，下一位结对人开始后可以看到",
        ),
        Transition(
            "return",
            states("written"),
            "returned",
            Permission.CADENCE_CARE,
            "退回改写",
            Tone.WARN,
            asks=(Ask("reason", "原因"),),
            guard=_READER,
            done="已退回改写",
        ),
    ),
)
