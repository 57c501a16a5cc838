"""What grows in a pairing, in a story: cards, letters, the child's words, stars, the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.services import contact_cards, letters, portfolios, recognition

VERBS: Mapping[str, Callable[..., Any]] = {
    "card.issue": contact_cards.issue,
    "card.reissue": contact_cards.reissue,
    "letter.write": letters.write,
    "letter.rewrite": letters.rewrite,
    "letter.withdraw": letters.withdraw,
    "letter.take_down": letters.take_down,
    "letter.retype": letters.retype,
    "letter.approve": letters.approve,
    "letter.return": letters.send_back,
    "letter.hand_over": letters.hand_over,
    "voice.hear": recognition.hear,
    "voice.pass_on": recognition.pass_on,
    "star.give": recognition.give_star,
    "portfolio.ask": portfolios.ask,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {}
