"""The life of a journal entry: told by one person, verified by another (PN; S0-4.5b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: Entries that stand: what is void never was.
STANDING = states("recorded", "returned", "verified")
_REASON = Ask("reason", "原因")


def not_tied(actor: Actor, log: Any, answers: Mapping[str, Any]) -> None:
    """Refuse staff who are the writer's supporter, or have declared a tie with them."""
    if log.supporter_id in actor.supporter_ids:
        raise NotAllowed("不能办理自己的日志")
    if actor.user_id is not None and actor.user_id in log.tied_staff:
        raise NotAllowed("您声明过与结对人有利害关系，请由其他同事办理")


def its_writer(actor: Actor, log: Any, answers: Mapping[str, Any]) -> None:
    """Let nobody but the writer put other words into an entry."""
    if actor.user_id != log.user_id:
        raise NotAllowed("只有写这条日志的人可以修改")


_VERIFYING = all_guards(another_person_than("user_id", "created_by", doing="核实"), not_tied)
_HANDLING = all_guards(another_person_than("user_id", "created_by", doing="处理"), not_tied)

MACHINE = Machine(
    noun="contact_log",
    label="联系日志",
    initial="recorded",
    states={
        "recorded": State("待核实", Tone.INFO),
        "verified": State("已核实", Tone.GOOD),
        "returned": State("退回修改", Tone.WARN),
        "void": State("已作废", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "verify",
            states("recorded"),
            "verified",
            Permission.CONTACT_VERIFY,
            "核实",
            Tone.GOOD,
            guard=_VERIFYING,
            done="已核实，见面的时间计入服务时长",
        ),
        Transition(
            "return",
            states("recorded"),
            "returned",
            Permission.CONTACT_VERIFY,
            "退回修改",
            Tone.WARN,
            asks=(_REASON,),
            guard=_HANDLING,
            done="已退回，已写信告诉结对人",
        ),
        Transition(
            "correct",
            states("returned"),
            "recorded",
            Permission.CONTACT_WRITE,
            "改好再交",
            Tone.GOOD,
            guard=its_writer,
            done="已重新提交，等待核实",
        ),
        Transition(
            "void",
            states("recorded", "returned", "verified"),
            "void",
            Permission.CONTACT_VERIFY,
            "作废",
            Tone.BAD,
            asks=(_REASON,),
            guard=_HANDLING,
            done="已作废；由它计入的服务时长一并作废",
        ),
    ),
)
