"""The life of a pairing need, of an application for it and of an open offer (domain.md 4, PN).

``held`` is no refusal: too few children fit a card, or the county keeps the need inside; staff
look for a supporter by themselves. Cards appear in batches, so approval and publication are two
moments, and a need whose pairing ended waits for the next batch like a new one (security.md A2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Invalid, WrongState
from portal.domain.identity import age_on
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.needs import AFFECTION, HEARD_FROM_AGE
from portal.domain.permissions import Permission

#: A child has one live need of a kind.
LIVE = states("draft", "submitted", "approved", "held", "published", "matched")
#: What a supporter may be found for.
OPEN = states("approved", "held", "published")
_REASON = Ask("reason", "原因")


def ready(actor: Actor, need: Any, answers: Mapping[str, Any]) -> None:
    """Ask for all that must stand before a need goes on; one sentence for each that does not.

    An assessment of the last twelve months, the guardian's consent to pairing, a child on the
    register, found to lack affection where a mentor is asked for (S0-4.5c), and the child's own
    words from the age of eight on (未保法 4).
    """
    problems = {}
    if need.child.status != "active":
        problems["child"] = "这名儿童不在册"
    if not need.consent_stands:
        problems["consent"] = "还没有监护人对结对帮扶的同意"
    if need.assessed_on is None or not assessed_lately(need.assessed_on, clock.today()):
        problems["assessed_on"] = "需要最近12个月内的评估日期"
    if need.kind == AFFECTION and not need.child.lacks_affection:
        problems["kind"] = "这名儿童的评估没有记录亲情缺失，不能提出亲情陪伴的需求"
    if _asked_for(need) and (need.heard_on is None or not need.child_words.strip()):
        problems["child_words"] = "8岁以上的孩子要先听他们自己的想法，并写下日期和原话"
    if problems:
        raise Invalid("还不能继续：{why}", problems, why="；".join(problems.values()))


def assessed_lately(day: date, today: date) -> bool:
    """Tell whether an assessment of this day is at most twelve months old, and not to come."""
    last_year = (today.year - 1, today.month, today.day)
    return last_year <= (day.year, day.month, day.day) and day <= today


def consented(actor: Actor, need: Any, answers: Mapping[str, Any]) -> None:
    """No need goes on once the guardian has taken consent back (L03)."""
    if not need.consent_stands:
        raise WrongState("监护人没有同意结对帮扶，这项需求不能继续")


def _asked_for(need: Any) -> bool:
    return bool(age_on(need.child.birth_date, clock.today()) >= HEARD_FROM_AGE)


_TWO_KEYS = all_guards(another_person_than("drafted_by", doing="批准"), ready)

NEEDS = Machine(
    noun="need",
    label="结对需求",
    initial="draft",
    states={
        "draft": State("草稿"),
        "submitted": State("待县级批准", Tone.INFO),
        "approved": State("待发布", Tone.INFO),
        "held": State("由工作人员物色", Tone.WARN),
        "published": State("征集中", Tone.GOOD),
        "matched": State("已配对", Tone.GOOD),
        "closed": State("已结束", final=True),
        "withdrawn": State("已撤回", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "submit",
            states("draft"),
            "submitted",
            Permission.NEED_DRAFT,
            "提交县级批准",
            Tone.GOOD,
            guard=ready,
            done="已提交县级批准",
        ),
        Transition(
            "approve",
            states("submitted", "held"),
            "approved",
            Permission.NEED_APPROVE,
            "批准公开",
            Tone.GOOD,
            guard=_TWO_KEYS,
            done="已批准，将随下一批发布",
        ),
        Transition(
            "hold",
            states("submitted", "approved"),
            "held",
            Permission.NEED_APPROVE,
            "批准但不公开",
            Tone.WARN,
            asks=(_REASON,),
            guard=_TWO_KEYS,
            done="已批准，不公开，由工作人员物色结对人",
        ),
        Transition(
            "return",
            states("submitted", "approved", "held"),
            "draft",
            Permission.NEED_APPROVE,
            "退回修改",
            Tone.WARN,
            asks=(_REASON,),
            done="已退回儿童主任",
        ),
        # Too few children fit, or the child has moved: staff look for somebody by themselves.
        Transition(
            "keep_back", states("approved", "published"), "held", None, "暂不公开", Tone.WARN
        ),
        Transition(
            "publish", states("approved"), "published", None, "发布", Tone.GOOD, guard=consented
        ),
        Transition("match", OPEN, "matched", None, "配对成功", Tone.GOOD, guard=consented),
        Transition("reopen", states("matched"), "approved", None, "重新征集"),
        Transition("finish", states("matched"), "closed", None, "结对完成"),
        Transition(
            "close",
            OPEN,
            "closed",
            Permission.NEED_APPROVE,
            "结束需求",
            Tone.NEUTRAL,
            asks=(_REASON,),
            done="需求已结束，卡片已移除",
        ),
        Transition(
            "withdraw",
            LIVE - {"matched"},
            "withdrawn",
            Permission.NEED_WITHDRAW,
            "撤回需求",
            Tone.BAD,
            asks=(_REASON,),
            done="已撤回，卡片已移除",
        ),
        Transition("withdraw_consent", LIVE, "withdrawn", None, "监护人撤回同意"),
        Transition("age_out", LIVE, "closed", None, "孩子年满18周岁"),
    ),
)

APPLICATIONS = Machine(
    noun="need_application",
    label="结对申请",
    initial="lodged",
    states={
        "lodged": State("待答复", Tone.INFO),
        "taken": State("已采纳", Tone.GOOD, final=True),
        "declined": State("未采纳", final=True),
        "withdrawn": State("已撤回", final=True),
    },
    transitions=(
        Transition("take", states("lodged"), "taken", None, "采纳", Tone.GOOD),
        Transition(
            "decline",
            states("lodged"),
            "declined",
            Permission.NEED_APPROVE,
            "谢绝",
            Tone.WARN,
            asks=(Ask("reason", "写给申请人的话"),),
            done="已谢绝，已通知申请人",
        ),
        Transition("lapse", states("lodged"), "declined", None, "需求已不再征集"),
        Transition(
            "withdraw",
            states("lodged"),
            "withdrawn",
            Permission.NEED_APPLY,
            "撤回申请",
            done="申请已撤回",
        ),
    ),
)

OFFERS = Machine(
    noun="pairing_offer",
    label="结对意愿",
    initial="open",
    states={
        "open": State("等待安排", Tone.INFO),
        "taken": State("已安排", Tone.GOOD, final=True),
        "withdrawn": State("已撤回", final=True),
    },
    transitions=(
        Transition("take", states("open"), "taken", None, "安排结对", Tone.GOOD),
        Transition(
            "withdraw",
            states("open"),
            "withdrawn",
            Permission.NEED_APPLY,
            "撤回意愿",
            done="意愿已撤回",
        ),
        Transition("lapse", states("open"), "withdrawn", None, "资格结束"),
    ),
)
