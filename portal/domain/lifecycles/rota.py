"""The life of a person on a rota, of a duty, of a swap (S0-4.4; security.md 3, row 4)."""

from __future__ import annotations

from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_MANAGE, _HOLD = Permission.ROTA_MANAGE, Permission.DUTY_HOLD
_REASON = Ask("reason", "原因")

STAFF = Machine(
    noun="programme_staff",
    label="活动人员",
    initial="invited",
    states={
        "invited": State("待本人确认", Tone.WARN),
        "confirmed": State("已确认", Tone.GOOD),
        "removed": State("已不在值班表", final=True),
    },
    transitions=(
        Transition(
            "confirm",
            states("invited"),
            "confirmed",
            _HOLD,
            "接受",
            Tone.GOOD,
            done="谢谢您，排班会写在这里",
        ),
        Transition("decline", states("invited"), "removed", _HOLD, "不能参加", Tone.WARN),
        Transition("leave", states("confirmed"), "removed", _HOLD, "退出", Tone.BAD, (_REASON,)),
        Transition(
            "remove",
            states("invited", "confirmed"),
            "removed",
            _MANAGE,
            "移出值班表",
            Tone.BAD,
            asks=(_REASON,),
            done="已移出，花名册马上不能再打开",
        ),
        # The standing that lets somebody meet children ended (S0-4.5a).
        Transition("lapse", states("invited", "confirmed"), "removed", None, "资格失效，自动移出"),
        Transition("cancel", states("invited", "confirmed"), "removed", None, "活动取消"),
    ),
)
DUTIES = Machine(
    noun="duty",
    label="值班",
    initial="planned",
    states={
        "planned": State("已排班", Tone.INFO),
        "done": State("已值班", Tone.GOOD, final=True),
        "given": State("已换给同事", final=True),
        "removed": State("已取消", final=True),
    },
    transitions=(
        Transition("finish", states("planned"), "done", None, "值班结束"),
        Transition("give", states("planned"), "given", _MANAGE, "换给同事"),
        Transition("remove", states("planned"), "removed", _MANAGE, "取消排班", Tone.BAD),
        # The person left the rota.
        Transition("fall", states("planned"), "removed", None, "随人员移出"),
    ),
)
SWAPS = Machine(
    noun="duty_swap",
    label="换班",
    initial="asked",
    states={
        "asked": State("待组织者同意", Tone.WARN),
        "approved": State("已同意", Tone.GOOD, final=True),
        "declined": State("没有同意", Tone.BAD, final=True),
        "withdrawn": State("已收回", final=True),
    },
    transitions=(
        Transition(
            "approve",
            states("asked"),
            "approved",
            _MANAGE,
            "同意换班",
            Tone.GOOD,
            done="已换班，两位都会收到通知",
        ),
        Transition("decline", states("asked"), "declined", _MANAGE, "不同意换班", Tone.BAD),
        Transition("withdraw", states("asked"), "withdrawn", _HOLD, "收回换班请求"),
        Transition("fall", states("asked"), "withdrawn", None, "值班已变动"),
    ),
)
