"""The life of a contact card: valid from its issue, void for ever after (S0-4.2a)."""

from __future__ import annotations

from portal.domain.lifecycles.clearances import not_tied
from portal.domain.machine import Ask, Machine, State, Tone, Transition, states
from portal.domain.permissions import Permission

MACHINE = Machine(
    noun="contact_card",
    label="联系卡",
    initial="valid",
    states={
        "valid": State("有效", Tone.GOOD),
        "void": State("已作废", Tone.BAD, final=True),
    },
    transitions=(
        Transition(
            "replace",
            states("valid"),
            "void",
            Permission.CARD_ISSUE,
            "换发新卡",
            Tone.WARN,
            asks=(Ask("reason_code", "换发原因", "choice"),),
            guard=not_tied,
            done="旧卡已作废，新卡已签发",
        ),
        # The pairing rests or ends: whoever scans the card in a pocket reads that it is void.
        Transition("end", states("valid"), "void", None, "随结对作废"),
    ),
)
