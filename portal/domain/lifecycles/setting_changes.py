"""The life of a changed setting: at once where one key is enough, else after a second person."""

from __future__ import annotations

from portal.domain.lifecycles.guards import another_person_than
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

MACHINE = Machine(
    noun="setting_change",
    label="设置变更",
    initial="proposed",
    states={
        "proposed": State("待确认", Tone.INFO),
        "agreed": State("已采用", Tone.GOOD, final=True),
        "dropped": State("未采用", Tone.NEUTRAL, final=True),
    },
    transitions=(
        # A setting that one person may change is agreed by the system in the same act.
        Transition("adopt", states("proposed"), "agreed", None, "采用"),
        Transition(
            "agree",
            states("proposed"),
            "agreed",
            Permission.SETTING_MANAGE,
            "同意",
            Tone.GOOD,
            guard=another_person_than("created_by", doing="同意这项变更"),
            done="变更已采用",
        ),
        Transition(
            "drop",
            states("proposed"),
            "dropped",
            Permission.SETTING_MANAGE,
            "不采用",
            Tone.WARN,
            asks=(Ask("reason", "理由"),),
            done="已记为不采用，设置没有变化",
        ),
    ),
)
