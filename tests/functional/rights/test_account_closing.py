"""Who never became a supporter deletes the account alone; a published name goes on the spot."""

import pytest

from portal.domain.errors import Invalid, WrongState
from portal.models.accounts import User, UserSession
from portal.models.pool import PublicityConsent
from portal.models.records import Message
from portal.models.rights import RightsRequest, Tombstone
from portal.services import account_closing, honours, rights
from tests.factories import people
from tests.functional.rights.guide import do, inside, read, rows_of, send, staff


def account():
    with inside():
        return people.account("林小满")


def test_an_empty_account_is_gone_at_once_with_a_last_mail():
    one = account()
    do(one, account_closing.close)
    assert read(User, one.user_id, "name", "email") == (
        "",
        f"erased-{one.user_id.hex}@erased.invalid",
    )
    assert rows_of(UserSession, UserSession.user_id == one.user_id) == []
    [mail] = rows_of(Message, Message.template == "account_closed")
    assert mail.recipient == one.email
    assert [(stone.kind, stone.row_id) for stone in rows_of(Tombstone)] == [
        ("account", one.user_id)
    ]


@pytest.mark.parametrize("who", ["supporter", "staff", "former staff"])
def test_what_hangs_on_an_account_keeps_it(who, clock):
    with inside():
        one = people.supporter("individual") if who == "supporter" else staff("county_staff")
    if who == "former staff":
        from dataclasses import replace

        one = replace(one, grants=())
    with pytest.raises(WrongState, match="我的权利"):
        do(one, account_closing.close)
    assert read(User, one.user_id, "disabled_at") is None


def test_the_page_asks_for_a_proof_and_then_signs_out(app, client_as):
    browser = client_as("newcomer")
    assert "删除账号" in browser.get("/me/rights").text
    asked = send(browser, "/me/rights/account/close", {}, page="/me/rights")
    assert asked.status_code == 303
    assert "/confirm" in asked.location
    assert read(User, browser.actor.user_id, "disabled_at") is None
    with app.app_context():
        people.prove(browser, "account.close")
    done = send(browser, "/me/rights/account/close", {}, page="/me/rights")
    assert (done.status_code, done.location) == (303, "/")
    assert browser.get("/me/rights").status_code == 303
    assert read(User, browser.actor.user_id, "disabled_at") is not None


def test_a_published_name_is_taken_back_on_the_spot():
    with inside():
        one = people.supporter("individual")
    own = one.supporter_ids[0]
    do(one, honours.give_publicity, own)
    asked = do(one, rights.ask, own, kind="withdraw", field="publicity")
    [consent] = rows_of(PublicityConsent)
    assert consent.withdrawn_at is not None
    status, answered = read(RightsRequest, asked, "status", "answered_at")
    assert (status, answered is not None) == ("granted", True)
    again = do(one, rights.ask, own, kind="withdraw")
    assert read(RightsRequest, again, "status") == "received"
    with pytest.raises(Invalid):
        do(one, rights.ask, own, kind="withdraw", field="photo")
