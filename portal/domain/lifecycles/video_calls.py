"""The life of a family video call (S1-2.3.3d): booked, then done, missed or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import WrongState
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission
from portal.domain.video_calls import begins


def _has_begun(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    if begins(subject.happens_on, subject.starts) > clock.now():
        raise WrongState("还没有到约好的时间，到时再登记结果")


MACHINE = Machine(
    noun="video_call",
    label="亲情视频连线",
    initial="booked",
    states={
        "booked": State("已约", Tone.INFO),
        "done": State("已连线", Tone.GOOD, final=True),
        "missed": State("没连上", Tone.WARN, final=True),
        "cancelled": State("已取消", final=True),
    },
    transitions=(
        Transition(
            "done",
            states("booked"),
            "done",
            Permission.VIDEO_CALL_BOOK,
            "连线了",
            Tone.GOOD,
            asks=(Ask("minutes", "连线了多少分钟", "number"),),
            guard=_has_begun,
            done="已登记连线",
        ),
        Transition(
            "missed",
            states("booked"),
            "missed",
            Permission.VIDEO_CALL_BOOK,
            "没连上",
            Tone.WARN,
            asks=(Ask("reason", "为什么没连上", "long"),),
            guard=_has_begun,
            done="已登记，没连上的也算在次数里",
        ),
        Transition(
            "cancel",
            states("booked"),
            "cancelled",
            Permission.VIDEO_CALL_BOOK,
            "取消预约",
            Tone.BAD,
            asks=(Ask("reason", "为什么取消", "long"),),
            done="已取消，时段空出来了",
        ),
    ),
)
