"""The life of a micro-wish (domain.md 4, MW; S0-4.8).

Beyond the table of domain.md stand ``submitted`` (the director hands it on), ``approved`` (cards
appear in batches, so approval and publication are two moments) and ``held`` (too few children fit
the card: staff-mediated only). ADR 0005 tells why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import Invalid, WrongState
from portal.domain.lifecycles.guards import another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: 300 元 (domain.md 4, MW draft): above it a reason is needed.
COST_CAP_FEN = 30_000
MAX_ROLLS = 2
LIVE = states(
    "draft",
    "submitted",
    "screened",
    "approved",
    "held",
    "published",
    "reserved",
    "committed",
    "rolled_over",
)
_REASON = Ask("reason", "原因")


def ready_to_submit(actor: Actor, wish: Any, answers: Mapping[str, Any]) -> None:
    """Consent first, the child's own words, an item, and a reason above the cap (S0-4.8a)."""
    problems = {}
    if wish.consent_id is None:
        problems["consent"] = "还没有监护人同意，不能提交"
    if not wish.own_words.strip():
        problems["own_words"] = "请写下孩子自己的话"
    if wish.est_cost_fen > COST_CAP_FEN and not wish.cap_reason.strip():
        problems["cap_reason"] = "超过300元，请写明理由"
    if problems:
        raise Invalid("还不能提交：{why}", problems, why=";".join(problems.values()))


def consented(actor: Actor, wish: Any, answers: Mapping[str, Any]) -> None:
    """No wish goes on without a consent (S0-4.8a: cannot be published without a consent id)."""
    if wish.consent_id is None:
        raise WrongState("没有监护人同意，这条心愿不能继续")


MACHINE = Machine(
    noun="wish",
    label="心愿",
    initial="draft",
    states={
        "draft": State("草稿"),
        "submitted": State("待乡镇审核", Tone.INFO),
        "screened": State("待县级批准", Tone.INFO),
        "approved": State("待发布", Tone.INFO),
        "held": State("暂不公开", Tone.WARN),
        "published": State("征集中", Tone.GOOD),
        "reserved": State("已被认领，待批准", Tone.INFO),
        "committed": State("已批准，待送达", Tone.INFO),
        "delivered": State("已送达交接点", Tone.INFO),
        "fulfilled": State("已转交", Tone.GOOD),
        "archived": State("已归档", Tone.GOOD, final=True),
        "rolled_over": State("顺延到下一期", Tone.WARN),
        "expired": State("已过期", Tone.BAD, final=True),
        "withdrawn": State("已撤回", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "submit",
            states("draft"),
            "submitted",
            Permission.WISH_DRAFT,
            "提交审核",
            Tone.GOOD,
            guard=ready_to_submit,
            done="已提交乡镇审核",
        ),
        Transition(
            "screen",
            states("submitted"),
            "screened",
            Permission.WISH_SCREEN,
            "审核通过",
            Tone.GOOD,
            guard=another_person_than("drafted_by", "changed_by", doing="审核"),
            done="已转县级批准",
        ),
        Transition(
            "return",
            states("submitted"),
            "draft",
            Permission.WISH_SCREEN,
            "退回修改",
            Tone.WARN,
            asks=(_REASON,),
            done="已退回儿童主任",
        ),
        Transition(
            "approve",
            states("screened", "held"),
            "approved",
            Permission.WISH_APPROVE,
            "批准",
            Tone.GOOD,
            guard=another_person_than("drafted_by", "changed_by", "screened_by", doing="批准"),
            done="已批准，将随下一批发布",
        ),
        Transition(
            "send_back",
            states("screened", "held", "approved"),
            "draft",
            Permission.WISH_APPROVE,
            "退回修改",
            Tone.WARN,
            asks=(_REASON,),
            done="已退回儿童主任",
        ),
        Transition(
            "hold",
            states("screened", "approved", "rolled_over"),
            "held",
            None,
            "暂不公开",
            Tone.WARN,
        ),
        Transition(
            "publish",
            states("approved", "rolled_over"),
            "published",
            None,
            "发布",
            Tone.GOOD,
            guard=consented,
        ),
        Transition("reserve", states("published"), "reserved", None, "认领"),
        Transition("reopen", states("reserved", "committed"), "published", None, "重新征集"),
        Transition("commit", states("reserved"), "committed", None, "批准认领"),
        Transition("deliver", states("committed"), "delivered", None, "送达交接点"),
        Transition(
            "fulfil",
            states("delivered"),
            "fulfilled",
            Permission.WISH_HAND_OVER,
            "已转交儿童",
            Tone.GOOD,
            asks=(Ask("handed_over_on", "转交日期", "date"), Ask("signed_by", "签收人")),
            done="已记录转交",
        ),
        Transition(
            "archive",
            states("fulfilled"),
            "archived",
            Permission.WISH_ARCHIVE,
            "归档",
            Tone.GOOD,
            done="已归档，不再改动",
        ),
        Transition(
            "roll_over",
            states("published", "reserved", "committed", "approved", "held"),
            "rolled_over",
            None,
            "顺延",
        ),
        Transition(
            "expire",
            states("published", "approved", "held", "rolled_over", "reserved", "committed"),
            "expired",
            None,
            "过期",
        ),
        Transition(
            "withdraw",
            LIVE,
            "withdrawn",
            Permission.WISH_WITHDRAW,
            "撤回心愿",
            Tone.BAD,
            asks=(_REASON,),
            done="已撤回，卡片已从各处移除",
        ),
        Transition("withdraw_consent", LIVE, "withdrawn", None, "监护人撤回同意"),
    ),
)
