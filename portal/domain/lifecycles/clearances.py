"""The life of a tier-2 standing: somebody may meet children (domain.md 4, SV tier 1 → tier 2).

A first person recommends, a second one who recorded none of the checks decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import Conflict, NotAllowed, WrongState
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.passport import gaps, valid_until
from portal.domain.permissions import Permission

#: The standing lets its holder meet children, while its last day has not passed.
LIVE = states("granted", "renewing")
_REASON = Ask("reason", "原因")


def not_tied(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    """Refuse whoever speaks for the supporter, or has declared a tie with them."""
    if subject.supporter_id in actor.supporter_ids:
        raise NotAllowed("不能办理自己的申请")
    if actor.user_id is not None and actor.user_id in subject.tied_staff:
        raise NotAllowed("您声明过与申请人有利害关系，请由其他同事办理")


def nothing_held(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    """Hold an application whose applicant declared a tie until another person releases it."""
    if subject.open_ties:
        raise Conflict("申请人声明了利害关系，须先由另一位同事核实后放行")
    if actor.user_id is not None and actor.user_id in subject.releasers:
        raise NotAllowed("利害关系是您放行的，这一步需要另一位同事办理")


def in_order(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    """Ask for all five checks, each passed and not run out; tier 1 must stand as well."""
    if not subject.goods_stand:
        raise WrongState("捐物资格没有生效，不能办理接触儿童的资格")
    missing = gaps(subject.passport)
    if missing:
        raise Conflict("核查还不齐：{what}", what="、".join(item.label for item in missing))


def lengthens(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
    """Ask for checks that hold longer than the standing does already."""
    until = valid_until(subject.passport)
    if until is None or (subject.valid_to is not None and until <= subject.valid_to):
        raise Conflict("先登记重新核查的结果，再提请续期")


_FIRST = all_guards(not_tied, nothing_held, in_order)
_SECOND = all_guards(
    not_tied,
    another_person_than("recommended_by", "recorders", doing="批准"),
    nothing_held,
    in_order,
)

MACHINE = Machine(
    noun="clearance",
    label="接触儿童的资格",
    initial="asked",
    states={
        "asked": State("待核查", Tone.INFO),
        "recommended": State("待第二人批准", Tone.INFO),
        "granted": State("可以接触儿童", Tone.GOOD),
        "renewing": State("续期待第二人批准", Tone.INFO),
        "returned": State("退回补充", Tone.WARN),
        "expired": State("已到期", Tone.WARN),
        "withdrawn": State("已终止", Tone.BAD),
    },
    transitions=(
        Transition(
            "ask",
            states("returned", "expired", "withdrawn"),
            "asked",
            Permission.CLEARANCE_ASK,
            "再次申请",
            Tone.GOOD,
            done="已提交，工作人员会与您约时间",
        ),
        Transition(
            "recommend",
            states("asked"),
            "recommended",
            Permission.SUPPORTER_VET,
            "核查齐全，推荐",
            Tone.GOOD,
            guard=_FIRST,
            done="已推荐，等另一位同事批准",
        ),
        Transition(
            "approve",
            states("recommended"),
            "granted",
            Permission.SUPPORTER_VET,
            "批准接触儿童",
            Tone.GOOD,
            guard=_SECOND,
            done="已批准，已通知申请人",
        ),
        Transition(
            "return",
            states("asked", "recommended"),
            "returned",
            Permission.SUPPORTER_VET,
            "退回补充",
            Tone.WARN,
            asks=(_REASON,),
            guard=not_tied,
            done="已退回，申请人会看到原因",
        ),
        Transition(
            "recheck",
            states("granted"),
            "renewing",
            Permission.SUPPORTER_VET,
            "已重新核查，提请续期",
            Tone.GOOD,
            guard=all_guards(_FIRST, lengthens),
            done="已提请续期，等另一位同事批准",
        ),
        Transition(
            "renew",
            states("renewing"),
            "granted",
            Permission.SUPPORTER_VET,
            "批准续期",
            Tone.GOOD,
            guard=_SECOND,
            done="已续期，已通知本人",
        ),
        Transition(
            "withdraw",
            states("granted", "renewing"),
            "withdrawn",
            Permission.SUPPORTER_VET,
            "终止接触儿童的资格",
            Tone.BAD,
            asks=(_REASON,),
            guard=not_tied,
            done="已终止，结对已暂停",
        ),
        Transition("expire", states("granted", "renewing"), "expired", None, "到期"),
        Transition(
            "end",
            states("asked", "recommended", "granted", "renewing"),
            "withdrawn",
            None,
            "随资格终止",
        ),
    ),
)
