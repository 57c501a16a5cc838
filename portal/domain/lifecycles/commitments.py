"""The life of a supporter's promise (domain.md 4, CM)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Invalid
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: A claim not approved within 72 h goes back to the wall (MW published → reserved).
LAPSE_HOURS = 72
#: Three lapses in twelve months block new claims for 90 days (CM).
LAPSES_ALLOWED = 3
BLOCK_DAYS = 90
LIVE = states("pending", "approved", "delivering", "delivered")
METHODS = {"hand_in": "亲自送到交接点", "courier": "快递到交接点", "service": "约定服务日期"}
_REASON = Ask("reason", "原因")


def value_known(actor: Actor, commitment: Any, answers: Mapping[str, Any]) -> None:
    """Ask what the goods are worth (0 for a service), in 分."""
    value = answers.get("value_fen")
    if value is None or not isinstance(value, int) or value < 0:
        raise Invalid("请填写物品价值", {"value": "请填写物品价值（服务类填0）"})


def not_in_future(actor: Actor, commitment: Any, answers: Mapping[str, Any]) -> None:
    """Refuse a receipt dated after today."""
    if (day := answers.get("delivered_on")) and day > clock.today():
        raise Invalid("收货日期不能晚于今天", {"delivered_on": "收货日期不能晚于今天"})


def _received(actor: Actor, commitment: Any, answers: Mapping[str, Any]) -> None:
    value_known(actor, commitment, answers)
    not_in_future(actor, commitment, answers)


MACHINE = Machine(
    noun="commitment",
    label="认领",
    initial="pending",
    states={
        "pending": State("待批准", Tone.INFO),
        "approved": State("已批准，请准备", Tone.GOOD),
        "delivering": State("送达途中", Tone.INFO),
        "delivered": State("交接点已收", Tone.GOOD),
        "confirmed": State("心愿已实现", Tone.GOOD, final=True),
        "declined": State("未获批准", Tone.WARN, final=True),
        "withdrawn": State("已退回", Tone.NEUTRAL, final=True),
        "lapsed": State("已超时", Tone.WARN, final=True),
        "failed": State("未能送达", Tone.BAD, final=True),
        "cancelled": State("心愿已撤回", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "approve",
            states("pending"),
            "approved",
            Permission.COMMITMENT_APPROVE,
            "批准认领",
            Tone.GOOD,
            done="已批准，已通知认领人",
        ),
        Transition(
            "decline",
            states("pending"),
            "declined",
            Permission.COMMITMENT_APPROVE,
            "不批准",
            Tone.WARN,
            asks=(_REASON,),
            done="已婉拒，心愿重新征集",
        ),
        Transition(
            "dispatch",
            states("approved"),
            "delivering",
            Permission.COMMITMENT_CARRY,
            "我已寄出",
            Tone.GOOD,
            asks=(
                Ask("method", "送达方式", "choice"),
                Ask("tracking_no", "快递单号", required=False),
            ),
            done="已记录，交接点会留意",
        ),
        Transition(
            "receive",
            states("approved", "delivering"),
            "delivered",
            Permission.COMMITMENT_RECEIVE,
            "确认收货",
            Tone.GOOD,
            asks=(Ask("delivered_on", "收货日期", "date"),),
            guard=_received,
            done="已收货，已通知认领人和儿童主任",
        ),
        Transition("confirm", states("delivered"), "confirmed", None, "心愿已实现"),
        Transition(
            "give_back",
            states("pending", "approved", "delivering"),
            "withdrawn",
            Permission.COMMITMENT_CARRY,
            "退回这个心愿",
            Tone.WARN,
            asks=(_REASON,),
            done="已退回，谢谢您告诉我们",
        ),
        Transition("lapse", states("pending"), "lapsed", None, "超时"),
        Transition("release", states("pending"), "declined", None, "资格失效，放回心愿墙"),
        Transition(
            "fail",
            states("approved", "delivering"),
            "failed",
            Permission.COMMITMENT_APPROVE,
            "未能送达",
            Tone.BAD,
            asks=(_REASON,),
            done="已记录，心愿重新征集",
        ),
        Transition(
            "cancel", states("pending", "approved", "delivering"), "cancelled", None, "心愿撤回"
        ),
    ),
)
