"""The life of a text that people accept: one drafts, another publishes, nothing changes after."""

from portal.domain.lifecycles.guards import another_person_than
from portal.domain.machine import Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

MACHINE = Machine(
    noun="text",
    label="告知文本",
    initial="draft",
    states={
        "draft": State("草稿"),
        "published": State("已发布", Tone.GOOD, final=True),
        "discarded": State("已放弃", Tone.NEUTRAL, final=True),
    },
    transitions=(
        Transition(
            "publish",
            states("draft"),
            "published",
            Permission.TEXT_MANAGE,
            "发布",
            Tone.GOOD,
            guard=another_person_than("drafted_by", doing="发布"),
            done="已发布，从生效日起请大家重新阅读",
        ),
        Transition(
            "discard",
            states("draft"),
            "discarded",
            Permission.TEXT_MANAGE,
            "放弃草稿",
            Tone.WARN,
            done="草稿已放弃",
        ),
    ),
)
