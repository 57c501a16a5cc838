"""Who is told what: the one table from a fact to a mail (domain.md 4, the "notified" column).

A fact without a line here is told to nobody. ``path`` is where the mail's button leads.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import (
    audiences,
    bond_rules,
    day_rules,
    pairing_rules,
    planning_rules,
    roll_rules,
    taking_part_rules,
)
from portal.notices.audiences import Audience
from portal.notices.rule import COUNTY, INSIDE, OUTSIDE, Rule

_ME = "/me"
_PROFILE = "/me/profile"
_CLAIMS = "/desk/commitments"
_VETTING = "/desk/vetting"
_CONTACT = "/desk/vetting/contact"
_REVIEW = "/desk/wishes"
_DRAFTS = "/desk/my-wishes"
_LEDGER = "/children/ledger"
_OFFERS = "/me/offers"
_DIRECTORY = "/desk/resources?status=submitted"
_HONOURS = "/desk/honours?status=proposed"
_NEEDS, _APPLICATIONS = "/desk/needs", "/desk/needs/applications"
_PAIRING_OFFERS, _OWN_NEEDS = "/desk/needs/offers", "/me/applications"
_SIGHTS = "/desk/sights"
_PAIRINGS, _BOARD = "/me/pairings", "/desk/pairings/board"
_SETTINGS, _UNITS, _LEAVE = "/admin/settings", "/admin/unit-changes", "/desk/leave"


#: Mails to the desk about certificates rather than about single records.
_ABOUT_PAPERS = frozenset({"certificate_to_check", "objection_to_answer"})


def _staff(template: str, path: str, audience: Audience = audiences.county) -> Rule:
    return Rule(template, audience, path, COUNTY)


def _director(template: str, path: str = _DRAFTS) -> Rule:
    return Rule(template, audiences.director, path, INSIDE)


def _supporter(template: str, path: str = _ME) -> Rule:
    return Rule(template, audiences.supporter, path, OUTSIDE, tells_actor=True)


def _account(template: str, path: str) -> Rule:
    return Rule(template, audiences.owner, path, frozenset(), tells_actor=True)


def _hours(template: str, audience: Audience) -> Rule:
    inside = audience is audiences.county
    path = "/desk/certificates" if template in _ABOUT_PAPERS else "/desk/hours/corrections"
    return Rule(template, audience, path if inside else "/me/hours", frozenset({"title"}))


def _upload(template: str) -> Rule:
    return Rule(template, audiences.owner, _LEDGER, frozenset())


def _office(template: str, path: str, audience: Audience) -> Rule:
    return Rule(template, audience, path, frozenset({"title"}))


def _concern(template: str, audience: Audience) -> Rule:
    return Rule(template, audience, "/desk/concerns", frozenset())


def _journal(template: str) -> Rule:
    return Rule(template, audiences.owner, "/me/pairings", frozenset({"title"}))


def _sight(template: str, audience: Audience) -> Rule:
    return Rule(template, audience, _SIGHTS, frozenset())


RULES: Mapping[str, tuple[Rule, ...]] = {
    # MW, the wish inside
    "wish.submit": (Rule("wish_to_screen", audiences.township, _REVIEW, INSIDE),),
    "wish.return": (_director("wish_returned"),),
    "wish.screen": (_staff("wish_to_approve", _REVIEW),),
    "wish.send_back": (_director("wish_returned"),),
    "wish.approve": (_director("wish_approved"),),
    "wish.hold": (_director("wish_held"), _staff("wish_held_county", _REVIEW)),
    "wish.publish": (_director("wish_published"),),
    "wish.reopen": (_director("wish_reopened"),),
    "wish.deliver": (_director("wish_delivered"),),
    "wish.fulfil": (_staff("wish_to_archive", _REVIEW),),
    "wish.thanks_write": (_staff("thanks_to_check", _CLAIMS),),
    "wish.thanks_return": (_director("thanks_returned"),),
    "wish.archive": (_director("wish_archived"),),
    "wish.roll_over": (_director("wish_rolled_over"),),
    "wish.expire": (_director("wish_expired"), _staff("wish_expired_county", _REVIEW)),
    "wish.withdraw": (_director("wish_withdrawn"), _staff("wish_withdrawn_county", _REVIEW)),
    "wish.withdraw_consent": (
        _director("wish_withdrawn"),
        _staff("wish_withdrawn_county", _REVIEW),
    ),
    # CM, the supporter's promise
    "commitment.begin": (_supporter("claim_received"), _staff("claim_to_approve", _CLAIMS)),
    "commitment.approve": (_supporter("claim_approved"), _director("claim_approved_director")),
    "commitment.decline": (_supporter("claim_declined", "/wishes"),),
    "commitment.dispatch": (_staff("claim_dispatched", _CLAIMS, audiences.handover),),
    "commitment.receive": (_supporter("claim_delivered"),),
    "commitment.confirm": (_supporter("claim_confirmed"),),
    "commitment.thank": (_supporter("claim_thanked"),),
    "commitment.give_back": (
        _supporter("claim_given_back", "/wishes"),
        _staff("claim_given_back_county", _CLAIMS),
    ),
    "commitment.lapse": (
        _supporter("claim_lapsed", "/wishes"),
        _staff("claim_lapsed_county", _CLAIMS),
    ),
    "commitment.release": (_supporter("claim_released", _PROFILE),),
    "commitment.fail": (_supporter("claim_failed"),),
    "commitment.remind": (_supporter("deliver_reminder"),),
    "commitment.overdue": (
        _supporter("claim_overdue"),
        _staff("claim_overdue_county", _CLAIMS),
    ),
    "commitment.cancel": (_supporter("claim_cancelled", "/wishes"),),
    # The resource directory and the honours roll
    "resource_offer.begin": (_staff("offer_to_check", _DIRECTORY),),
    "resource_offer.submit": (_staff("offer_to_check", _DIRECTORY),),
    "resource_offer.list": (_supporter("offer_listed", _OFFERS),),
    "resource_offer.return": (_supporter("offer_returned", _OFFERS),),
    "resource_offer.take_down": (_supporter("offer_taken_down", _OFFERS),),
    "resource_offer.expire": (_supporter("offer_expired", _OFFERS),),
    "resource_link.begin": (_supporter("offer_booked", _OFFERS),),
    "resource_link.release": (_supporter("offer_released", _OFFERS),),
    "honour.begin": (_staff("honour_to_approve", _HONOURS),),
    # PN, needs and who would answer them
    "need.submit": (_staff("need_to_approve", _NEEDS),),
    "need.return": (_director("need_returned", "/desk/my-needs"),),
    "need.approve": (_director("need_approved", "/desk/my-needs"),),
    "need.hold": (_director("need_held", "/desk/my-needs"),),
    "need.keep_back": (_director("need_held", "/desk/my-needs"),),
    "need.close": (_director("need_ended", "/desk/my-needs"),),
    "need.withdraw": (_director("need_ended", "/desk/my-needs"),),
    "need.withdraw_consent": (
        _director("need_ended", "/desk/my-needs"),
        _staff("need_ended_county", _NEEDS),
    ),
    "need_application.begin": (
        _supporter("application_received", _OWN_NEEDS),
        _staff("application_to_answer", _APPLICATIONS),
    ),
    "need_application.decline": (_supporter("application_declined", _OWN_NEEDS),),
    "need_application.lapse": (_supporter("application_declined", _OWN_NEEDS),),
    "pairing_offer.begin": (_staff("pairing_offer_to_arrange", _PAIRING_OFFERS),),
    # SV, vetting
    "supporter.submit": (
        _supporter("supporter_submitted", _PROFILE),
        _staff("supporter_to_vet", _VETTING),
    ),
    "supporter.start_check": (_supporter("supporter_checking", _PROFILE),),
    "supporter.return": (_supporter("supporter_returned", _PROFILE),),
    "supporter.approve": (_supporter("supporter_approved", "/wishes"),),
    "supporter.suspend": (
        _supporter("supporter_suspended", _PROFILE),
        _staff("supporter_suspended_county", _VETTING),
    ),
    "supporter.reinstate": (_supporter("supporter_reinstated", "/wishes"),),
    "supporter.expire": (
        _supporter("supporter_expired", _PROFILE),
        _staff("supporter_expired_county", _VETTING),
    ),
    "supporter.pause_claims": (_supporter("claims_paused"),),
    "supporter.suspend_at_once": (
        _supporter("supporter_suspended", _PROFILE),
        _staff("supporter_suspended_county", _VETTING),
    ),
    "supporter.expiry_near": (_supporter("renew_reminder", _PROFILE),),
    # Inside the office: two keys, and who stands in
    "setting_change.begin": (_office("setting_to_agree", _SETTINGS, audiences.responsible),),
    "setting_change.agree": (_office("setting_agreed", _SETTINGS, audiences.owner),),
    "setting_change.drop": (_office("setting_dropped", _SETTINGS, audiences.owner),),
    "unit_change.begin": (_office("unit_change_to_confirm", _UNITS, audiences.responsible),),
    "unit_change.confirm": (_office("unit_change_done", _UNITS, audiences.owner),),
    "unit_change.drop": (_office("unit_change_dropped", _UNITS, audiences.owner),),
    "delegation.begin": (_office("delegation_begun", _LEAVE, audiences.owner),),
    "delegation.end": (_office("delegation_ended", _LEAVE, audiences.owner),),
    "supporter.ask_renewal": (_staff("supporter_to_renew", "/desk/vetting?status=renewal"),),
    "supporter.renew": (_supporter("supporter_renewed", _PROFILE),),
    "supporter.papers_near": (_supporter("papers_reminder", _PROFILE),),
    "appeal.begin": (_staff("appeal_to_answer", _VETTING),),
    "appeal.uphold": (_supporter("appeal_answered", _PROFILE),),
    "appeal.dismiss": (_supporter("appeal_answered", _PROFILE),),
    "complaint.begin": (_staff("complaint_to_check", _VETTING),),
    # SV, tier 2
    "clearance.begin": (_staff("tier2_asked", _CONTACT),),
    "clearance.ask": (_staff("tier2_asked", _CONTACT),),
    "clearance.recommend": (_staff("tier2_to_approve", _CONTACT),),
    "clearance.recheck": (_staff("tier2_to_approve", _CONTACT),),
    "clearance.approve": (_supporter("tier2_granted", _PROFILE),),
    "clearance.renew": (_supporter("tier2_granted", _PROFILE),),
    "clearance.return": (_supporter("tier2_returned", _PROFILE),),
    "clearance.withdraw": (_supporter("tier2_ended", _PROFILE),),
    "clearance.end": (_supporter("tier2_ended", _PROFILE),),
    "clearance.expire": (
        _supporter("tier2_ended", _PROFILE),
        _staff("tier2_expired_county", _CONTACT),
    ),
    "clearance.expiry_near": (
        _supporter("tier2_reminder", _PROFILE),
        _staff("tier2_reminder_county", _CONTACT),
    ),
    # PN, the cadence: who keeps the contact is reminded, then the staff
    "pairing.remind": (_supporter("cadence_reminder", _PAIRINGS),),
    "substitution.remind": (_supporter("cadence_reminder", _PAIRINGS),),
    "pairing.reminded_in_vain": (
        _staff("cadence_in_vain", _BOARD),
        _staff("cadence_in_vain", _BOARD, audiences.township),
    ),
    "pairing.excuse": (_supporter("cadence_excused", _PAIRINGS),),
    "pairing.substitute": (
        _supporter("substitute_told", _PAIRINGS),
        _director("substitute_director"),
    ),
    "substitution.begin": (_supporter("substitution_begun", _PAIRINGS),),
    "substitution.end": (_supporter("substitution_ended", _PAIRINGS),),
    "pairing.propose_review": (_staff("review_proposed", _BOARD),),
    # Hours and certificates: the page behind the link says why
    "service_record.return": (_hours("hours_returned", audiences.owner),),
    "service_record.reopen": (_hours("hours_returned", audiences.owner),),
    "service_record.void": (_hours("hours_voided", audiences.owner),),
    "service_record.ask_correction": (_hours("correction_to_answer", audiences.county),),
    "service_record.answer_correction": (_hours("correction_answered", audiences.owner),),
    "certificate.begin": (_hours("certificate_to_check", audiences.county),),
    "certificate.object": (_hours("objection_to_answer", audiences.county),),
    "certificate.issue": (_hours("certificate_issued", audiences.owner),),
    "certificate.decline": (_hours("certificate_declined", audiences.owner),),
    "certificate.revoke": (_hours("certificate_void", audiences.owner),),
    "certificate.invalidate": (_hours("certificate_void", audiences.owner),),
    # Leaves to see what is masked: never a word about whom
    "sight.begin": (_sight("sight_asked", audiences.responsible),),
    "sight.grant": (_sight("sight_granted", audiences.owner),),
    "sight.confirm": (_sight("sight_granted", audiences.owner),),
    "sight.refuse": (_sight("sight_refused", audiences.owner),),
    "sight.open": (_sight("sight_opened", audiences.responsible),),
    "sight.end": (_sight("sight_ended", audiences.both_sides),),
    "sight.lapse": (_sight("sight_lapsed", audiences.owner),),
    "sight.break_glass": (_sight("sight_broken", audiences.everybody_watching),),
    "sight.outlier": (_sight("sight_outliers", audiences.responsible),),
    # The ledger comes in: reading a large file may outlast the clerk's patience.
    # Who waits at the page acted and needs no mail; what the worker did was the system's act.
    "import.preview": (_upload("import_ready"),),
    "import.fail": (_upload("import_failed"),),
    "import.finish": (_upload("import_applied"),),
    "import.stall": (_upload("import_stalled"),),
    # Rights of the people concerned; a receipt code or a link tells everybody else.
    "request.begin": (Rule("request_to_answer", audiences.bureau, "/desk/requests", frozenset()),),
    "request.grant": (_account("request_answered", "/me/rights"),),
    "request.refuse": (_account("request_answered", "/me/rights"),),
    "grievance.begin": (
        Rule("grievance_to_answer", audiences.answering, "/desk/grievances", frozenset()),
    ),
    # Worries about a child: who must look at once, and who is told when nobody did
    "contact_log.worry": (_concern("concern_raised", audiences.alarmed),),
    "contact_log.escalate": (_concern("concern_waiting", audiences.above),),
    "grievance.worry": (_concern("concern_raised", audiences.alarmed),),
    "grievance.escalate": (_concern("concern_waiting", audiences.above),),
    "contact_log.return": (_journal("journal_returned"),),
    "contact_log.void": (_journal("journal_voided"),),
    # Accounts; the mails with a one-time link are owed where the link is made.
    "account.code_used": (_account("code_used", "/account/security"),),
    "account.codes_renewed": (_account("factors_changed", "/account/security"),),
    "account.factor_add": (_account("factors_changed", "/account/security"),),
    "account.factor_remove": (_account("factors_changed", "/account/security"),),
    "account.factors_reset": (_account("factors_reset", "/login"),),
    "account.new_device": (_account("new_device", "/account/security"),),
    "account.password_change": (_account("password_changed", "/password/forgot"),),
    "account.password_reset": (_account("password_changed", "/password/forgot"),),
    **bond_rules.RULES,
    **day_rules.RULES,
    **pairing_rules.RULES,
    **planning_rules.RULES,
    **roll_rules.RULES,
    **taking_part_rules.RULES,
}
