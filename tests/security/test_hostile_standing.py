"""What a second hostile tester got away with once: rights, standings and links of issue 3."""

import pytest

from portal.domain.errors import NotAllowed, NotFound, WrongState
from portal.services import complaints, honours, identity_checks, rights, ties, vetting
from tests.factories import giving, people, promises
from tests.factories.applicants import send, with_password
from tests.functional.accounts.test_second_factor import password_step, set_up
from tests.functional.authorities.test_delegations import grant_of, hand
from tests.functional.rights import guide
from tests.functional.rights.guide import LAST_FOUR, enter, linked
from tests.functional.standing import stage
from tests.functional.standing.stage import do
from tests.functional.standing.test_members import joined


@pytest.fixture(autouse=True)
def standing(clock, app):
    return clock


@pytest.fixture
def on(app):
    with app.app_context():
        yield


@pytest.mark.parametrize(("role", "unit"), [("county_staff", "350421"), ("city_staff", "350400")])
def test_an_administrator_takes_nobodys_role_for_a_leave(on, role, unit):
    """Nobody grants themselves a role; handing a clerk's to oneself would be the same."""
    holder, admin = people.staff(role, unit), people.staff("platform_admin", unit)
    with pytest.raises(NotAllowed, match="自己"):
        hand(admin, grant_of(holder), admin)
    other = people.staff(role, unit)
    assert hand(admin, grant_of(holder), other)


def test_the_administrators_form_does_not_offer_them_either(app, client_as):
    with app.app_context():
        holder = people.staff("county_staff", "350421")
        grant = grant_of(holder)
        colleague = people.staff("county_staff", "350421")
    admin = client_as("platform_admin", "350421")
    page = admin.get(f"/admin/grants/{grant}/delegate").text
    assert str(colleague.user_id) in page
    assert str(admin.actor.user_id) not in page


def test_suspending_first_does_not_spare_the_second_key(on):
    """A clerk who suspended before the complaint came in does not give the standing back alone."""
    first, second, third = stage.clerk(), stage.clerk(), stage.clerk()
    _, supporter = stage.admitted(first)
    do(vetting.suspend, first, supporter, reason="有人来电反映")
    found = do(complaints.record, first, supporter, kind="conduct", words="言行不当")
    do(complaints.dismiss, second, found, finding="查无此事")
    for hand_of in (first, second):
        with pytest.raises(NotAllowed, match="没有经手"):
            do(vetting.reinstate, hand_of, supporter, reason="查清了")
    do(vetting.reinstate, third, supporter, reason="查清了")
    assert stage.state(supporter) == "approved"


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_who_only_helps_an_organisation_neither_takes_its_data_nor_ends_it(app, client_as, role):
    with app.app_context():
        firm = people.supporter("enterprise")
        helper, _ = joined((firm, firm.supporter_ids[0]), role)
        for kind in ("copy", "erase"):
            with pytest.raises(NotAllowed):
                do(rights.ask, helper, firm.supporter_ids[0], kind=kind)
        assert do(rights.ask, firm, firm.supporter_ids[0], kind="erase")
    client = client_as(helper)
    answer = send(client, f"/me/rights/{firm.supporter_ids[0]}/copy", page="/password")
    assert answer.status_code == 403
    assert "下载我的资料" not in client.get("/me/rights").text


def test_a_lost_paper_is_not_guessed_in_thirty_days(app, clock, client, monkeypatch):
    """Five in a quarter of an hour alone would be fourteen thousand tries in a paper's life."""
    monkeypatch.setattr(guide, "apps", [app])
    link = linked()
    for guess in range(10):
        assert enter(client, link.token, f"00{guess:02d}").status_code == 422
        clock.advance(minutes=4)
    clock.advance(hours=2)
    assert enter(client, link.token, LAST_FOUR).status_code == 429
    clock.advance(hours=23)
    assert enter(client, link.token, LAST_FOUR).status_code == 303


def test_a_password_alone_adds_no_key_to_one_that_was_set_up_meanwhile(app):
    """Who knows a new clerk's password waits on the set-up page until the clerk has set up."""
    with app.app_context():
        clerk = with_password(people.account("clerk"))
        people.also(clerk, "county_staff", "350421")
    thief, owner = app.test_client(), app.test_client()
    password_step(thief, clerk)
    assert thief.get("/account/factors/add").status_code == 200
    password_step(owner, clerk)
    assert set_up(owner, clerk).status_code == 200
    assert thief.get("/account/factors/add").location.startswith("/login")
    answer = send(thief, "/account/factors/generator", page="/login")
    assert answer.location.startswith("/login")


def test_who_is_suspended_gives_nothing_meanwhile(on):
    """What was listed before a complaint is not taken for a child after it."""
    county, firm = stage.clerk(), giving.named(people.supporter("enterprise"), "向阳灯具")
    offer = giving.listed(firm, county)
    [wish] = promises.hung()
    do(complaints.record, county, firm.supporter_ids[0], kind="conduct", words="言行不当")
    with pytest.raises(WrongState, match="资格"):
        giving.book(county, offer, wish.wish_id, 1)


def test_who_declared_a_tie_does_not_confirm_the_identity(on):
    """Recording a document seen is a step of admitting, too."""
    first, kin = stage.clerk(), stage.clerk()
    person, supporter = stage.admitted(first)
    do(identity_checks.consent, person, supporter)
    do(ties.declare, kin, supporter, kind="relative")
    seen = {"document": "id_card", "verdict": "match"}
    with pytest.raises(NotAllowed, match="利害关系"):
        do(identity_checks.record, kin, supporter, **seen)
    assert do(identity_checks.record, first, supporter, **seen)


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_the_name_of_an_organisation_is_its_contacts_to_publish(on, role):
    firm = people.supporter("enterprise")
    helper, _ = joined((firm, firm.supporter_ids[0]), role)
    for verb in (honours.give_publicity, honours.withdraw_publicity):
        with pytest.raises(NotFound):
            do(verb, helper, firm.supporter_ids[0])
    assert do(honours.give_publicity, firm, firm.supporter_ids[0])
