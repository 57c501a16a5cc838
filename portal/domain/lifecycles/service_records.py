"""The life of a service record: told by one person, looked at by another (domain.md 6, 67号令)."""

from __future__ import annotations

from portal.domain.lifecycles.clearances import not_tied
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: Records that take up their time: what is voided leaves the day free.
COUNTING = states("recorded", "verified", "returned")
_REASON = Ask("reason", "原因")
_NOT_THE_SAME = another_person_than("created_by", "recorded_by", "user_id", doing="核实")
#: Nor whoever declared a tie with the supporter, or speaks for it.
_VERIFYING = all_guards(_NOT_THE_SAME, not_tied)
_NOT_ONESELF = all_guards(another_person_than("user_id", doing="处理"), not_tied)

MACHINE = Machine(
    noun="service_record",
    label="服务记录",
    initial="recorded",
    states={
        "recorded": State("待核实", Tone.INFO),
        "verified": State("已核实", Tone.GOOD),
        "returned": State("退回更正", Tone.WARN),
        "voided": State("已作废", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "verify",
            states("recorded"),
            "verified",
            Permission.HOURS_VERIFY,
            "核实",
            Tone.GOOD,
            guard=_VERIFYING,
            done="已核实，计入服务时长",
        ),
        # The act behind the record (a contact log, a session) was verified by its own people.
        Transition(
            "follow_source",
            states("recorded"),
            "verified",
            None,
            "随来源核实",
            guard=_NOT_THE_SAME,
        ),
        Transition(
            "fall_with_source",
            states("recorded", "returned", "verified"),
            "voided",
            None,
            "随来源作废",
        ),
        Transition(
            "return",
            states("recorded"),
            "returned",
            Permission.HOURS_VERIFY,
            "退回更正",
            Tone.WARN,
            asks=(_REASON,),
            guard=_NOT_ONESELF,
            done="已退回，已写信告诉志愿者",
        ),
        Transition(
            "resubmit",
            states("returned"),
            "recorded",
            Permission.HOURS_ENTER,
            "重新提交",
            Tone.GOOD,
            done="已重新提交，等待核实",
        ),
        Transition(
            "withdraw",
            states("recorded", "returned"),
            "voided",
            Permission.HOURS_ENTER,
            "撤回",
            Tone.WARN,
            done="已撤回，不计入服务时长",
        ),
        Transition(
            "reopen",
            states("verified"),
            "returned",
            Permission.HOURS_VERIFY,
            "重新更正",
            Tone.WARN,
            asks=(_REASON,),
            guard=_NOT_ONESELF,
            done="已退回更正；用到它的证明已经作废",
        ),
        Transition(
            "void",
            states("recorded", "returned", "verified"),
            "voided",
            Permission.HOURS_VERIFY,
            "作废",
            Tone.BAD,
            asks=(_REASON,),
            guard=_NOT_ONESELF,
            done="已作废；用到它的证明也已经作废",
        ),
    ),
)
