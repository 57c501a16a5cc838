"""The way back of a supporter who lost every factor: asked at the desk, a day to say no."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.factor_resets import FactorReset
from portal.models.records import Fact, Message
from portal.queries import factors
from portal.services import factor_returns
from tests.factories import people
from tests.factories.applicants import PASSWORD, send, with_password
from tests.factories.factors import with_generator

REASON = {"reason": "本人带身份证到窗口，照片相符"}


@pytest.fixture
def supporter(app):
    """A person at 明溪县 with an authenticator that is lost."""
    with app.app_context():
        return with_generator(with_password(people.supporter("individual")))


def path(supporter):
    return f"/desk/vetting/{supporter.supporter_ids[0]}/logins"


def ask(clerk, supporter, data=REASON, proven=True):
    where = f"{path(supporter)}/{supporter.user_id}/reset"
    if proven:
        people.prove(
            clerk, "factors.return", f"{supporter.supporter_ids[0]}:{supporter.user_id}"
        )  # fmt: skip
    return send(clerk, where, data, page=path(supporter))


def rows(app, statement):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.execute(statement).all()


def outcome(app):
    return [row.outcome for row in rows(app, select(FactorReset.outcome))]


def let_pass(app, clock, **span):
    clock.advance(**span)
    with app.app_context(), unit_of_work.transaction(people.everything()):
        return factor_returns.carry_out_due()


def has_factor(app, person):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return factors.has_any(person.user_id)


def kinds(app, *wanted):
    found = rows(app, select(Fact.kind).where(Fact.kind.in_(wanted)).order_by(Fact.id))
    return [row.kind for row in found]


def mailed_link(app):
    found = rows(app, select(Message.context).where(Message.template == "keep_factors"))
    (context,) = [row.context for row in found]
    return re.search(r"/factors/keep/[\w-]+", context)[0]


def test_a_day_after_the_desk_asked_the_password_alone_opens(app, client_as, supporter, clock):
    clerk, theirs = client_as("county_staff", "350421"), client_as(supporter)
    assert "重置登录验证" in clerk.get(path(supporter)).text
    ask(clerk, supporter)
    assert "已写信告诉本人" in clerk.get(path(supporter)).text
    assert let_pass(app, clock, hours=23, minutes=59) == 0
    assert has_factor(app, supporter)
    assert theirs.get("/me").status_code == 200
    assert let_pass(app, clock, minutes=2) == 1
    assert not has_factor(app, supporter)
    assert theirs.get("/me").status_code == 303
    answer = send(app.test_client(), "/login", {"email": supporter.email, "password": PASSWORD})
    assert answer.location == "/me"
    assert kinds(app, "supporter.factors_ask", "supporter.factors_reset") == [
        "supporter.factors_ask",
        "supporter.factors_reset",
    ]
    told = rows(app, select(Message.template).where(Message.user_id == supporter.user_id))
    assert {"keep_factors", "factors_reset"} <= {row.template for row in told}
    assert let_pass(app, clock, hours=24) == 0


def test_without_a_fresh_proof_for_this_login_nothing_is_asked(app, client_as, supporter):
    clerk = client_as("county_staff", "350421")
    answer = ask(clerk, supporter, proven=False)
    assert answer.location.startswith("/confirm?act=factors.return")
    people.prove(clerk, "factors.return", supporter.supporter_ids[0])
    assert ask(clerk, supporter, proven=False).location.startswith("/confirm")
    assert outcome(app) == []


def test_without_a_reason_nothing_is_asked(app, client_as, supporter):
    ask(client_as("county_staff", "350421"), supporter, {"reason": "是他"})
    assert outcome(app) == []


def test_the_mailed_link_stops_it(app, client_as, supporter, clock):
    ask(client_as("county_staff", "350421"), supporter)
    link, visitor = mailed_link(app), app.test_client()
    assert "不要重置" in visitor.get(link).text
    assert outcome(app) == [""]
    assert send(visitor, link, page=link).location == "/login"
    assert outcome(app) == ["kept"]
    assert let_pass(app, clock, hours=25) == 0
    assert has_factor(app, supporter)
    assert visitor.get(link).status_code == 404
    assert kinds(app, "supporter.factors_keep") == ["supporter.factors_keep"]


def test_the_link_lives_as_long_as_there_is_something_to_stop(app, client_as, supporter, clock):
    ask(client_as("county_staff", "350421"), supporter)
    clock.advance(hours=23, minutes=59)
    assert app.test_client().get(mailed_link(app)).status_code == 200
    clock.advance(minutes=2)
    assert app.test_client().get(mailed_link(app)).status_code == 404


def test_whoever_is_signed_in_stops_it_on_the_security_page(app, client_as, supporter, clock):
    theirs, other = client_as(supporter), client_as("individual")
    ask(client_as("county_staff", "350421"), supporter)
    assert send(other, "/account/factors/keep", page="/password").status_code == 404
    assert "重置您的登录验证" in theirs.get("/account/security").text
    send(theirs, "/account/factors/keep", page="/account/security")
    assert outcome(app) == ["kept"]
    assert "重置您的登录验证" not in theirs.get("/account/security").text
    ask(client_as("county_staff", "350421"), supporter)
    assert sorted(outcome(app)) == ["", "kept"]


def test_it_waits_once(app, client_as, supporter):
    clerk = client_as("county_staff", "350421")
    ask(clerk, supporter)
    ask(clerk, supporter)
    assert outcome(app) == [""]


def test_a_supporter_without_a_factor_has_nothing_to_reset(app, client_as):
    with app.app_context():
        plain = people.supporter("individual")
    ask(client_as("county_staff", "350421"), plain)
    assert outcome(app) == []


def test_staff_are_left_to_their_administrator(app, client_as, supporter):
    with app.app_context():
        people.also(supporter, "county_staff", "350421")
    assert ask(client_as("county_staff", "350421"), supporter).status_code == 403
    assert outcome(app) == []


def test_who_became_staff_meanwhile_keeps_their_factors(app, client_as, supporter, clock):
    ask(client_as("county_staff", "350421"), supporter)
    with app.app_context():
        people.also(supporter, "county_staff", "350421")
    assert let_pass(app, clock, hours=25) == 0
    assert outcome(app) == ["void"]
    assert has_factor(app, supporter)


def test_another_county_and_another_supporters_login_are_out_of_reach(app, client_as, supporter):
    elsewhere = client_as("county_staff", "320681")
    assert elsewhere.get(path(supporter)).status_code == 404
    where = f"{path(supporter)}/{supporter.user_id}/reset"
    thing = f"{supporter.supporter_ids[0]}:{supporter.user_id}"
    people.prove(elsewhere, "factors.return", thing)
    assert send(elsewhere, where, REASON, page="/desk").status_code == 404
    with app.app_context():
        other = with_generator(people.supporter("individual"))
    clerk = client_as("county_staff", "350421")
    crossed = f"{supporter.supporter_ids[0]}:{other.user_id}"
    people.prove(clerk, "factors.return", crossed)
    where = f"{path(supporter)}/{other.user_id}/reset"
    assert send(clerk, where, REASON, page="/desk").status_code == 404
    assert outcome(app) == []


def test_a_day_is_twenty_four_hours():
    assert timedelta(days=1) == factor_returns.WAIT


@pytest.mark.sqlite
def test_where_nothing_is_set_up_the_page_says_so_and_offers_no_reset(app, client_as):
    with app.app_context():
        plain = people.supporter("individual")
    page = client_as("county_staff", "350421").get(path(plain)).text
    assert "没有设置第二种验证方式" in page
    assert "没有可以重置的" in page
    assert f"{plain.user_id}/reset" not in page
