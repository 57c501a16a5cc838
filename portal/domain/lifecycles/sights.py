"""The life of a leave to see: asked, given by another person, opened for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed, WrongState
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Guard, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission
from portal.domain.sight import GRANTED_FOR

GRANT, BREAK_GLASS = "grant", "break_glass"


def _of_kind(kind: str) -> Guard:
    def guard(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
        if subject.kind != kind:
            raise WrongState("这一步不适用于这份申请")

    return guard


def _asker_in_time(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    if subject.asked_by != actor.user_id:
        raise NotAllowed("只有申请人可以打开")
    if subject.decided_at is None or clock.now() > subject.decided_at + GRANTED_FOR:
        raise WrongState("批准后8小时内没有打开，已经失效，请重新申请")


_TWO_KEYS = another_person_than("asked_by", doing="批准")

MACHINE = Machine(
    noun="sight",
    label="查看申请",
    initial="asked",
    states={
        "asked": State("等待批准", Tone.INFO),
        "granted": State("已批准，待打开", Tone.GOOD),
        "open": State("正在打开", Tone.WARN),
        "ended": State("已遮回", final=True),
        "refused": State("未批准", Tone.BAD, final=True),
        "lapsed": State("已失效", final=True),
    },
    transitions=(
        Transition(
            "grant",
            states("asked"),
            "granted",
            Permission.SIGHT_GRANT,
            "批准查看",
            Tone.GOOD,
            guard=all_guards(_of_kind(GRANT), _TWO_KEYS),
            done="已批准，申请人8小时内可以打开一次，15分钟后自动遮回",
        ),
        Transition(
            "confirm",
            states("asked"),
            "granted",
            Permission.SIGHT_CONFIRM,
            "确认应急查看",
            Tone.WARN,
            guard=all_guards(_of_kind(BREAK_GLASS), _TWO_KEYS),
            done="已确认，所有责任人都会收到通知",
        ),
        Transition(
            "refuse",
            states("asked"),
            "refused",
            Permission.SIGHT_CONFIRM,
            "不批准",
            Tone.BAD,
            asks=(Ask("reason", "原因"),),
            guard=_TWO_KEYS,
            done="已答复申请人",
        ),
        Transition(
            "open",
            states("granted"),
            "open",
            Permission.SIGHT_OPEN,
            "打开（15分钟）",
            Tone.GOOD,
            guard=_asker_in_time,
            done="已打开，15分钟后自动遮回",
        ),
        Transition("end", states("open"), "ended", None, "自动遮回"),
        Transition("lapse", states("asked", "granted"), "lapsed", None, "过期失效"),
    ),
)
