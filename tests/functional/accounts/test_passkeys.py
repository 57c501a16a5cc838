"""A passkey counts for its site, its challenge, its owner and its own count, and for no other."""

import json

import pytest
from webauthn.helpers import bytes_to_base64url

from portal.core import unit_of_work
from portal.domain.errors import Invalid
from portal.services import account_passkeys
from portal.services.account_passkeys import ADD, FACTOR, PROOF, SIGN_IN, Answer, Site
from tests.factories import people
from tests.factories.passkeys import SoftKey

SITE = Site("微光", "https://weiguang.example.org")
HERE = "192.0.2.7"


@pytest.fixture
def owner(app):
    with app.app_context():
        yield people.supporter("individual")


@pytest.fixture
def key(owner):
    """A passkey of the owner's, set up as a browser does."""
    soft = SoftKey(SITE.id, SITE.origin)
    with unit_of_work.transaction(people.everything()):
        challenge, options = account_passkeys.ask_to_add(owner, SITE)
    with unit_of_work.transaction(people.everything()):
        assert account_passkeys.add(owner, SITE, Answer(challenge, soft.register(options)))
    return soft


def asked(user_id=None, purpose=SIGN_IN):
    with unit_of_work.transaction(people.everything()):
        return account_passkeys.ask_to_sign(user_id, purpose, SITE)


def accept(challenge, credential, user_id=None, purpose=SIGN_IN, site=SITE):
    with unit_of_work.transaction(people.everything()):
        answer = Answer(challenge, credential)
        return account_passkeys.accept(user_id, purpose, site, answer, address=HERE)


def refused(*args, **kwargs):
    with pytest.raises(Invalid, match="通行密钥没有通过"):
        accept(*args, **kwargs)
    return True


def test_its_owner_is_known_by_it(owner, key):
    challenge, options = asked()
    assert accept(challenge, key.sign(options)) == owner.user_id


def test_a_challenge_is_answered_once(key):
    challenge, options = asked()
    accept(challenge, key.sign(options))
    assert refused(challenge, key.sign(options))


def test_a_refused_answer_does_not_give_the_challenge_back(key):
    challenge, options = asked()
    assert refused(challenge, "{}")
    assert refused(challenge, key.sign(options))


def test_a_challenge_lives_five_minutes(key, clock):
    challenge, options = asked()
    clock.advance(minutes=5, seconds=1)
    assert refused(challenge, key.sign(options))


def test_an_answer_to_another_challenge_is_none(key):
    challenge, _ = asked()
    _, other = asked()
    assert refused(challenge, key.sign(other))


@pytest.mark.parametrize("origin", ["https://weiguang.example.com", "http://weiguang.example.org"])
def test_an_answer_given_to_another_site_is_none(key, origin):
    key.origin = origin
    challenge, options = asked()
    assert refused(challenge, key.sign(options))


def test_a_key_of_another_host_is_none(key):
    key.host = "example.org"
    challenge, options = asked()
    assert refused(challenge, key.sign(options))


def test_a_count_that_does_not_go_on_betrays_a_copy(key):
    for _ in range(2):
        challenge, options = asked()
        accept(challenge, key.sign(options))
    key.count = 1
    challenge, options = asked()
    assert refused(challenge, key.sign(options))
    challenge, options = asked()
    assert accept(challenge, key.sign(options))


def test_a_key_that_never_counts_is_taken(key):
    """Passkeys that are kept in several devices always say nought."""
    for _ in range(2):
        key.count = -1
        challenge, options = asked()
        assert accept(challenge, key.sign(options))


def test_without_the_password_its_owner_must_have_unlocked_it(owner, key):
    key.verified = False
    challenge, options = asked()
    assert refused(challenge, key.sign(options))
    challenge, options = asked(owner.user_id, FACTOR)
    assert accept(challenge, key.sign(options), owner.user_id, FACTOR) == owner.user_id


def test_a_challenge_is_for_one_purpose(owner, key):
    challenge, options = asked(owner.user_id, FACTOR)
    assert refused(challenge, key.sign(options), owner.user_id, PROOF)
    challenge, options = asked(owner.user_id, ADD)
    assert refused(challenge, key.sign(options), owner.user_id, PROOF)


def test_somebody_elses_key_and_challenge_prove_nothing(owner, key):
    other = people.supporter("individual")
    challenge, options = asked(other.user_id, PROOF)
    assert refused(challenge, key.sign(options), other.user_id, PROOF)
    challenge, options = asked(owner.user_id, PROOF)
    assert refused(challenge, key.sign(options), other.user_id, PROOF)


def test_a_stranger_who_knows_the_name_of_a_key_cannot_sign(key):
    stranger = SoftKey(SITE.id, SITE.origin, count=40, id=key.id)
    challenge, options = asked()
    assert refused(challenge, stranger.sign(options))


def test_what_is_no_answer_is_refused_in_one_sentence(key):
    name = bytes_to_base64url(key.id)
    for text in ("", "null", "[]", json.dumps({"id": name}), json.dumps({"id": name, "rawId": 3})):
        challenge, _ = asked()
        assert refused(challenge, text)
