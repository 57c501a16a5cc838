"""The life of a pairing between a child and a person of tier 2 (domain.md 4, PN; S0-4.2b, 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import Conflict, NotAllowed
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: A child and a person are paired once at a time; each of these takes a place of the person.
LIVE = states("proposed", "matched", "active", "paused")
#: A second person has said yes: a need has one of these at most (a partial unique index).
APPROVED = states("matched", "active", "paused")
#: The first meeting is held and the person may know what the child is called.
MET = states("active", "paused")
#: Day of the first meeting counted from the match, for the page to show; no wall (PN: 15 days).
MEET_WITHIN_DAYS = 15
_REASON = Ask("reason", "原因")
_CODE = Ask("reason_code", "原因类别", "choice")


def not_mine(actor: Actor, pairing: Any, answers: Mapping[str, Any]) -> None:
    """Refuse staff who are the mentor, or have declared a tie with them (separation of duties)."""
    if pairing.supporter_id in actor.supporter_ids:
        raise NotAllowed("不能办理自己的结对")
    if actor.user_id is not None and actor.user_id in pairing.tied_staff:
        raise NotAllowed("您声明过与结对人有利害关系，请由其他同事办理")


def contact_stands(actor: Actor, pairing: Any, answers: Mapping[str, Any]) -> None:
    """Ask for a tier-2 standing that holds today (S0-4.5a)."""
    if not pairing.contact_stands:
        raise Conflict("结对人接触儿童的资格没有生效，先办理资格")


def need_waits(actor: Actor, pairing: Any, answers: Mapping[str, Any]) -> None:
    """Ask for a need that nobody else has been approved for, and that was not withdrawn."""
    if not pairing.need_waits:
        raise Conflict("这项需求已经有人结对，或已不再需要，这份建议不能批准")


def agreed(actor: Actor, pairing: Any, answers: Mapping[str, Any]) -> None:
    """Ask for the guardian's agreement, and the child's own from the age of eight on (PN)."""
    if pairing.guardian_agreed_on is None:
        raise Conflict("监护人的同意还没有登记：请儿童主任先登记，或请监护人用链接同意")
    if pairing.child_agreed_on is None and pairing.hears_child:
        raise Conflict("孩子满 8 周岁，要先听取并登记孩子本人的意愿")


def met(actor: Actor, pairing: Any, answers: Mapping[str, Any]) -> None:
    """Ask for the first meeting, held with the director present (PN)."""
    if pairing.met_on is None or pairing.met_with is None:
        raise Conflict("第一次见面还没有登记：请儿童主任陪同见面后登记")


_MANAGE = Permission.PAIRING_MANAGE

MACHINE = Machine(
    noun="pairing",
    label="结对",
    initial="proposed",
    states={
        "proposed": State("结对建议，待批准", Tone.INFO),
        "matched": State("已批准，待见面", Tone.INFO),
        "active": State("结对中", Tone.GOOD),
        "paused": State("已暂停", Tone.WARN),
        "closed": State("已结束", final=True),
    },
    transitions=(
        Transition(
            "approve",
            states("proposed"),
            "matched",
            _MANAGE,
            "批准结对建议",
            Tone.GOOD,
            guard=all_guards(
                not_mine,
                another_person_than("proposed_by", doing="批准结对建议"),
                contact_stands,
                need_waits,
            ),
            done="已批准，已通知爱心人士和儿童主任安排第一次见面",
        ),
        Transition(
            "decline",
            states("proposed"),
            "closed",
            _MANAGE,
            "不采纳建议",
            Tone.BAD,
            asks=(_REASON,),
            guard=not_mine,
            done="这份建议没有采纳",
        ),
        # Another proposal for the same need was approved, or the need went away.
        Transition("supersede", states("proposed"), "closed", None, "建议作废"),
        Transition(
            "activate",
            states("matched"),
            "active",
            _MANAGE,
            "开始结对",
            Tone.GOOD,
            guard=all_guards(not_mine, contact_stands, agreed, met),
            done="结对开始，已通知各方",
        ),
        Transition(
            "pause",
            states("active"),
            "paused",
            _MANAGE,
            "暂停结对",
            Tone.WARN,
            asks=(_CODE, _REASON),
            guard=not_mine,
            done="结对已暂停，已通知各方",
        ),
        Transition("halt", states("active"), "paused", None, "结对自动暂停"),
        Transition(
            "resume",
            states("paused"),
            "active",
            _MANAGE,
            "恢复结对",
            Tone.GOOD,
            asks=(_REASON,),
            guard=all_guards(not_mine, contact_stands),
            done="结对已恢复，已通知各方",
        ),
        Transition(
            "close",
            states("matched", "active", "paused"),
            "closed",
            _MANAGE,
            "结束结对",
            Tone.BAD,
            asks=(_CODE, _REASON),
            guard=not_mine,
            done="结对已结束，孩子的称呼和见面地点已清除",
        ),
        Transition("withdraw_consent", APPROVED, "closed", None, "监护人撤回同意"),
        # S2-2.3d: the birthday itself. Somebody who leaves for good leaves no pairing behind.
        Transition("age_out", APPROVED, "closed", None, "孩子年满18周岁"),
        Transition("leave", APPROVED, "closed", None, "结对人已离开"),
    ),
)
