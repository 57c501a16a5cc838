"""The life of a service certificate: asked for, made known inside for seven days, issued, void.

Whoever makes it known does not issue it (invariant 5); internal publicity is at least seven days
(民发〔2015〕149号).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.lifecycles.clearances import not_tied
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: Certificates that a voided or corrected record takes with it.
STANDING = states("requested", "publicised", "issued")
_REASON = Ask("reason", "原因")
_NOT_ONESELF = all_guards(another_person_than("user_id", doing="办理"), not_tied)


def publicity_over(actor: Actor, certificate: Any, answers: Mapping[str, Any]) -> None:
    """Refuse to issue before the last day of publicity has passed."""
    last = certificate.publicity_until
    if last is None or clock.today() <= last:
        day = f"{last.year}年{last.month}月{last.day}日" if last else "—"
        raise NotAllowed("内部公示到{day}为止，第二天起才能出具", day=day)


def no_open_objection(actor: Actor, certificate: Any, answers: Mapping[str, Any]) -> None:
    """Refuse to issue while an objection has no answer."""
    if certificate.open_objections:
        raise NotAllowed(
            "还有{count}条异议没有答复，答复后才能出具", count=certificate.open_objections
        )


MACHINE = Machine(
    noun="certificate",
    label="服务证明",
    initial="requested",
    states={
        "requested": State("待核对", Tone.INFO),
        "publicised": State("内部公示中", Tone.INFO),
        "issued": State("有效", Tone.GOOD),
        "declined": State("未出具", Tone.WARN, final=True),
        "withdrawn": State("已撤回申请", Tone.NEUTRAL, final=True),
        "void": State("已作废", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "publicise",
            states("requested"),
            "publicised",
            Permission.CERTIFICATE_ISSUE,
            "核对无误，开始公示",
            Tone.GOOD,
            guard=_NOT_ONESELF,
            done="已开始内部公示",
        ),
        Transition(
            "issue",
            states("publicised"),
            "issued",
            Permission.CERTIFICATE_ISSUE,
            "出具证明",
            Tone.GOOD,
            guard=all_guards(
                another_person_than("publicised_by", "user_id", doing="出具"),
                not_tied,
                publicity_over,
                no_open_objection,
            ),
            done="已出具，志愿者可以下载了",
        ),
        Transition(
            "decline",
            states("requested", "publicised"),
            "declined",
            Permission.CERTIFICATE_ISSUE,
            "不予出具",
            Tone.WARN,
            asks=(_REASON,),
            guard=_NOT_ONESELF,
            done="已答复，不予出具",
        ),
        Transition(
            "withdraw",
            states("requested", "publicised"),
            "withdrawn",
            Permission.HOURS_ENTER,
            "撤回申请",
            Tone.WARN,
            done="已撤回申请",
        ),
        Transition(
            "revoke",
            states("issued"),
            "void",
            Permission.CERTIFICATE_ISSUE,
            "作废这份证明",
            Tone.BAD,
            asks=(_REASON,),
            guard=_NOT_ONESELF,
            done="已作废，查验页面会显示“已作废”",
        ),
        # A record it was built on was voided or is being corrected.
        Transition(
            "invalidate",
            states("requested", "publicised", "issued"),
            "void",
            None,
            "依据的记录有变，作废",
        ),
    ),
)
