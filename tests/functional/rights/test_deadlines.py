"""An answer is due by the authority's own number of days and its own calendar (L06, L19)."""

from datetime import date

import pytest

from portal.core import unit_of_work
from portal.domain.errors import Invalid
from portal.domain.setting_rules import BY_NAME
from portal.extensions import db
from portal.models.authorities import OwnDay
from portal.models.rights import Grievance, RightsRequest
from portal.models.units import Unit
from portal.queries import deadlines
from portal.services import grievances, rights
from tests.factories import people
from tests.functional.rights.guide import do, inside, read

CITY = "/35/3504/"


@pytest.fixture
def city(app, clock):
    """The test stands on 2026-05-20, a Wednesday; the city closes the Thursday and answers in 3."""
    with inside(), unit_of_work.transaction(people.everything()):
        unit = db.session.query(Unit).filter_by(path=CITY).one()
        unit.settings = {**unit.settings, "answer_days": 3}
        db.session.add(OwnDay(tenant_path=CITY, day=date(2026, 5, 21), kind="holiday"))


def complain(county):
    with inside(), unit_of_work.transaction(people.everything()):
        return grievances.send(county_code=county, category="other", words="页面打不开")


def test_a_complaint_is_answered_by_the_authority_s_calendar(city):
    receipt = complain("350421")
    assert receipt.due_on == read(Grievance, receipt.id, "due_on") == date(2026, 5, 26)
    # Elsewhere the default of 15 counts by the national table: 2026-06-19 is a holiday.
    assert complain("320681").due_on == date(2026, 6, 10)


def test_a_request_is_answered_by_the_authority_s_calendar(city):
    with inside():
        one = people.supporter("individual")
    asked = do(one, rights.ask, one.supporter_ids[0], kind="erase")
    assert read(RightsRequest, asked, "due_on") == date(2026, 5, 26)
    assert do(one, deadlines.own_answer_days) == 3


def test_an_appeal_s_last_day_waits_for_a_working_day(city):
    with inside(), unit_of_work.transaction(people.everything()):
        # Day 15 of 2026-05-15 is Saturday 2026-05-30; of 2026-05-06 it is the closed Thursday.
        assert deadlines.last_appeal(CITY, date(2026, 5, 15)) == date(2026, 6, 1)
        assert deadlines.last_appeal(CITY, date(2026, 5, 6)) == date(2026, 5, 22)
        assert deadlines.last_appeal("/32/3206/320681/", date(2026, 5, 6)) == date(2026, 5, 21)


def test_an_authority_answers_sooner_and_never_later():
    rule = BY_NAME["answer_days"]
    assert rule.take("15") == 15
    with pytest.raises(Invalid):
        rule.take("16")
