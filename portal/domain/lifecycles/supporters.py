"""The life of a supporter's vetting at one authority (domain.md 4, SV; tier 1 here)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Invalid, NotAllowed, WrongState
from portal.domain.lifecycles.guards import all_guards
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: Tier 1 is valid for 24 months from approval (SV).
TIER1_MONTHS = 24
#: From so many days before its end a standing may be renewed; it holds meanwhile.
RENEW_DAYS = 60
ADULT_YEARS = 18
_REASON = Ask("reason", "原因")

#: Documents each kind of supporter hands in (S0-4.8d).
REQUIRED_DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "individual": (),
    "enterprise": ("business_licence",),
    "charity": ("registration_certificate",),
}


def not_oneself(actor: Actor, supporter: Any, answers: Mapping[str, Any]) -> None:
    """Nobody vets the supporter they speak for (conflict of interest)."""
    if supporter.id in actor.supporter_ids or supporter.created_by == actor.user_id:
        raise NotAllowed("不能审核自己的申请")
    if actor.user_id is not None and actor.user_id in supporter.tied_staff:
        raise NotAllowed("您声明过与申请人有利害关系，请由其他同事办理")


def complaint_settled(actor: Actor, supporter: Any, answers: Mapping[str, Any]) -> None:
    """After a complaint, ask for its finding and for another person than whoever handled it."""
    if supporter.open_complaints:
        raise WrongState("投诉还没有核实结论，不能恢复")
    if actor.user_id is not None and actor.user_id in supporter.complaint_hands:
        raise NotAllowed("因投诉暂停的，须由没有经手这件投诉的另一位同事恢复（两人把关）")


def complete(actor: Actor, supporter: Any, answers: Mapping[str, Any]) -> None:
    """E-mail confirmed, both texts accepted, the identity field of the kind is there."""
    problems = {}
    if not actor.email_verified:
        problems["email"] = "请先点开邮件里的链接，确认您的邮箱"
    if not supporter.pledge_version:
        problems["pledge"] = "请阅读并同意儿童保护承诺"
    if not supporter.privacy_version:
        problems["privacy"] = "请阅读并同意隐私告知"
    if supporter.kind == "individual" and not supporter.id_hmac:
        problems["id_number"] = "请填写身份证号码"
    if supporter.kind != "individual" and not supporter.uscc:
        problems["uscc"] = "请填写统一社会信用代码"
    if problems:
        raise Invalid("还不能提交：{why}", problems, why=";".join(problems.values()))


def renewal_waits(supporter: Any) -> bool:
    """Tell whether somebody whose standing holds asked to renew it and has no answer yet."""
    asked, since = supporter.submitted_at, supporter.approved_at
    return bool(supporter.status == "approved" and asked and since and asked > since)


def in_renewal_time(actor: Actor, supporter: Any, answers: Mapping[str, Any]) -> None:
    """Let a renewal be asked once, in the last 60 days."""
    if renewal_waits(supporter):
        raise WrongState("您已经申请续期，请等答复")
    opens = supporter.valid_to and supporter.valid_to - timedelta(days=RENEW_DAYS)
    if opens is None or clock.today() < opens:
        day = opens.isoformat() if opens else ""
        raise WrongState("到期前60天起可以续期（{day}起）", day=day)


def renewal_asked(actor: Actor, supporter: Any, answers: Mapping[str, Any]) -> None:
    """Only what was asked for is renewed."""
    if not renewal_waits(supporter):
        raise WrongState("本人还没有申请续期")


MACHINE = Machine(
    noun="supporter",
    label="资格申请",
    initial="draft",
    states={
        "draft": State("未提交"),
        "submitted": State("待审核", Tone.INFO),
        "returned": State("退回补充", Tone.WARN),
        "checking": State("核验中", Tone.INFO),
        "approved": State("已通过", Tone.GOOD),
        "expired": State("已到期", Tone.WARN),
        "suspended": State("已暂停", Tone.BAD),
        "rejected": State("未通过", Tone.BAD),
        "revoked": State("已撤销", Tone.BAD),
        "erased": State("已注销", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "submit",
            states("draft", "returned", "expired"),
            "submitted",
            Permission.SUPPORTER_REGISTER,
            "提交申请",
            Tone.GOOD,
            guard=complete,
            done="已提交，工作人员会在5个工作日内查看",
        ),
        Transition(
            "start_check",
            states("submitted"),
            "checking",
            Permission.SUPPORTER_VET,
            "开始核验",
            Tone.INFO,
            guard=not_oneself,
            done="已开始核验",
        ),
        Transition(
            "return",
            states("submitted", "checking"),
            "returned",
            Permission.SUPPORTER_VET,
            "退回补充",
            Tone.WARN,
            guard=not_oneself,
            done="已退回，申请人会看到每一项的原因",
        ),
        Transition(
            "approve",
            states("checking"),
            "approved",
            Permission.SUPPORTER_VET,
            "通过",
            Tone.GOOD,
            guard=not_oneself,
            done="已通过，已通知申请人",
        ),
        Transition(
            "reject",
            states("submitted", "checking"),
            "rejected",
            Permission.SUPPORTER_VET,
            "不通过",
            Tone.BAD,
            asks=(Ask("reason_code", "原因类别", "choice"), _REASON),
            guard=not_oneself,
            done="已拒绝，并列入本局名单",
        ),
        Transition(
            "suspend",
            states("approved"),
            "suspended",
            Permission.SUPPORTER_VET,
            "暂停",
            Tone.BAD,
            asks=(_REASON,),
            guard=not_oneself,
            done="已暂停，认领已冻结",
        ),
        Transition(
            "reinstate",
            states("suspended"),
            "approved",
            Permission.SUPPORTER_VET,
            "恢复",
            Tone.GOOD,
            asks=(_REASON,),
            guard=all_guards(not_oneself, complaint_settled),
            done="已恢复",
        ),
        Transition(
            "suspend_at_once", states("approved"), "suspended", None, "因投诉或核查结果暂停"
        ),
        Transition(
            "ask_renewal",
            states("approved"),
            "approved",
            Permission.SUPPORTER_REGISTER,
            "申请续期",
            Tone.GOOD,
            guard=all_guards(in_renewal_time, complete),
            done="已申请续期，原来的资格到期前照常有效",
        ),
        Transition(
            "renew",
            states("approved"),
            "approved",
            Permission.SUPPORTER_VET,
            "续期",
            Tone.GOOD,
            guard=all_guards(renewal_asked, not_oneself),
            done="已续期，从原到期日起再加两年，已通知本人",
        ),
        Transition("expire", states("approved"), "expired", None, "到期"),
        Transition(
            "erase",
            states(
                "draft",
                "submitted",
                "returned",
                "checking",
                "approved",
                "expired",
                "suspended",
                "rejected",
                "revoked",
            ),
            "erased",
            None,
            "注销并删除",
        ),
        Transition("reopen", states("rejected", "revoked"), "checking", None, "申诉成立，重新核验"),
        Transition(
            "revoke",
            states("approved", "suspended", "expired"),
            "revoked",
            Permission.SUPPORTER_REVOKE,
            "撤销资格",
            Tone.BAD,
            asks=(Ask("reason_code", "原因类别", "choice"), _REASON),
            guard=not_oneself,
            done="已撤销，并列入本局名单",
        ),
    ),
)
