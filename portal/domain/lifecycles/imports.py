"""The life of an uploaded ledger: read, previewed, applied once or set aside."""

from portal.domain.machine import Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

MACHINE = Machine(
    noun="import",
    label="台账导入",
    initial="reading",
    states={
        "reading": State("正在读取", Tone.INFO),
        "previewed": State("待确认", Tone.INFO),
        "applied": State("已导入", Tone.GOOD, final=True),
        "discarded": State("已放弃", Tone.NEUTRAL, final=True),
        "failed": State("无法读取", Tone.BAD, final=True),
    },
    transitions=(
        Transition("preview", states("reading"), "previewed", None, "读取完成"),
        Transition("fail", states("reading"), "failed", None, "无法读取"),
        Transition(
            "apply",
            states("previewed"),
            "applied",
            Permission.LEDGER_IMPORT,
            "导入",
            Tone.GOOD,
            done="已导入",
        ),
        Transition(
            "discard",
            states("reading", "previewed"),
            "discarded",
            Permission.LEDGER_IMPORT,
            "放弃",
            Tone.WARN,
            done="已放弃，没有改动任何档案",
        ),
    ),
)
