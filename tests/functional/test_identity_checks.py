"""Comparing name and ID number: consent first, who may, what is kept, what is not."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from portal import gateways
from portal.core import scope, unit_of_work
from portal.domain.errors import Conflict, Invalid, NotFound, Unavailable
from portal.extensions import db
from portal.gateways import Gateways
from portal.gateways.identity import Verdict
from portal.models.identity_checks import IdentityCheck
from portal.models.records import Fact
from portal.models.supporters import Supporter, VettingCheck
from portal.queries import identity_checks as reading
from portal.services import identity_checks
from tests.factories import applicants, people


class Provider:
    """A provider that says what it is told to, and remembers what it was asked."""

    provider = "aliyun"

    def __init__(self, says=Verdict.MATCH):
        self.says = says
        self.asked = []
        self.open_transaction = None

    def compare(self, name, id_number):
        self.asked.append((name, id_number))
        self.open_transaction = db.session().in_transaction()
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def provider():
    before = gateways.installed()
    found = Provider()
    gateways.install(Gateways(sms=None, wechat=None, identity=found))
    yield found
    gateways.install(before)


@pytest.fixture
def applicant(app):
    with app.app_context():
        yield applicants.applied("individual")


@pytest.fixture
def clerk(applicant):
    return people.staff("county_staff", "350421")


def act(actor, verb, *args, **kwargs):
    with unit_of_work.transaction(scope.of(actor)):
        return verb(actor, *args, **kwargs)


def verify(actor, supporter_id):
    with scope.within(scope.of(actor), db.session()):
        found = identity_checks.verify(actor, supporter_id)
        unit_of_work.commit()
        return found


def rows(model):
    with unit_of_work.reading(people.everything()):
        return db.session.scalars(select(model)).all()


def facts_of(kind):
    with unit_of_work.reading(people.everything()):
        return db.session.scalars(select(Fact.data).where(Fact.kind == kind)).all()


def test_nothing_is_compared_without_a_consent(provider, applicant, clerk):
    _, supporter_id = applicant
    with pytest.raises(Conflict, match="单独同意"):
        verify(clerk, supporter_id)
    with pytest.raises(Conflict, match="单独同意"):
        act(clerk, identity_checks.record, supporter_id, document="id_card", verdict="match")
    assert provider.asked == []
    assert rows(IdentityCheck) == []


def test_the_provider_s_yes_becomes_the_identity_check(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    verify(clerk, supporter_id)
    number = applicants.row(supporter_id, "id_no")
    assert provider.asked == [("王晓燕", number)]
    [check] = rows(IdentityCheck)
    assert (check.provider, check.verdict, check.created_by) == ("aliyun", "match", clerk.user_id)
    assert check.masked_number == f"{number[:4]}**********{number[-4:]}"
    [mark] = rows(VettingCheck)
    assert (mark.kind, mark.office, mark.created_by) == (
        "identity",
        "阿里云实名核验",
        clerk.user_id,
    )


def test_the_number_is_kept_nowhere_in_full(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    verify(clerk, supporter_id)
    number = applicants.row(supporter_id, "id_no")
    with unit_of_work.reading(people.everything()) as session:
        for table in ("identity_checks", "identity_consents", "facts", "vetting_checks"):
            stored = session.execute(text(f"SELECT * FROM {table}")).all()
            assert stored, table
            assert number not in str(stored)


def test_no_transaction_is_held_while_the_provider_thinks(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    verify(clerk, supporter_id)
    assert provider.open_transaction is False


def test_what_was_asked_is_written_down_even_when_no_answer_comes(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    provider.says = Unavailable("对方的服务暂时没有应答，请稍后再试")
    with pytest.raises(Unavailable):
        verify(clerk, supporter_id)
    assert facts_of("supporter.identity_ask") == [{"provider": "aliyun"}]
    assert rows(IdentityCheck) == []


@pytest.mark.parametrize("verdict", [Verdict.MISMATCH, Verdict.NO_RECORD])
def test_a_no_is_kept_and_is_no_identity_check(provider, applicant, clerk, verdict):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    provider.says = verdict
    verify(clerk, supporter_id)
    assert [check.verdict for check in rows(IdentityCheck)] == [verdict.value]
    assert rows(VettingCheck) == []


def test_by_hand_a_clerk_says_which_document_lay_there(applicant, clerk):
    _, supporter_id = applicant
    act(clerk, identity_checks.consent, supporter_id, method="in_person")
    with pytest.raises(Invalid):
        act(clerk, identity_checks.record, supporter_id, document="", verdict="match")
    with pytest.raises(Invalid):
        act(clerk, identity_checks.record, supporter_id, document="id_card", verdict="no_record")
    act(clerk, identity_checks.record, supporter_id, document="id_card", verdict="match")
    [check] = rows(IdentityCheck)
    assert (check.provider, check.document, check.verdict) == ("manual", "id_card", "match")


def test_a_withdrawn_consent_stops_the_next_comparison(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    act(person, identity_checks.withdraw_consent, supporter_id)
    with pytest.raises(Conflict):
        verify(clerk, supporter_id)
    assert provider.asked == []


def test_a_corrected_number_is_compared_again(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)
    verify(clerk, supporter_id)
    with unit_of_work.reading(scope.of(clerk)):
        assert reading.state(clerk, supporter_id).is_confirmed
    with unit_of_work.transaction(people.everything()):
        db.session.get(Supporter, supporter_id).id_hmac = "0" * 64
    with unit_of_work.reading(scope.of(clerk)):
        state = reading.state(clerk, supporter_id)
    assert not state.is_confirmed
    assert [check.is_current for check in state.checks] == [False]


def test_a_number_that_changes_meanwhile_is_not_confirmed(provider, applicant, clerk):
    person, supporter_id = applicant
    act(person, identity_checks.consent, supporter_id)

    def change(_name, _number):
        with unit_of_work.transaction(people.everything()):
            db.session.get(Supporter, supporter_id).id_hmac = "1" * 64
        return Verdict.MATCH

    provider.compare = change
    with pytest.raises(Conflict, match="已经更改"):
        verify(clerk, supporter_id)
    assert rows(IdentityCheck) == []


def test_nobody_else_may_consent_or_compare(provider, applicant, clerk):
    person, supporter_id = applicant
    stranger = people.supporter("individual")
    elsewhere = people.staff("county_staff", "350429")
    for other in (stranger, elsewhere):
        with pytest.raises(NotFound):
            act(other, identity_checks.consent, supporter_id)
        with pytest.raises(NotFound):
            verify(other, supporter_id)
    act(person, identity_checks.consent, supporter_id)
    with pytest.raises(NotFound):
        verify(person, supporter_id)
    with pytest.raises(NotFound):
        act(person, identity_checks.record, supporter_id, document="id_card", verdict="match")
    # Staff do not give a consent in the person's name online.
    with pytest.raises(Invalid):
        act(clerk, identity_checks.consent, supporter_id, method="online")


def test_the_pages_go_from_consent_to_result(app, client_as, applicant, provider):
    person, supporter_id = applicant
    own, desk = client_as(person), client_as("county_staff", "350421")
    with app.app_context():
        applicants.send(
            own, f"/me/identity/{supporter_id}/consent", page=f"/me/identity/{supporter_id}"
        )
    url = f"/desk/vetting/{supporter_id}/identity"
    with app.app_context():
        assert "核验姓名与身份证号" in desk.get(url).text
        applicants.send(desk, url + "/verify", page=url)
        page = desk.get(url).text
    assert "姓名与身份证号一致" in page
    assert applicants.row(supporter_id, "id_no") not in page
