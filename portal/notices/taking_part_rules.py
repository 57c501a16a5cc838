"""Mails about taking part (PG): the director who speaks with the family, who is on the rota."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import audiences
from portal.notices.rule import COUNTY, INSIDE, OUTSIDE, Rule

_DESK, _DUTIES, _PROGRAMMES = "/desk/enrolments", "/me/duties", "/desk/programmes"


def _director(template: str) -> Rule:
    return Rule(template, audiences.director, _DESK, INSIDE, tells_actor=True)


def _volunteer(template: str) -> Rule:
    return Rule(template, audiences.supporter, _DUTIES, OUTSIDE)


def _organiser(template: str) -> Rule:
    return Rule(template, audiences.owner, _PROGRAMMES, COUNTY)


_FAMILY = (_director("enrolment_family"),)

RULES: Mapping[str, tuple[Rule, ...]] = {
    "enrolment.consent_by_link": _FAMILY,
    "enrolment.accept_by_link": _FAMILY,
    "enrolment.pass_on_by_link": _FAMILY,
    "enrolment.drop_by_link": _FAMILY,
    "enrolment.turn_down": (_director("enrolment_refused"),),
    "enrolment.refuse": (_director("enrolment_refused"),),
    "enrolment.enrol": (_director("enrolment_placed"),),
    "enrolment.wait": (_director("enrolment_waiting"),),
    "enrolment.promote": (_director("enrolment_offered"),),
    "enrolment.lapse": (_director("enrolment_lapsed"),),
    "enrolment.cancel": (_director("enrolment_cancelled"),),
    "programme_staff.begin": (_volunteer("duty_invited"),),
    "programme_staff.confirm": (_organiser("duty_confirmed"),),
    "programme_staff.decline": (_organiser("duty_declined"),),
    "programme_staff.leave": (_organiser("duty_declined"),),
    "programme_staff.plan": (_volunteer("duty_planned"),),
    "programme_staff.remove": (_volunteer("duty_ended"),),
    "programme_staff.cancel": (_volunteer("duty_ended"),),
    # A standing ended: whoever runs the programme has an adult too few, and must know at once.
    "programme_staff.lapse": (
        _volunteer("duty_ended"),
        _organiser("duty_lapsed"),
        Rule("duty_lapsed", audiences.county, _PROGRAMMES, COUNTY),
    ),
    "duty_swap.begin": (_organiser("swap_to_answer"),),
    "duty_swap.approve": (_volunteer("swap_answered"),),
    "duty_swap.decline": (_volunteer("swap_answered"),),
}
