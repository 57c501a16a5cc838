"""Mails about the way of a pairing (PN). None names the child, the place or a meeting's hour."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import audiences
from portal.notices.rule import COUNTY, INSIDE, OUTSIDE, Rule

_MINE, _DESK = "/me/pairings", "/desk/pairings"
_GAPS, _INTERVIEWS = "/desk/pairings/gaps", "/desk/pairings/interviews"


def _mentor(template: str) -> Rule:
    return Rule(template, audiences.supporter, _MINE, OUTSIDE, tells_actor=True)


def _director(template: str = "pairing_told", path: str = _DESK) -> Rule:
    return Rule(template, audiences.director, path, INSIDE)


def _supervisor() -> Rule:
    return Rule("pairing_told", audiences.township, _DESK, INSIDE)


def _county(template: str, path: str = _DESK) -> Rule:
    return Rule(template, audiences.county, path, COUNTY)


def _transfer(template: str, audience: audiences.Audience) -> Rule:
    return Rule(template, audience, "/desk/transfers", frozenset())


RULES: Mapping[str, tuple[Rule, ...]] = {
    # A small run is answered on the page; of a large one the worker tells who asked.
    "match_run.finish": (Rule("match_ready", audiences.owner, "/desk/matches", frozenset()),),
    "pairing.begin": (_county("pairing_to_approve", f"{_DESK}?status=proposed"),),
    "pairing.approve": (
        _mentor("pairing_matched"),
        _director("pairing_to_meet", f"{_DESK}?status=matched"),
    ),
    "pairing.decline": (Rule("pairing_declined", audiences.owner, _DESK, INSIDE),),
    "pairing.plan_meeting": (_mentor("meeting_planned"),),
    "pairing.meeting_near": (
        _mentor("meeting_near"),
        _director("meeting_near_director"),
    ),
    "pairing.meet": (_county("pairing_to_start", f"{_DESK}?status=matched"),),
    "pairing.activate": (_mentor("pairing_started"), _director(), _supervisor()),
    "pairing.pause": (_mentor("pairing_paused"), _director(), _supervisor()),
    "pairing.halt": (
        _mentor("pairing_paused"),
        _director(),
        _supervisor(),
        _county("pairing_halted_county", f"{_DESK}?status=paused"),
    ),
    "pairing.resume": (_mentor("pairing_started"), _director(), _supervisor()),
    "pairing.close": (_mentor("pairing_closed"), _director(), _supervisor()),
    "pairing.age_near": (
        _mentor("pairing_ending_soon"),
        _director("pairing_age_near"),
        Rule("pairing_age_near", audiences.carers, _DESK, INSIDE),
    ),
    "pairing.age_out": (
        _mentor("pairing_closed"),
        _director("pairing_to_interview", _INTERVIEWS),
        Rule("pairing_to_interview", audiences.carers, _INTERVIEWS, INSIDE),
    ),
    "pairing.leave": (
        _director("pairing_to_interview", _INTERVIEWS),
        Rule("pairing_to_interview", audiences.carers, _INTERVIEWS, INSIDE),
    ),
    "pairing.interview_due": (
        _director("pairing_to_interview", _INTERVIEWS),
        Rule("pairing_to_interview", audiences.carers, _INTERVIEWS, INSIDE),
    ),
    "pairing.leaving": (Rule("pairing_needs_somebody", audiences.carers, _GAPS, INSIDE),),
    "pairing.change_contact": (_mentor("pairing_contact_changed"), _director()),
    "pairing.move": (_mentor("pairing_contact_changed"), _director(), _supervisor()),
    "handover.begin": (Rule("handover_to_read", audiences.carers, _DESK, frozenset()),),
    "handover.return": (Rule("handover_returned", audiences.owner, _MINE, frozenset()),),
    "child_transfer.begin": (_transfer("transfer_to_answer", audiences.county),),
    "child_transfer.accept": (_transfer("transfer_answered", audiences.sending),),
    "child_transfer.refuse": (_transfer("transfer_answered", audiences.sending),),
    "child_transfer.withdraw": (_transfer("transfer_withdrawn", audiences.county),),
    "child_transfer.unanswered": (_transfer("transfer_waits", audiences.both_counties),),
    "pairing.withdraw_consent": (_mentor("pairing_closed"), _director(), _supervisor()),
}
