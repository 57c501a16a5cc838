"""Codes by SMS: confirming a number, signing in with it, and what a stranger can learn or do."""

from __future__ import annotations

import contextvars
import threading
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from portal import gateways
from portal.core import scope, unit_of_work
from portal.domain.errors import Invalid, TooMany
from portal.extensions import db
from portal.gateways import Gateways
from portal.gateways.http import Refused
from portal.gateways.identity import ManualIdentity
from portal.gateways.sms import MemorySms
from portal.models.accounts import User
from portal.models.records import Fact, Job, Message
from portal.models.sign_in_ways import ConfirmedPhone, PhoneCode
from portal.services import phone_codes
from tests.factories import people
from tests.factories.applicants import send

NUMBER, OTHER = "12042100001", "12042100002"
HERE = "203.0.113.7"


@pytest.fixture
def box():
    """The SMS that left."""
    before = gateways.installed()
    sender = MemorySms()
    gateways.install(Gateways(sms=sender, wechat=None, identity=ManualIdentity()))
    yield sender.sent
    gateways.install(before)


def deliver(app):
    """Run the jobs that send codes, as the worker does."""
    from portal.jobs import runner

    with app.app_context():
        with unit_of_work.reading(people.everything()):
            owed = db.session.scalars(
                select(Job.id).where(Job.kind == "phone_code", Job.status == "queued")
            ).all()
        for job_id in owed:
            assert runner.run(job_id)


def ask(number=NUMBER, address=HERE):
    with unit_of_work.transaction(scope.NOTHING):
        return phone_codes.ask_to_sign_in(phone=number, address=address, allow_fictitious=True)


def ask_own(actor, number=NUMBER):
    with unit_of_work.transaction(scope.of(actor)):
        return phone_codes.ask_to_confirm(actor, phone=number, address=HERE, allow_fictitious=True)


def confirmed(app, box, clock, actor, number=NUMBER):
    """Confirm a number for a person; a minute passes."""
    code_id = ask_own(actor, number)
    deliver(app)
    with unit_of_work.transaction(scope.of(actor)):
        phone_codes.confirm(actor, code_id=code_id, code=box[-1][1], address=HERE)
    clock.advance(minutes=1, seconds=1)
    box.clear()


@pytest.fixture
def holder(app, box, clock):
    """A supporter whose number is confirmed."""
    with app.app_context():
        actor = people.supporter("individual")
        confirmed(app, box, clock, actor)
        yield actor


def test_a_number_is_confirmed_and_then_opens_the_account(app, box, clock, holder):
    browser = app.test_client()
    answer = send(browser, "/login/phone", {"phone": "120 4210 0001"})
    assert (answer.status_code, answer.location) == (303, "/login/phone/code")
    deliver(app)
    [(number, code)] = box
    assert (number, len(code), code.isdecimal()) == (NUMBER, 6, True)
    answer = send(browser, "/login/phone/code", {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert browser.get("/me").status_code == 200
    with unit_of_work.reading(people.everything()):
        kinds = db.session.scalars(
            select(Fact.kind).where(Fact.actor_id == holder.user_id).order_by(Fact.id)
        ).all()
    assert kinds[-2:] == ["account.phone_confirmed", "account.sign_in"]


def test_known_and_unknown_numbers_get_one_answer_and_leave_the_same_rows(app, box, holder):
    answers = []
    for number in (NUMBER, OTHER):
        browser = app.test_client()
        # A context of its own: two browsers share no token.
        with app.app_context():
            answer = send(browser, "/login/phone", {"phone": number})
            page = browser.get(answer.location).text
            wrong = send(browser, "/login/phone/code", {"code": "000000"})
        answers.append((answer.status_code, answer.location, len(page), wrong.status_code))
        with unit_of_work.reading(people.everything()):
            answers[-1] += (
                db.session.scalar(select(func.count(PhoneCode.id))),
                db.session.scalar(select(func.count(Job.id)).where(Job.kind == "phone_code")),
            )
    known, unknown = answers
    assert known[:4] == unknown[:4]
    # One more row and one more job each time, whoever was asked for.
    assert [b - a for a, b in zip(known[4:], unknown[4:], strict=True)] == [1, 1]
    deliver(app)
    assert [number for number, _ in box] == [NUMBER]


def test_a_code_of_an_unknown_number_opens_nothing_even_when_it_is_guessed(app, box, holder):
    code_id = ask(OTHER)
    with pytest.raises(Invalid):
        phone_codes.sign_in(code_id=code_id, code=phone_codes._code(code_id), address=HERE)


@pytest.mark.parametrize(("minutes", "opens"), [(5, False), (4.98, True)])
def test_a_code_lives_five_minutes(app, box, clock, holder, minutes, opens):
    code_id = ask()
    deliver(app)
    clock.advance(minutes=minutes)
    if opens:
        assert phone_codes.sign_in(code_id=code_id, code=box[0][1], address=HERE) == holder.user_id
    else:
        with pytest.raises(Invalid):
            phone_codes.sign_in(code_id=code_id, code=box[0][1], address=HERE)


def test_a_code_works_once(app, box, holder):
    code_id = ask()
    deliver(app)
    assert phone_codes.sign_in(code_id=code_id, code=box[0][1], address=HERE) == holder.user_id
    with pytest.raises(Invalid):
        phone_codes.sign_in(code_id=code_id, code=box[0][1], address=HERE)


def test_five_wrong_tries_end_a_code_and_a_refused_page_forgets_none(app, box, holder):
    browser = app.test_client()
    send(browser, "/login/phone", {"phone": NUMBER})
    deliver(app)
    wrong = "000000" if box[0][1] != "000000" else "111111"
    for _ in range(5):
        assert send(browser, "/login/phone/code", {"code": wrong}).status_code == 422
    assert send(browser, "/login/phone/code", {"code": box[0][1]}).status_code == 422


def test_the_fifth_try_may_still_be_right(app, box, holder):
    code_id = ask()
    deliver(app)
    wrong = "000000" if box[0][1] != "000000" else "111111"
    for _ in range(4):
        with pytest.raises(Invalid):
            phone_codes.sign_in(code_id=code_id, code=wrong, address=HERE)
    assert phone_codes.sign_in(code_id=code_id, code=box[0][1], address=HERE) == holder.user_id


def test_one_code_a_minute_and_ten_a_day_for_a_number(app, box, clock, holder):
    ask(OTHER)
    clock.advance(seconds=59)
    with pytest.raises(TooMany):
        ask(OTHER)
    clock.advance(seconds=2)
    for _ in range(9):
        ask(OTHER, address="198.51.100.9")
        clock.advance(minutes=10)
    with pytest.raises(TooMany):
        ask(OTHER)


def test_an_address_asks_twenty_times_an_hour(app, box, clock):
    with app.app_context():
        for order in range(20):
            ask(f"1204210{order:04d}")
        with pytest.raises(TooMany):
            ask("12042109999")
        ask("12042109999", address="198.51.100.9")


def test_the_code_stands_nowhere_in_the_database(app, box, holder):
    code_id = ask()
    deliver(app)
    code = box[0][1]
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM phone_codes")).mappings().all()
        jobs = connection.execute(text("SELECT args FROM jobs")).scalars().all()
    assert not [value for each in row for value in each.values() if str(value) == code]
    assert code not in str(jobs)
    assert NUMBER not in str([dict(each) for each in row])
    assert UUID(str(code_id))


def test_a_number_goes_to_whoever_proved_it_last_and_the_loser_is_told(app, box, clock, holder):
    newcomer = people.supporter("individual")
    confirmed(app, box, clock, newcomer)
    with unit_of_work.reading(people.everything()):
        rows = db.session.execute(select(ConfirmedPhone.user_id)).scalars().all()
        mail = db.session.execute(
            select(Message.recipient, Message.context).where(Message.template == "phone_lost")
        ).one()
    assert rows == [newcomer.user_id]
    assert mail.recipient == holder.email
    assert NUMBER not in mail.context
    assert "120****0001" in mail.context


def test_a_code_asked_for_by_one_person_confirms_nothing_for_another(app, box, holder):
    stranger = people.supporter("individual")
    code_id = ask_own(holder, OTHER)
    deliver(app)
    with pytest.raises(Invalid):
        phone_codes.confirm(stranger, code_id=code_id, code=box[0][1], address=HERE)


def test_a_sign_in_code_confirms_no_number(app, box, holder):
    code_id = ask()
    deliver(app)
    with pytest.raises(Invalid):
        phone_codes.confirm(holder, code_id=code_id, code=box[0][1], address=HERE)


def test_a_closed_account_is_not_opened(app, box, holder):
    with unit_of_work.transaction(people.everything()):
        user = db.session.get(User, holder.user_id)
        user.disabled_at = user.created_at
    code_id = ask()
    deliver(app)
    assert box == []
    with pytest.raises(Invalid):
        phone_codes.sign_in(code_id=code_id, code=phone_codes._code(code_id), address=HERE)


def test_staff_meet_their_second_factor_after_the_code(app, box, clock):
    with app.app_context():
        clerk = people.staff("county_staff")
        confirmed(app, box, clock, clerk, OTHER)
    browser = app.test_client()
    send(browser, "/login/phone", {"phone": OTHER})
    deliver(app)
    send(browser, "/login/phone/code", {"code": box[0][1]})
    assert browser.get("/desk").status_code == 303


@pytest.mark.parametrize("number", ["0598-2812345", "12345", "", "138001380000"])
def test_what_is_no_mobile_number_is_refused(app, box, number):
    answer = send(app.test_client(), "/login/phone", {"phone": number})
    assert answer.status_code == 422
    assert box == []


def test_a_provider_s_refusal_is_told_to_the_person_whose_number_it_is(app, box, client_as):
    class Refusing:
        def send_code(self, phone, code, minutes):
            raise Refused("这个号码今天收到的短信太多，请明天再试", "isv.DAY_LIMIT_CONTROL")

    gateways.install(Gateways(sms=Refusing(), wechat=None, identity=ManualIdentity()))
    browser = client_as("individual")
    with app.app_context():
        code_id = ask_own(browser.actor)
    deliver(app)
    with browser.session_transaction() as cookie:
        cookie["phone_confirm"] = str(code_id)
    assert "短信没有发出" in browser.get("/account/phone/code").text


def test_without_a_provider_the_pages_say_so(app, box, client):
    gateways.install(Gateways(sms=None, wechat=None, identity=ManualIdentity()))
    assert "没有开通短信登录" in client.get("/login/phone").text
    assert "短信验证码登录" not in client.get("/login").text


def test_codes_are_forgotten_a_day_later(app, box, clock, holder):
    clock.advance(days=1, minutes=4)
    with unit_of_work.transaction(scope.NOTHING):
        assert phone_codes.forget_old() == 1


def test_sixteen_at_once_have_five_tries(app, box, holder):
    code_id = ask()
    deliver(app)
    outcomes = []

    def try_wrong():
        with app.app_context():
            try:
                phone_codes.sign_in(code_id=code_id, code="no", address="198.51.100.1")
            except Exception as error:  # noqa: BLE001 -- counted below, whatever it is
                outcomes.append(type(error).__name__)

    # Each thread stands at the test's moment.
    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(try_wrong,))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 16
    with unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(PhoneCode.tries).where(PhoneCode.id == code_id)) == 5
