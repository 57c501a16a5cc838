"""The life of an honour and of an authority's own catalogue item: two keys each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_REASON = Ask("reason", "原因")


def another_person(actor: Actor, proposed: Any, answers: Mapping[str, Any]) -> None:
    """Who proposes does not approve (two keys)."""
    if proposed.created_by == actor.user_id:
        raise NotAllowed("提出的人不能自己批准，请另一位同事办理")


def another_and_not_honoured(actor: Actor, honour: Any, answers: Mapping[str, Any]) -> None:
    """Neither the proposer nor the honoured person approves."""
    another_person(actor, honour, answers)
    if honour.supporter_id in actor.supporter_ids:
        raise NotAllowed("不能批准给自己的荣誉")


HONOURS = Machine(
    noun="honour",
    label="荣誉",
    initial="proposed",
    states={
        "proposed": State("待批准", Tone.INFO),
        "approved": State("已公示", Tone.GOOD),
        "declined": State("未批准", Tone.BAD, final=True),
        "retracted": State("已撤下", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "approve",
            states("proposed"),
            "approved",
            Permission.HONOUR_MANAGE,
            "批准公示",
            Tone.GOOD,
            guard=another_and_not_honoured,
            done="已批准，按本人的意愿公示",
        ),
        Transition(
            "decline",
            states("proposed"),
            "declined",
            Permission.HONOUR_MANAGE,
            "不批准",
            Tone.WARN,
            asks=(_REASON,),
            done="已记录",
        ),
        Transition(
            "retract",
            states("approved"),
            "retracted",
            Permission.HONOUR_MANAGE,
            "撤下",
            Tone.BAD,
            asks=(_REASON,),
            done="已从公示中撤下",
        ),
    ),
)

CATALOGUE_ITEMS = Machine(
    noun="catalogue_item",
    label="自有物品",
    initial="proposed",
    states={
        "proposed": State("待批准", Tone.INFO),
        "approved": State("已启用", Tone.GOOD, final=True),
        "declined": State("未批准", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "approve",
            states("proposed"),
            "approved",
            Permission.CATALOGUE_MANAGE,
            "批准启用",
            Tone.GOOD,
            guard=another_person,
            done="已启用，起草心愿时可以选",
        ),
        Transition(
            "decline",
            states("proposed"),
            "declined",
            Permission.CATALOGUE_MANAGE,
            "不批准",
            Tone.WARN,
            asks=(_REASON,),
            done="已记录",
        ),
    ),
)
