"""Two keys and masks on pages: no button that will be refused, no name for who reads masks."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import event

from portal.core import unit_of_work
from portal.domain.errors import Invalid
from portal.extensions import db
from portal.models.wishes import Wish
from portal.queries import archive
from portal.queries import wishes as reading
from portal.services import commitments, wish_review, wishes
from tests.factories import people, promises
from tests.factories import wishes as wish_rows
from tests.security.test_hostile import TOWNSHIP, VILLAGE, grant

WORDS = wishes.WishInput(
    item_code="XX01", own_words="想要一盏台灯看书", quantity=1, est_cost_fen=12800
)


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield


def handed_on(editor):
    """Let somebody other than the drafter change a draft and hand it on."""
    wish_rows.crowd(12, 10)
    child = wish_rows.child(10)
    drafter = people.staff("child_director", VILLAGE)
    wish = wish_rows.wish(child, wish_rows.window(), status="draft", drafted_by=drafter.user_id)
    with promises.as_actor(editor):
        wishes.edit(editor, wish, WORDS)
        wish_review.submit(editor, wish)
    return wish


def offered(actor, wish):
    with promises.as_actor(actor):
        return {one.move.name: one.refusal for one in reading.dossier(actor, wish).offers}


def test_who_changed_the_words_is_shown_why_the_button_is_not_theirs(on):
    both = grant(people.staff("child_director", VILLAGE), "child_supervisor", TOWNSHIP)
    both = grant(both, "county_staff", "350421")
    wish = handed_on(both)
    other = people.staff("child_supervisor", TOWNSHIP)
    assert "两人把关" in offered(both, wish)["screen"]
    assert offered(other, wish)["screen"] == ""
    with promises.as_actor(other):
        wish_review.screen(other, wish)
    assert "两人把关" in offered(both, wish)["approve"]


def test_a_queue_asks_for_no_earlier_hands_row_by_row(on):
    clerk = people.staff("county_staff", "350421")
    window = wish_rows.window()
    for _ in range(3):
        wish_rows.wish(wish_rows.child(10), window, status="screened")
    said = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with promises.as_actor(clerk):
            rows = reading.queue(clerk, ("screened",))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(rows) == 3
    assert not [one for one in said if "FROM facts" in one]


def test_the_city_does_not_read_a_childs_own_words(on, client_as):
    wish = wish_rows.wish(wish_rows.child(10), wish_rows.window(), status="screened")
    with unit_of_work.transaction(people.everything()):
        db.session.get(Wish, wish).own_words = "想要奶奶夸我的台灯"
    assert "想要奶奶夸我的台灯" not in client_as("city_staff").get(f"/desk/wishes/{wish}").text
    city, county = people.staff("city_staff"), people.staff("county_staff", "350421")
    assert said(city, wish) == ("***", "***")
    assert said(county, wish) == ("想要奶奶夸我的台灯", "想要奶奶夸我的台灯")


def said(actor, wish):
    with promises.as_actor(actor):
        found = reading.dossier(actor, wish)
        return "".join(one.text for one in found.own_words), found.own_words_text


def test_the_archive_masks_who_signed_unless_the_reader_knows_the_names(on, client_as):
    crew, helper = promises.staff(), people.supporter("individual")
    [card] = promises.hung()
    promises.led_to("archived", helper, card.code, crew)
    with unit_of_work.transaction(people.everything()):
        db.session.get(Wish, card.wish_id).signed_by = "王大山"
    year = date(2026, 5, 20).year
    for role, shown in (("city_staff", "王**"), ("county_staff", "王大山")):
        reader = people.staff(role)
        with promises.as_actor(reader):
            [row] = archive.of_year(reader, year)
        assert row.signed_by == shown
    clerk = people.prove(client_as("county_staff", "350421"), "archive.export", year)
    answer = clerk.get(f"/desk/archive/{year}.xlsx")
    cells = openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    assert any("王大山" in row for row in cells)


@pytest.mark.parametrize("text", ["雪峰镇政府一楼", "城西村村部", "王大山家"])
def test_a_handover_point_names_no_township_village_or_guardian(on, text):
    crew, helper = promises.staff(), people.supporter("individual")
    [card] = promises.hung()
    promise = promises.claimed(helper, card.code)
    with pytest.raises(Invalid), promises.as_actor(crew.county):
        commitments.approve(crew.county, promise, handover_point=text)


def test_a_county_and_its_office_may_be_named_to_a_supporter(on):
    crew, helper = promises.staff(), people.supporter("individual")
    [first, second] = promises.hung(cards=2)
    point = "明溪县民政局一楼，电话0598-2861234"
    promise = promises.claimed(helper, first.code)
    with promises.as_actor(crew.county):
        commitments.approve(crew.county, promise, handover_point=point)
    other = promises.claimed(helper, second.code)
    with promises.as_actor(crew.county):
        commitments.decline(crew.county, other, "明溪县已经统一发放了")
