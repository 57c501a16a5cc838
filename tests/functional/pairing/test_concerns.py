"""Somebody worries about a child: told at once, answered in words, told again when nobody did."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.extensions import db
from portal.models.records import Message
from portal.queries import concerns as rows
from portal.queries import contact_desk
from portal.services import concerns, contact_logs, grievances
from tests.factories import journals, people
from tests.factories.journals import do, told


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield clock


@pytest.fixture
def staff():
    """Return a supervisor, a clerk of the county, one of the city, and the neighbour's clerk."""
    return {
        "supervisor": people.staff("child_supervisor"),
        "county": people.staff("county_staff", "350421"),
        "city": people.staff("city_staff"),
        "elsewhere": people.staff("county_staff", "350424"),
        "director": people.staff("child_director"),
    }


def told_to(template):
    """Return whom a mail was owed to, in order."""
    with unit_of_work.reading(people.everything()):
        mails = db.session.scalars(select(Message).where(Message.template == template))
        return sorted(mail.user_id for mail in mails)


def ids(*actors):
    return sorted(actor.user_id for actor in actors)


def seen(actor):
    with unit_of_work.reading(scope.of(actor)):
        return [(one.noun, one.words, one.is_late) for one in rows.waiting(actor)]


def escalated():
    with unit_of_work.transaction(people.everything()):
        return concerns.escalate_due()


def test_a_worry_is_told_at_once_and_answered_in_words(staff, on):
    pair = journals.paired()
    quiet = told(pair)
    log_id = told(pair, worried=True, worry="昨晚一个人在家", accompanied_by="", did="")
    supervisor, county = staff["supervisor"], staff["county"]
    assert told_to("concern_raised") == ids(supervisor, county)
    assert seen(county) == seen(supervisor) == [("contact_log", "昨晚一个人在家", False)]
    assert seen(staff["elsewhere"]) == []
    with pytest.raises(Invalid):
        do(county, concerns.acknowledge, "contact_log", log_id, words=" ")
    for stranger in (staff["elsewhere"], staff["director"]):
        with pytest.raises(NotFound):
            do(stranger, concerns.acknowledge, "contact_log", log_id, words="我来")
    with pytest.raises(NotFound):
        do(county, concerns.acknowledge, "contact_log", quiet, words="这条没有担心")
    do(supervisor, concerns.acknowledge, "contact_log", log_id, words="已到家里，孩子安全")
    with pytest.raises(Conflict):
        do(county, concerns.acknowledge, "contact_log", log_id, words="我也来")
    assert seen(county) == []
    with unit_of_work.reading(scope.of(county)):
        answer = rows.answered(county)[0]
    assert (answer.answer, answer.answered_by) == ("已到家里，孩子安全", supervisor.name)
    on.advance(hours=2)
    assert escalated() == 0


def test_half_an_hour_of_silence_is_told_above_once(staff, on):
    pair = journals.paired()
    told(pair, worried=True, worry="电话里一直哭")
    on.advance(minutes=29)
    assert escalated() == 0
    on.advance(minutes=1)
    assert escalated() == 1
    assert escalated() == 0
    assert told_to("concern_waiting") == ids(staff["county"], staff["city"])
    on.advance(minutes=31)
    assert seen(staff["city"]) == [("contact_log", "电话里一直哭", True)]


def test_whoever_sits_in_the_village_does_not_read_the_worry(staff):
    pair = journals.paired()
    log_id = told(pair, worried=True, worry="担心村里有人欺负他")
    for who, words in (("director", ""), ("supervisor", "担心村里有人欺负他")):
        with unit_of_work.reading(scope.of(staff[who])):
            dossier = contact_desk.dossier(staff[who], log_id)
            kinds = [fact.kind for fact in dossier.history]
        assert dossier.row.worry == words
        assert dossier.row.worried is bool(words)
        assert ("contact_log.worry" in kinds) is bool(words)


def test_a_worry_added_while_correcting_alarms_once_and_stays(staff):
    pair = journals.paired()
    log_id = told(pair)
    director = staff["director"]
    do(director, contact_logs.send_back, log_id, reason="请补写")
    worried = replace(journals.TALK, worried=True, worry="有淤青")
    do(pair.mentor, contact_logs.correct, log_id, worried)
    assert told_to("concern_raised") == ids(staff["supervisor"], staff["county"])
    do(director, contact_logs.send_back, log_id, reason="请再补写")
    do(pair.mentor, contact_logs.correct, log_id, journals.TALK)
    assert journals.log(log_id, "worried", "worry") == (True, "有淤青")
    assert len(seen(staff["county"])) == 1


def test_an_ordinary_complaint_raises_no_alarm(staff):
    with unit_of_work.transaction(scope.NOTHING):
        grievances.send(county_code="350421", category="page", words="错别字")
    assert told_to("concern_raised") == []
    assert told_to("grievance_to_answer") == ids(staff["county"])


def test_anybody_reaches_the_county_without_an_account(staff, on):
    with unit_of_work.transaction(scope.NOTHING):
        receipt = grievances.send(
            county_code="350421", category="concern", words="楼上总有孩子哭", contact="王女士"
        )
    county = staff["county"]
    assert told_to("concern_raised") == ids(county)
    assert told_to("grievance_to_answer") == []
    assert seen(county) == [("grievance", "楼上总有孩子哭", False)]
    assert seen(staff["supervisor"]) == []
    do(county, concerns.acknowledge, "grievance", receipt.id, words="已请社区上门")
    assert seen(county) == []
    # The answer itself still goes its way, to whoever holds the receipt code.
    do(county, grievances.close, receipt.id, answer="已上门查看")
    on.advance(hours=1)
    assert escalated() == 0
