"""A code, a recovery code and a challenge are used once, however many show them at one instant."""

import pytest

from portal.core import unit_of_work
from tests.factories import people
from tests.factories.applicants import PASSWORD, csrf, send, with_password
from tests.factories.factors import code
from tests.race.test_accounts import at_once

MANY = 4


@pytest.fixture
def clerk(app):
    with app.app_context():
        return with_password(people.staff("county_staff"))


def halves(app, clerk):
    """Return browsers of one clerk, each between the password and the code."""
    clients = [app.test_client() for _ in range(MANY)]
    for client in clients:
        send(client, "/login", {"email": clerk.email, "password": PASSWORD})
    return [(client, csrf(client, "/login/code")) for client in clients]


def show(app, clerk, otp):
    """Show one code from every browser at once; return the answers' statuses."""

    def prepare(client, token):
        data = {"csrf_token": token, "otp": otp}
        return lambda: client.post("/login/code", data=data).status_code

    return sorted(at_once([prepare(*half) for half in halves(app, clerk)]))


def test_one_code_opens_one_session(app, clerk):
    assert show(app, clerk, code()) == [303] + [422] * (MANY - 1)


def test_one_recovery_code_opens_one_session(app, clerk, client_as):
    from tests.functional.accounts.test_second_factor import recovery_codes

    codes = recovery_codes(people.prove(client_as(clerk), "keys.change"))
    assert show(app, clerk, codes[0]) == [303] + [422] * (MANY - 1)


def test_a_challenge_is_taken_once(app, clerk):
    from portal.domain.errors import Invalid
    from portal.services import account_passkeys

    site = account_passkeys.Site("微光", "https://example.org")
    with app.app_context(), unit_of_work.transaction(people.everything()):
        challenge, _ = account_passkeys.ask_to_sign(None, account_passkeys.SIGN_IN, site)

    def take():
        with app.app_context():
            try:
                account_passkeys._take(challenge, account_passkeys.SIGN_IN, None)
            except Invalid:
                return False
            return True

    assert sorted(at_once([take] * MANY)) == [False] * (MANY - 1) + [True]
