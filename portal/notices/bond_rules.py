"""Mails about what grows in a pairing: the card, letters, thanks, stars, years. No child in any."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import audiences
from portal.notices.rule import INSIDE, OUTSIDE, Rule

_MINE, _QUEUE = "/me/pairings", "/desk/letters"


def _mentor(template: str) -> Rule:
    return Rule(template, audiences.supporter, _MINE, OUTSIDE, tells_actor=True)


def _readers(template: str = "letter_to_read") -> Rule:
    return Rule(template, audiences.readers, _QUEUE, INSIDE)


RULES: Mapping[str, tuple[Rule, ...]] = {
    "contact_card.begin": (_mentor("card_issued"),),
    "letter.begin": (_readers(),),
    "letter.rewrite": (_readers(),),
    "letter.retype": (_readers(),),
    "letter.approve": (
        Rule("letter_to_hand_over", audiences.director, f"{_QUEUE}?status=approved", INSIDE),
    ),
    "letter.return": (
        _mentor("letter_returned"),
        Rule("letter_returned", audiences.owner, f"{_QUEUE}?status=returned", INSIDE),
    ),
    "letter.deliver": (_mentor("letter_arrived"),),
    "letter.hand_over": (_mentor("letter_handed_over"),),
    "pairing.anniversary": (_mentor("pairing_anniversary"),),
    "pairing_star.give": (_mentor("star_given"),),
    "pairing_thanks.pass_on": (_mentor("thanks_passed_on"),),
    "portfolio.ready": (
        Rule("portfolio_ready", audiences.owner, "/me/pairings/portfolio", frozenset()),
    ),
}
