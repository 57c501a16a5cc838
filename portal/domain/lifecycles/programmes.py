"""The life of a programme and of each of its sessions (domain.md 4, PG)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import Invalid
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Guard, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: Nothing of it is decided yet: everything about it may still be written.
EDITABLE = states("draft")
#: Approved and not over: its sessions are held, its rota stands, its roster counts.
LIVE = states("approved", "open", "running")
#: Families apply while it is open, and only then.
OPEN = states("open")
#: Counted as a camp of the vacation, whatever stage it is at.
COUNTED = states("submitted", "approved", "open", "running", "finished", "closed")
#: A session that is still held, or was.
HELD = states("planned", "open", "taken", "locked")
_REASON = Ask("reason", "原因")
_MANAGE, _APPROVE = Permission.PROGRAMME_MANAGE, Permission.PROGRAMME_APPROVE


def nothing_lacks(stage: str) -> Guard:
    """Refuse while the checklist of a stage is not done: all of it is said at once.

    The service brings what the plan lacks as the answer ``lacks``; without it nothing moves.
    """

    def guard(actor: Actor, programme: Any, answers: Mapping[str, Any]) -> None:
        if "lacks" not in answers:
            raise Invalid("这一步要先核对清单")
        lacks = [one for one in answers["lacks"] if one.blocks(stage)]
        if lacks:
            raise Invalid(
                "{what}",
                {one.where: str(one) for one in lacks},
                what="；".join(str(one) for one in lacks),
            )

    return guard


_SECOND = another_person_than("drafted_by", "organiser_id", doing="批准活动")

PROGRAMMES = Machine(
    noun="programme",
    label="活动",
    initial="draft",
    states={
        "draft": State("筹备中"),
        "submitted": State("待批准", Tone.INFO),
        "approved": State("已批准，待开放报名", Tone.INFO),
        "open": State("报名中", Tone.GOOD),
        "running": State("进行中", Tone.GOOD),
        "finished": State("已结束，待总结", Tone.WARN),
        "closed": State("已办结", final=True),
        "cancelled": State("已取消", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "submit",
            states("draft"),
            "submitted",
            _MANAGE,
            "提交申请",
            Tone.GOOD,
            guard=nothing_lacks("submit"),
            done="已提交，等县级批准",
        ),
        Transition(
            "approve",
            states("submitted"),
            "approved",
            _APPROVE,
            "批准活动",
            Tone.GOOD,
            guard=all_guards(_SECOND, nothing_lacks("approve")),
            done="已批准，已通知组织者",
        ),
        Transition(
            "send_back",
            states("submitted", "approved"),
            "draft",
            _APPROVE,
            "退回修改",
            Tone.WARN,
            asks=(_REASON,),
            done="已退回，组织者会看到原因",
        ),
        Transition(
            "open",
            states("approved"),
            "open",
            _MANAGE,
            "开放报名",
            Tone.GOOD,
            guard=nothing_lacks("open"),
            done="已开放报名，公告已经发布",
        ),
        Transition(
            "start",
            states("open"),
            "running",
            _MANAGE,
            "开营（开班）",
            Tone.GOOD,
            guard=nothing_lacks("start"),
            done="活动开始了",
        ),
        # The first day itself, and the day after the last one.
        Transition("start_by_day", states("open"), "running", None, "到日子开始"),
        Transition(
            "finish",
            states("running"),
            "finished",
            _MANAGE,
            "结束活动",
            done="活动结束了，请写总结",
        ),
        Transition("finish_by_day", states("running"), "finished", None, "到日子结束"),
        Transition(
            "close",
            states("finished"),
            "closed",
            _MANAGE,
            "办结",
            Tone.GOOD,
            done="活动已办结",
        ),
        Transition(
            "cancel",
            states("draft", "submitted", "approved", "open", "running"),
            "cancelled",
            _MANAGE,
            "取消活动",
            Tone.BAD,
            asks=(_REASON,),
            done="活动已取消，会通知相关人员",
        ),
    ),
)

SESSIONS = Machine(
    noun="programme_session",
    label="场次",
    initial="planned",
    states={
        "planned": State("未开始"),
        "open": State("点名中", Tone.INFO),
        "taken": State("已点名", Tone.GOOD),
        "locked": State("已锁定"),
        "cancelled": State("已取消", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "open_sheet", states("planned"), "open", Permission.ATTENDANCE_MARK, "开始点名",
            Tone.GOOD,
        ),
        Transition(
            "take", states("open"), "taken", Permission.ATTENDANCE_MARK, "完成点名", Tone.GOOD,
            done="点名完成",
        ),
        # 48 hours after its end (PG); two people open it again for a time.
        Transition("lock", states("planned", "open", "taken"), "locked", None, "到时锁定"),
        Transition("unlock", states("locked"), "taken", None, "解除锁定"),
        Transition(
            "cancel", states("planned"), "cancelled", _MANAGE, "取消这一场", Tone.BAD,
            asks=(_REASON,), done="这一场已取消",
        ),
    ),
)  # fmt: skip
