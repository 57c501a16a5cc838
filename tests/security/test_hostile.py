"""What a hostile tester got away with once: each test walks one way that stood open."""

import io

import openpyxl
import pytest
from sqlalchemy import select, update

from portal.core import unit_of_work
from portal.core.passwords import hashed
from portal.domain.errors import Invalid, NotAllowed
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import Message
from portal.models.wishes import Commitment, Wish
from portal.services import commitments, returns, wish_review, wishes
from tests.factories import people, promises
from tests.factories import wishes as wish_rows
from tests.factories.applicants import PASSWORD, send
from tests.functional.test_ledger import SAMPLE, upload

MINGXI = "/35/3504/350421/"
VILLAGE, TOWNSHIP = "350421100202", "350421100"


@pytest.fixture(autouse=True)
def standing(clock):
    return clock


@pytest.fixture
def on(app):
    with app.app_context():
        yield


def grant(somebody, role, unit):
    """Give one more role to a person who has one."""
    other = people.staff(role, unit)
    with unit_of_work.transaction(people.everything()):
        db.session.execute(
            update(people.RoleGrant)
            .where(people.RoleGrant.user_id == other.user_id)
            .values(user_id=somebody.user_id)
        )
    return people.actors.by_user(somebody.user_id)


def test_a_role_does_not_fall_to_whoever_opened_the_account_first(app, client_as):
    """A stranger registers a clerk's address with an own password before the clerk is invited."""
    with app.app_context():
        squatter = people.account("clerk", verified=False)
        with unit_of_work.transaction(people.everything()):
            user = db.session.get(User, squatter.user_id)
            user.password_hash = hashed(PASSWORD)
    theirs = client_as(squatter)
    admin = client_as("platform_admin", "350400")
    data = {"role": "county_staff", "unit_path": MINGXI, "name": "新同事", "email": squatter.email}
    people.prove(admin, "grant.change")
    sent = send(admin, "/admin/people/add", data, page="/password")
    assert sent.location == f"/admin/people/{squatter.user_id}"
    again = app.test_client()
    answer = send(again, "/login", {"email": squatter.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert theirs.get("/desk/wishes").status_code == 303
    with app.app_context(), unit_of_work.reading(people.everything()):
        letters = db.session.scalars(select(Message.template)).all()
    assert "invite" in letters


@pytest.mark.parametrize("step", ["screen", "approve"])
def test_who_changed_the_words_does_not_pass_them(on, step):
    """Director and supervisor in one person: the draft is a colleague's, the words are theirs."""
    drafter = people.staff("child_director", VILLAGE)
    both = grant(people.staff("child_director", VILLAGE), "child_supervisor", TOWNSHIP)
    both = grant(both, "county_staff", "350421")
    wish_rows.crowd(12, 10)
    child = wish_rows.child(10)
    wish = wish_rows.wish(child, wish_rows.window(), status="draft", drafted_by=drafter.user_id)
    words = wishes.WishInput(
        item_code="XX01", own_words="想要一盏台灯看书", quantity=1, est_cost_fen=12800
    )
    with promises.as_actor(both):
        wishes.edit(both, wish, words)
        wish_review.submit(both, wish)
    if step == "approve":
        other = people.staff("child_supervisor", TOWNSHIP)
        with promises.as_actor(other):
            wish_review.screen(other, wish)
    with pytest.raises(NotAllowed), promises.as_actor(both):
        wish_review.act(both, wish, step)


@pytest.mark.parametrize("move", ["decline", "fail"])
def test_a_reason_that_a_supporter_reads_names_no_child(on, move):
    crew, helper = promises.staff(), people.supporter("individual")
    [card] = promises.hung(name="王小明")
    promise = promises.claimed(helper, card.code)
    for text in ("王小明已经转学了", "城西村的孩子已经收到别人送的了"):
        with pytest.raises(Invalid), promises.as_actor(crew.county):
            returns.end(crew.county, db.session.get(Commitment, promise), move, text)


def test_a_handover_point_names_no_child(on):
    crew, helper = promises.staff(), people.supporter("individual")
    [card] = promises.hung(name="王小明")
    promise = promises.claimed(helper, card.code)
    with pytest.raises(Invalid), promises.as_actor(crew.county):
        commitments.approve(crew.county, promise, handover_point="王小明家隔壁的小店")


def test_the_city_reads_a_guardian_masked_and_a_supporter_too(app, on, client_as):
    wish_rows.crowd(12, 10)
    helper = people.supporter("individual")
    [card] = promises.hung()
    promises.claimed(helper, card.code)
    page = client_as("city_staff").get(f"/desk/wishes/{card.wish_id}").text
    with unit_of_work.reading(people.everything()):
        consent = db.session.get(Wish, card.wish_id).consent_id
        given_by = db.session.get(wish_rows.Consent, consent).given_by
    assert given_by not in page
    assert helper.name not in page


def test_the_rejects_of_a_county_are_not_for_who_reads_masks(app, client_as):
    clerk = client_as("county_staff", "350421")
    where = upload(clerk, SAMPLE).location
    city = client_as("city_staff")
    assert city.get(where).status_code == 200
    assert city.get(f"{where}/rejects.xlsx").status_code == 403
    own = clerk.get(f"{where}/rejects.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(own.data)).active.max_row > 3


def test_a_second_role_elsewhere_opens_no_file(app, on, client_as):
    """Administrator of a county, director of one village: the files of the others stay shut."""
    both = grant(people.staff("platform_admin", "350421"), "child_director", "350421101211")
    wish_rows.crowd(12, 10)
    child = wish_rows.child(10)
    wish = wish_rows.wish(child, wish_rows.window(), status="approved")
    client = client_as(both)
    assert client.get(f"/children/{child.id}").status_code == 404
    assert client.get(f"/desk/wishes/{wish}").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/children?after=a|b",
        "/desk/archive/99999999999999999999.xlsx",
        "/audit?since=0001-01-01",
        "/desk/certificates?offset=99999999999999999999",
        "/desk/vetting?after=0001-01-01T00:00:00%2B23:00~00000000-0000-0000-0000-000000000000",
    ],
)
def test_an_address_made_up_is_no_fault_of_ours(client_as, url):
    assert client_as("county_staff", "350421").get(url).status_code in (200, 404)


def test_a_made_up_id_among_several_is_no_fault_of_ours(client_as):
    client = client_as("county_staff", "350421")
    answer = send(client, "/desk/wishes", {"ids": "zz", "transition": "approve"}, page="/password")
    assert answer.status_code == 404
