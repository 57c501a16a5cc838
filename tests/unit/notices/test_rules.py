"""The table of notices against the lifecycles: every move tells somebody, or says why it does not."""

from pathlib import Path

import pytest

from portal.domain.lifecycles import MACHINES
from portal.notices.rules import RULES
from tests.unit.house import source

MAIL = source.TEMPLATES / "mail"
ALL_RULES = [(kind, rule) for kind, rules in RULES.items() for rule in rules]

#: Moves that no mail follows, and why (domain.md 4, the "notified" column).
SILENT = {
    "supporter.reject": "its own mail carries the link to appeal (services.appeal_links)",
    "supporter.revoke": "its own mail carries the link to appeal (services.appeal_links)",
    "supporter.reopen": "the answer to the appeal tells it",
    "complaint.uphold": "the desk that looks into it writes it; what follows tells the supporter",
    "complaint.dismiss": "the desk that looks into it writes it; what follows tells the supporter",
    "wish.reserve": "the promise's own mails tell it",
    "wish.commit": "the promise's own mails tell it",
    "child.open": "a file on the register concerns nobody outside the office",
    "child.age_out": "shown on the desk",
    "import.apply": "the clerk who presses it sees it",
    "child.erase": "nobody is left to tell; a request has its own answer",
    "supporter.erase": "told by the letter owed with the erasure, or past its time",
    "request.take": "shown on the asker's page",
    "request.settle": "the copy is in the asker's hand",
    "request.retract": "the asker did it",
    "contact_log.verify": "shown in the journal",
    "contact_log.correct": "shown in the queue of the desk",
    "service_record.fall_with_source": "the entry that it came from tells it",
    "grievance.take": "read with the receipt code",
    "grievance.uphold": "read with the receipt code",
    "grievance.close": "read with the receipt code",
    "text.publish": "asked at the next sign-in",
    "text.discard": "nobody had read it",
    "import.discard": "the clerk who presses it sees it",
    "resource_offer.withdraw": "the giver who presses it sees it",
    "resource_offer.use_up": "the link that took the last of it tells it",
    "resource_offer.reopen": "the link that was released tells it",
    "honour.approve": "shown on the roll; a name appears there by its owner's own consent",
    "honour.decline": "shown on the desk",
    "honour.retract": "shown on the desk",
    "catalogue_item.approve": "shown on the shelf",
    "catalogue_item.decline": "shown on the desk",
    "service_record.verify": "shown beside the hours; a letter for each would be noise",
    "service_record.follow_source": "shown beside the hours",
    "service_record.resubmit": "shown in the queue of the desk",
    "service_record.withdraw": "the volunteer who presses it sees it",
    "certificate.publicise": "shown with its last day on the volunteer's own page",
    "certificate.withdraw": "the volunteer who presses it sees it",
    "programme.open": "the public notice tells it",
    "programme.start": "shown on the desk",
    "programme.start_by_day": "everybody knew the day",
    "programme.finish": "the organiser who presses it sees it",
    "programme.close": "shown on the desk",
    "programme_session.open_sheet": "the sheet itself tells it",
    "programme_session.take": "shown on the sheet",
    "programme_session.lock": "shown on the sheet",
    "programme_session.unlock": "the answer to the request tells it",
    "need.publish": "its approval told the director; batches are not announced",
    "need.match": "the pairing's own mails tell it",
    "need.reopen": "the end of the pairing tells it",
    "need.finish": "the end of the pairing tells it",
    "need.age_out": "the end of the pairing tells it; a need nobody answered is shown as ended",
    "handover.rewrite": "the first one told who reads it; it waits on the page of the pairing",
    "handover.retype": "the first one told who reads it; it waits on the page of the pairing",
    "handover.release": "the start of the next pairing shows it to the next mentor",
    "child_transfer.lapse": "the file itself is gone or grown; there is nothing to answer",
    "pairing.supersede": "another proposal for the need was approved; the own page shows it",
    "need_application.take": "the pairing's own mails tell it",
    "need_application.withdraw": "the applicant who presses it sees it",
    "pairing_offer.take": "the pairing's own mails tell it",
    "pairing_offer.withdraw": "the volunteer who presses it sees it",
    "pairing_offer.lapse": "what ended the standing tells it",
    "contact_card.replace": "the new card's own mail tells it",
    "contact_card.end": "the end or the pause of the pairing tells it, or the new card",
    "letter.screen_out": "the writer sees it marked on the page",
    "letter.withdraw": "the writer who presses it sees it",
    "letter.stop": "the end of the pairing tells it",
    "video_call.done": "the colleague who presses it sees it",
    "video_call.missed": "the colleague who presses it sees it",
    "enrolment.consent": "whoever writes it down sees it",
    "enrolment.accept": "whoever presses it sees it",
    "enrolment.pass_on": "whoever presses it sees it",
    "enrolment.drop": "whoever presses it sees it",
    "enrolment.attend": "shown on the list",
    "enrolment.never_come": "shown on the list",
    "enrolment.run_out": "shown on the list",
    "duty.finish": "shown beside the hours",
    "duty.give": "the swap's own mails tell it",
    "duty.remove": "the plan of the person tells it (programme_staff.plan)",
    "duty.fall": "what took the person off the rota tells it",
    "duty_swap.withdraw": "the volunteer who presses it sees it",
    "duty_swap.fall": "the end of the duty tells it",
    "setting_change.adopt": "the administrator who presses it sees it",
}


def test_every_move_tells_somebody_or_is_silent_for_a_reason():
    moves = {f"{machine.noun}.{move.name}" for machine in MACHINES for move in machine.transitions}
    assert len(moves) > 30
    assert moves - set(RULES) == set(SILENT)


def test_every_rule_listens_to_a_fact_that_is_published():
    moves = {f"{machine.noun}.{move.name}" for machine in MACHINES for move in machine.transitions}
    moves |= {f"{machine.noun}.begin" for machine in MACHINES}
    text = "\n".join(module.text for module in source.modules() if "/services/" in module.name)
    unheard = [kind for kind in RULES if kind not in moves and f'"{kind}"' not in text]
    assert unheard == []


@pytest.mark.parametrize("template", sorted({rule.template for _, rule in ALL_RULES}))
def test_every_template_has_its_three_blocks(template):
    text = (MAIL / f"{template}.txt").read_text(encoding="utf-8")
    for block in ("subject", "say", "button"):
        assert f"{{% block {block} %}}" in text


def test_no_template_is_left_that_nobody_uses():
    used = {rule.template for _, rule in ALL_RULES}
    owed = "\n".join(module.text for module in source.modules() if "outbox.owe(" in module.text)
    purposes = {"verify_email", "reset_password", "invite"}
    unused = [
        path.stem
        for path in MAIL.glob("*.txt")
        if not path.stem.startswith("_")
        and path.stem not in used | purposes
        and f'"{path.stem}"' not in owed
    ]
    assert unused == []


def test_a_template_name_and_a_key_fit_their_columns():
    key = f"{'f' * 36}:{max((r.template for _, r in ALL_RULES), key=len)}:{'u' * 36}"
    assert len(key) <= 160
    assert max(len(path.stem) for path in Path(MAIL).glob("*.txt")) <= 40


@pytest.mark.parametrize(("kind", "rule"), ALL_RULES)
def test_who_stands_outside_sees_no_number_of_the_office_and_no_name(kind, rule):
    outside = rule.template.startswith(("claim_", "supporter_")) and rule.tells_actor
    if outside:
        assert rule.sees <= {"title", "deliver_by", "point", "valid_to"}
    assert rule.sees <= {"title", "deliver_by", "point", "valid_to", "file_no", "by"}
