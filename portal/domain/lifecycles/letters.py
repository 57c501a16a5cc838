"""The life of a letter between a child and a mentor: nothing crosses unread (PN)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import Conflict, NotAllowed
from portal.domain.letters import TO_CHILD, TO_MENTOR
from portal.domain.lifecycles.guards import all_guards, another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

#: Not across yet: what ends with the pairing.
UNDERWAY = states("written", "screened_out", "returned", "approved")
_STOPPED: Mapping[str, str] = {
    "paused": "结对已暂停，书信也先停下；恢复结对后可以继续",
    "closed": "结对已结束，书信不再往来",
}


def pairing_runs(actor: Actor, letter: Any, answers: Mapping[str, Any]) -> None:
    """Let letters cross only while the pairing is active."""
    refuse_unless_active(letter.pairing_status)


def refuse_unless_active(pairing_status: str) -> None:
    """Raise Conflict with the sentence of a pairing that rests, has ended, or has not begun."""
    if pairing_status != "active":
        raise Conflict(_STOPPED.get(pairing_status, "结对还没有开始，开始后才能写信"))


def not_ones_own(actor: Actor, letter: Any, answers: Mapping[str, Any]) -> None:
    """Refuse staff who are the mentor, or have declared a tie with them."""
    if letter.mentor_id in actor.supporter_ids:
        raise NotAllowed("不能办理自己的书信")
    if actor.user_id is not None and actor.user_id in letter.tied_staff:
        raise NotAllowed("您声明过与结对人有利害关系，请由其他同事办理")


def of_mentor(actor: Actor, letter: Any, answers: Mapping[str, Any]) -> None:
    """Hold a move to letters of the mentor."""
    if letter.direction != TO_CHILD:
        raise Conflict("这一步只用于写给孩子的信")


def of_child(actor: Actor, letter: Any, answers: Mapping[str, Any]) -> None:
    """Hold a move to letters of the child."""
    if letter.direction != TO_MENTOR:
        raise Conflict("这一步只用于孩子的来信")


MACHINE = Machine(
    noun="letter",
    label="书信",
    initial="written",
    states={
        "written": State("待审读", Tone.INFO),
        "screened_out": State("请改写", Tone.WARN),
        "returned": State("已退回，请改写", Tone.WARN),
        "approved": State("已审读，待转交", Tone.INFO),
        "handed_over": State("已转交", Tone.GOOD, final=True),
        "withdrawn": State("已撤回", final=True),
        "stopped": State("已停止", final=True),
    },
    transitions=(
        # The linter found a way around the staff: the writer is asked at once.
        Transition("screen_out", states("written"), "screened_out", None, "有不能写的内容，请改写"),
        Transition(
            "rewrite",
            states("screened_out", "returned"),
            "written",
            Permission.LETTER_WRITE,
            "改好再交",
            Tone.GOOD,
            guard=all_guards(pairing_runs, of_mentor),
            done="已交给工作人员审读",
        ),
        Transition(
            "retype",
            states("screened_out", "returned"),
            "written",
            Permission.LETTER_RECORD,
            "改好再交",
            Tone.GOOD,
            guard=all_guards(pairing_runs, of_child, not_ones_own),
            done="已交给同事审读",
        ),
        Transition(
            "approve",
            states("written"),
            "approved",
            Permission.LETTER_REVIEW,
            "审读通过",
            Tone.GOOD,
            guard=all_guards(
                pairing_runs, not_ones_own, another_person_than("created_by", doing="审读")
            ),
            done="已审读通过",
        ),
        Transition(
            "return",
            states("written"),
            "returned",
            Permission.LETTER_REVIEW,
            "退回改写",
            Tone.WARN,
            asks=(Ask("reason", "原因"),),
            guard=all_guards(not_ones_own, another_person_than("created_by", doing="审读")),
            done="已退回，请对方改写",
        ),
        Transition(
            "hand_over",
            states("approved"),
            "handed_over",
            Permission.LETTER_RECORD,
            "登记已转交给孩子",
            Tone.GOOD,
            asks=(Ask("handed_over_on", "转交日期", "date"),),
            guard=all_guards(pairing_runs, of_mentor, not_ones_own),
            done="已登记转交",
        ),
        # A child's letter crosses by itself once a second pair of eyes has read it.
        Transition(
            "deliver", states("approved"), "handed_over", None, "转给结对人", guard=of_child
        ),
        Transition(
            "withdraw",
            states("written", "screened_out", "returned"),
            "withdrawn",
            Permission.LETTER_WRITE,
            "撤回这封信",
            Tone.WARN,
            guard=of_mentor,
            done="已撤回",
        ),
        Transition(
            "stop",
            states("written", "screened_out", "returned", "approved"),
            "stopped",
            None,
            "随结对停止",
        ),
    ),
)
