"""The life of a request about one's own data, and of a complaint (L06, L19).

Neither ends without written words: every ending that a person fires asks for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: What may be asked, and its word (L06: see and copy, correct, withdraw, delete).
KINDS: Mapping[str, str] = {
    "copy": "查看和复制资料",
    "correct": "更正资料",
    "withdraw": "撤回同意",
    "erase": "删除资料",
}
#: Values that a granted correction writes by itself; everything else is said in words.
FIELDS: Mapping[str, str] = {
    "name": "姓名或名称",
    "phone": "联系电话",
    "home_address": "住址",
    "school": "学校",
    "publicity": "公示姓名",
    "other": "其他内容",
}
#: Somebody worries about a child: staff are told at once.
CONCERN = "concern"
#: Whom or what a complaint is about.
CATEGORIES: Mapping[str, str] = {
    CONCERN: "担心一个孩子正受到伤害",
    "supporter": "爱心人士或组织",
    "staff": "工作人员",
    "page": "网页上的内容",
    "privacy": "个人信息的处理",
    "other": "其他",
}
_ANSWER = Ask("answer", "书面答复", "long")
_OPEN = states("received", "in_hand")


def not_concerned(actor: Actor, request: Any, answers: Mapping[str, Any]) -> None:
    """Nobody answers a request that they made or that concerns their own supporter."""
    asked = actor.user_id is not None and actor.user_id == request.asker_id
    own = request.supporter_id is not None and request.supporter_id in actor.supporter_ids
    if asked or own:
        raise NotAllowed("这项请求与您本人有关，请由另一位同事答复")


MACHINE = Machine(
    noun="request",
    label="个人信息请求",
    initial="received",
    states={
        "received": State("待办理", Tone.INFO),
        "in_hand": State("办理中", Tone.INFO),
        "granted": State("已办理", Tone.GOOD, final=True),
        "refused": State("未同意", Tone.BAD, final=True),
        "retracted": State("已收回", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "take",
            states("received"),
            "in_hand",
            Permission.RIGHTS_ANSWER,
            "开始办理",
            Tone.INFO,
            guard=not_concerned,
            done="已开始办理",
        ),
        Transition(
            "grant",
            _OPEN,
            "granted",
            Permission.RIGHTS_ANSWER,
            "同意并答复",
            Tone.GOOD,
            asks=(_ANSWER,),
            guard=not_concerned,
            done="已办理并答复",
        ),
        Transition(
            "refuse",
            _OPEN,
            "refused",
            Permission.RIGHTS_ANSWER,
            "不同意并说明理由",
            Tone.BAD,
            asks=(Ask("answer", "不同意的理由", "long"),),
            guard=not_concerned,
            done="已书面说明理由",
        ),
        Transition("settle", states("received"), "granted", None, "当场办理"),
        Transition("retract", _OPEN, "retracted", None, "收回请求"),
    ),
)

GRIEVANCES = Machine(
    noun="grievance",
    label="投诉举报",
    initial="received",
    states={
        "received": State("待受理", Tone.INFO),
        "in_hand": State("核查中", Tone.INFO),
        "upheld": State("属实，已处理", Tone.GOOD, final=True),
        "closed": State("已答复", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "take",
            states("received"),
            "in_hand",
            Permission.GRIEVANCE_ANSWER,
            "受理",
            Tone.INFO,
            done="已受理",
        ),
        Transition(
            "uphold",
            _OPEN,
            "upheld",
            Permission.GRIEVANCE_ANSWER,
            "属实并答复",
            Tone.GOOD,
            asks=(_ANSWER,),
            done="已答复，凭查询码可以看到",
        ),
        Transition(
            "close",
            _OPEN,
            "closed",
            Permission.GRIEVANCE_ANSWER,
            "答复办结",
            Tone.NEUTRAL,
            asks=(_ANSWER,),
            done="已答复，凭查询码可以看到",
        ),
    ),
)
