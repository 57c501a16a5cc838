"""The life of a pairing between a child and a person of tier 2 (domain.md 4, PN; S0-4.2b, 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import Conflict, NotAllowed
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: A child and a person are paired once at a time.
LIVE = states("matched", "active", "paused")
_REASON = Ask("reason", "原因")


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


MACHINE = Machine(
    noun="pairing",
    label="结对",
    initial="matched",
    states={
        "matched": State("已配对，待批准", Tone.INFO),
        "active": State("结对中", Tone.GOOD),
        "paused": State("已暂停", Tone.WARN),
        "closed": State("已结束", final=True),
    },
    transitions=(
        Transition(
            "activate",
            states("matched"),
            "active",
            Permission.PAIRING_MANAGE,
            "批准结对",
            Tone.GOOD,
            guard=all_guards(
                not_mine, another_person_than("matched_by", doing="批准结对"), contact_stands
            ),
            done="结对开始，已通知各方",
        ),
        Transition(
            "pause",
            states("active"),
            "paused",
            Permission.PAIRING_MANAGE,
            "暂停结对",
            Tone.WARN,
            asks=(Ask("reason_code", "原因类别", "choice"), _REASON),
            guard=not_mine,
            done="结对已暂停",
        ),
        Transition("halt", states("active"), "paused", None, "结对自动暂停"),
        Transition(
            "resume",
            states("paused"),
            "active",
            Permission.PAIRING_MANAGE,
            "恢复结对",
            Tone.GOOD,
            asks=(_REASON,),
            guard=all_guards(not_mine, contact_stands),
            done="结对已恢复",
        ),
        Transition(
            "close",
            states("matched", "active", "paused"),
            "closed",
            Permission.PAIRING_MANAGE,
            "结束结对",
            Tone.BAD,
            asks=(Ask("reason_code", "原因类别", "choice"), _REASON),
            guard=not_mine,
            done="结对已结束",
        ),
    ),
)
