"""The life of a resource offer, and of one link that takes a part of it (S1-2.3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_REASON = Ask("reason", "原因")


def not_own_offer(actor: Actor, offer: Any, answers: Mapping[str, Any]) -> None:
    """Nobody lists what they offer themselves."""
    if offer.supporter_id in actor.supporter_ids or offer.created_by == actor.user_id:
        raise NotAllowed("不能审核自己提供的资源")


OFFERS = Machine(
    noun="resource_offer",
    label="资源",
    initial="submitted",
    states={
        "submitted": State("待核对", Tone.INFO),
        "listed": State("可使用", Tone.GOOD),
        "returned": State("退回补充", Tone.WARN),
        "used_up": State("已用完"),
        "expired": State("已到期", Tone.WARN),
        "withdrawn": State("已撤下", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "list",
            states("submitted"),
            "listed",
            Permission.RESOURCE_MODERATE,
            "收进名录",
            Tone.GOOD,
            guard=not_own_offer,
            done="已收进资源名录",
        ),
        Transition(
            "return",
            states("submitted", "listed"),
            "returned",
            Permission.RESOURCE_MODERATE,
            "退回补充",
            Tone.WARN,
            asks=(_REASON,),
            guard=not_own_offer,
            done="已退回，提供方会看到原因",
        ),
        Transition(
            "submit",
            states("returned", "expired", "listed", "used_up"),
            "submitted",
            Permission.RESOURCE_OFFER,
            "重新提交",
            Tone.GOOD,
            done="已提交，工作人员会核对",
        ),
        Transition(
            "withdraw",
            states("submitted", "listed", "returned", "used_up", "expired"),
            "withdrawn",
            Permission.RESOURCE_OFFER,
            "撤回",
            Tone.BAD,
            done="已撤回；已经约好的仍请照约提供",
        ),
        Transition(
            "take_down",
            states("submitted", "listed", "returned", "used_up", "expired"),
            "withdrawn",
            Permission.RESOURCE_MODERATE,
            "撤下",
            Tone.BAD,
            asks=(_REASON,),
            guard=not_own_offer,
            done="已撤下",
        ),
        Transition("use_up", states("listed"), "used_up", None, "用完"),
        Transition("reopen", states("used_up"), "listed", None, "又有空余"),
        Transition(
            "expire", states("submitted", "listed", "returned", "used_up"), "expired", None, "到期"
        ),
    ),
)

LINKS = Machine(
    noun="resource_link",
    label="资源使用",
    initial="booked",
    states={
        "booked": State("已约定", Tone.GOOD),
        "released": State("已放回", final=True),
    },
    transitions=(
        Transition(
            "release",
            states("booked"),
            "released",
            Permission.RESOURCE_LINK,
            "放回",
            Tone.WARN,
            asks=(_REASON,),
            done="已放回，数量已恢复",
        ),
    ),
)
