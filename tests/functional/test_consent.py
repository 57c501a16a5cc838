"""A guardian's no holds whatever sheet it was written on (L03)."""

import pytest

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Invalid, WrongState
from portal.extensions import db
from portal.models.children import Consent
from portal.models.wishes import Wish
from portal.services import publication, wish_review, wishes
from portal.services.wishes import ConsentInput, WishInput
from tests.factories import people
from tests.factories import wishes as make

LAMP = WishInput(item_code="XX01", own_words="想要一盏台灯，晚上写作业", est_cost_fen=12_800)


@pytest.fixture
def director(app, clock):
    with app.app_context():
        yield people.staff("child_director", make.VILLAGE)


def do(actor, act, *args):
    with unit_of_work.transaction(scope.of(actor)):
        row = act(actor, *args)
        return getattr(row, "id", row)


def consented(director, child):
    given = ConsentInput("written", portal_clock.today(), guardian_id=child.guardian_id)
    return do(director, wishes.record_consent, child.id, given)


def read(model, row_id, name):
    with unit_of_work.reading(people.everything()):
        return getattr(db.session.get(model, row_id), name)


def taken_back(consent_id):
    """Take one sheet back behind the service's back, as a race would."""
    with unit_of_work.transaction(people.everything()):
        db.session.get(Consent, consent_id).withdrawn_at = portal_clock.now()


def test_taking_consent_back_ends_every_sheet_and_every_wish(director):
    child = make.child(10)
    first = consented(director, child)
    wish_id = do(director, wishes.draft, child.id, make.window(), LAMP)
    do(director, wish_review.submit, wish_id)
    second = consented(director, child)
    do(director, wish_review.withdraw_consent, second)
    assert read(Consent, first, "withdrawn_at") is not None
    assert read(Wish, wish_id, "status") == "withdrawn"
    later = make.window(occasion="school_start")
    anew = do(director, wishes.draft, child.id, later, LAMP)
    assert read(Wish, anew, "consent_id") is None
    with pytest.raises(Invalid, match="监护人同意"):
        do(director, wish_review.submit, anew)


def test_a_sibling_keeps_their_consent(director):
    child, other = make.child(10), make.child(9)
    kept = consented(director, other)
    do(director, wish_review.withdraw_consent, consented(director, child))
    assert read(Consent, kept, "withdrawn_at") is None


def test_nothing_is_handed_in_on_a_consent_that_was_taken_back(director):
    child = make.child(10)
    consent_id = consented(director, child)
    wish_id = do(director, wishes.draft, child.id, make.window(), LAMP)
    taken_back(consent_id)
    with pytest.raises(WrongState, match="撤回同意"):
        do(director, wish_review.submit, wish_id)


def test_nothing_is_published_on_a_consent_that_was_taken_back(director):
    make.crowd(10, 10)
    window = make.window()
    ids = [make.wish(make.child(10), window) for _ in range(4)]
    taken_back(read(Wish, ids[0], "consent_id"))
    result = do(people.staff("county_staff", "350421"), publication.release, window)
    assert result.published == 3
    assert read(Wish, ids[0], "status") == "approved"
