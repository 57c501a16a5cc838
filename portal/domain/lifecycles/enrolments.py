"""The life of an enrolment: applied, agreed to, placed or waiting (domain.md 4, PG enrolment).

What a family does by its link moves under the names that end in ``_by_link``: no role stands
behind them, the link's own check does (services.guardians).
"""

from __future__ import annotations

from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

_APPLY, _MANAGE = Permission.ENROL_APPLY, Permission.ENROL_MANAGE
_REASON = Ask("reason", "原因")
_BEFORE = states("applied", "consented", "waitlisted", "offered")
_LEAVE = states("applied", "consented", "enrolled", "waitlisted", "offered")

ENROLMENTS = Machine(
    noun="enrolment",
    label="报名",
    initial="applied",
    states={
        "applied": State("待监护人同意", Tone.WARN),
        "consented": State("已同意，待分配名额", Tone.INFO),
        "enrolled": State("已录取", Tone.GOOD),
        "waitlisted": State("候补", Tone.INFO),
        "offered": State("候补到名额，待答复", Tone.WARN),
        "attended": State("已参加", Tone.GOOD, final=True),
        "dropped": State("已退出", final=True),
        "refused": State("未录取", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "consent",
            states("applied"),
            "consented",
            _APPLY,
            "登记监护人的同意",
            Tone.GOOD,
            done="同意已登记",
        ),
        Transition("consent_by_link", states("applied"), "consented", None, "监护人在网上同意"),
        Transition(
            "refuse",
            states("applied", "consented", "waitlisted"),
            "refused",
            _MANAGE,
            "不予录取",
            Tone.BAD,
            asks=(_REASON,),
            done="已登记，并通知儿童主任",
        ),
        Transition("turn_down", states("applied", "consented"), "refused", None, "不符合条件"),
        Transition("enrol", states("consented", "waitlisted"), "enrolled", None, "录取"),
        Transition("wait", states("consented"), "waitlisted", None, "排入候补"),
        Transition("promote", states("waitlisted"), "offered", None, "候补到名额"),
        Transition(
            "accept",
            states("offered"),
            "enrolled",
            _APPLY,
            "接受名额",
            Tone.GOOD,
            done="名额已接受",
        ),
        Transition("accept_by_link", states("offered"), "enrolled", None, "监护人接受名额"),
        Transition(
            "pass_on",
            states("offered"),
            "dropped",
            _APPLY,
            "放弃名额",
            Tone.WARN,
            done="已放弃，名额给下一位候补",
        ),
        Transition("pass_on_by_link", states("offered"), "dropped", None, "监护人放弃名额"),
        Transition("lapse", states("offered"), "dropped", None, "名额过期没有答复"),
        Transition(
            "drop",
            _LEAVE,
            "dropped",
            _APPLY,
            "退出报名",
            Tone.BAD,
            asks=(_REASON,),
            done="已退出，空出的名额给候补",
        ),
        Transition("drop_by_link", _LEAVE, "dropped", None, "监护人退出报名"),
        Transition("attend", states("enrolled"), "attended", None, "参加完毕"),
        Transition("never_come", states("enrolled"), "dropped", None, "没有参加过"),
        Transition("run_out", _BEFORE, "dropped", None, "没有轮到"),
        Transition("cancel", _LEAVE, "dropped", None, "活动取消"),
    ),
)
