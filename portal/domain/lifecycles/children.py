"""The life of a child file (domain.md 5; S2-2.3d age-out)."""

from portal.domain.machine import Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

MACHINE = Machine(
    noun="child",
    label="儿童档案",
    initial="draft",
    states={
        "draft": State("草稿"),
        "active": State("在册", Tone.GOOD),
        "aged_out": State("已超龄", Tone.NEUTRAL),
        "erased": State("已删除", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition("open", states("draft"), "active", Permission.LEDGER_IMPORT, "建档", Tone.GOOD),
        Transition("age_out", states("active"), "aged_out", None, "超龄"),
        Transition("erase", states("draft", "active", "aged_out"), "erased", None, "删除"),
    ),
)
