"""An authority's catalogue: off the shelf, costs and caps, own items by two keys, nothing weaker."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import catalogue
from portal.domain import clock as portal_clock
from portal.domain.catalogue_own import OwnItem
from portal.domain.errors import Conflict, Invalid, NotAllowed
from portal.domain.wish_inputs import ConsentInput, WishInput
from portal.extensions import db
from portal.models.catalogue_items import CatalogueProposal
from portal.models.wishes import Wish
from portal.queries import catalogue_items as shelf
from portal.services import catalogue_items, wishes
from tests.factories import giving, people
from tests.factories import wishes as making
from tests.factories.applicants import send

KITE = OwnItem(
    name="三角风筝",
    unit="只",
    category="体育用品",
    need="运动",
    illustration="rope",
    cost_fen=4500,
    words="风筝 放风筝 纸鸢",
)


@pytest.fixture
def home(app, clock):
    with app.app_context():
        shelf.forget()
        yield app
        shelf.forget()


@pytest.fixture
def keys(home):
    """Two people of the city, whose authority it is."""
    return people.staff("city_staff"), people.staff("city_staff")


def adjusted(actor, code, **said):
    with giving.within(actor):
        catalogue_items.adjust(actor, people.SANMING, code, **said)


def proposed(actor, item=KITE):
    with giving.within(actor):
        return catalogue_items.propose(actor, people.SANMING, item)


def added(keys, item=KITE):
    proposal_id = proposed(keys[0], item)
    with giving.within(keys[1]):
        return catalogue_items.approve(keys[1], proposal_id)


def on_shelf(tenant=people.SANMING):
    reader = people.staff("city_staff") if tenant == people.SANMING else None
    reader = reader or people.staff("county_staff", "320681")
    with unit_of_work.reading(scope.of(reader)):
        return {one.code: one for one in shelf.shelf(tenant)}


def drafts(director, child_id, window_id, code, **changes):
    given = {"item_code": code, "own_words": "想要一个", "est_cost_fen": 4500}
    with giving.within(director):
        return wishes.draft(director, child_id, window_id, WishInput(**{**given, **changes})).id


@pytest.fixture
def village(keys):
    director = people.staff("child_director")
    return director, making.child(age=10).id, making.window()


def test_a_retired_item_leaves_the_shelf_of_its_authority_only(keys, village):
    adjusted(keys[0], "XX01", retired=True)
    assert "XX01" not in on_shelf()
    assert "XX01" in on_shelf(people.QIDONG)
    with pytest.raises(Invalid):
        drafts(*village, "XX01")
    adjusted(keys[0], "XX01", retired=False)
    assert "XX01" in on_shelf()


def test_a_wish_drafted_before_keeps_its_item(keys, village):
    director, child_id, window_id = village
    wish_id = drafts(director, child_id, window_id, "XX01")
    adjusted(keys[0], "XX01", retired=True)
    with giving.within(director):
        changed = WishInput(item_code="XX01", own_words="想要一盏灯", est_cost_fen=5000)
        wishes.edit(director, wish_id, changed)
    with unit_of_work.reading(people.everything()):
        assert db.session.get(Wish, wish_id).est_cost_fen == 5000


def test_an_authoritys_usual_cost_stands_on_its_shelf(keys):
    adjusted(keys[0], "XX01", cost_fen=9900)
    assert on_shelf()["XX01"].cost_fen == 9900
    assert catalogue.item("XX01").cost_fen == 12_800


def test_above_the_items_cap_a_reason_is_asked(keys, village):
    adjusted(keys[0], "XX01", cap_fen=10_000)
    with pytest.raises(Invalid) as refusal:
        drafts(*village, "XX01", est_cost_fen=10_001)
    assert "cap_reason" in refusal.value.fields
    drafts(*village, "XX01", est_cost_fen=10_000)


def test_a_cap_never_rises_above_the_authoritys_own(keys):
    for said, field in (({"cap_fen": 30_001}, "cap"), ({"cost_fen": 30_001}, "cost")):
        with pytest.raises(Invalid) as refusal:
            adjusted(keys[0], "XX01", **said)
        assert field in refusal.value.fields


def test_a_county_under_a_city_changes_nothing(keys):
    clerk = people.staff("county_staff", "350421")
    with pytest.raises(NotAllowed):
        adjusted(clerk, "XX01", retired=True)
    with pytest.raises(NotAllowed):
        proposed(clerk)
    proposal_id = proposed(keys[0])
    with pytest.raises(NotAllowed), giving.within(clerk):
        catalogue_items.approve(clerk, proposal_id)


def test_an_own_item_appears_after_a_second_persons_approval_and_not_before(keys, village):
    proposal_id = proposed(keys[0])
    with unit_of_work.reading(people.everything()):
        code = db.session.get(CatalogueProposal, proposal_id).code
    assert code not in on_shelf()
    assert catalogue.find("风筝") == ()
    with pytest.raises(Invalid):
        drafts(*village, code)
    with pytest.raises(NotAllowed, match="不能自己批准"), giving.within(keys[0]):
        catalogue_items.approve(keys[0], proposal_id)
    assert code not in on_shelf()
    with giving.within(keys[1]):
        assert catalogue_items.approve(keys[1], proposal_id) == code
    assert on_shelf()[code].name == "三角风筝"
    assert code not in on_shelf(people.QIDONG)
    assert [one.code for one in catalogue.find("风筝")] == [code]
    drafts(*village, code)


def test_a_declined_item_stays_away(keys):
    proposal_id = proposed(keys[0])
    with giving.within(keys[1]):
        catalogue_items.decline(keys[1], proposal_id, reason="已有类似物品")
    assert not [one for one in on_shelf().values() if one.name == "三角风筝"]
    with unit_of_work.reading(people.everything()):
        assert db.session.get(CatalogueProposal, proposal_id).status == "declined"


def test_the_same_name_is_not_proposed_twice(keys):
    proposed(keys[0])
    with pytest.raises(Conflict):
        proposed(keys[1])
    with pytest.raises(Conflict):
        proposed(keys[0], OwnItem(**{**_fields(KITE), "name": "护眼台灯"}))


def _fields(item):
    return {name: getattr(item, name) for name in OwnItem.__slots__}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "孤独症训练卡"}, "name"),
        ({"name": "康复平衡板"}, "name"),
        ({"name": "爸爸的照片"}, "name"),
        ({"name": "雪峰实验小学校服"}, "name"),
        ({"name": "城西村篮球"}, "name"),
        ({"name": "现金红包"}, "name"),
        ({"words": "留守儿童 风筝"}, "words"),
        ({"words": "13800138000"}, "words"),
        ({"need": "康复"}, "need"),
        ({"category": "康复训练"}, "category"),
        ({"category": "亲情连线"}, "category"),
        ({"choices_of": "TS08"}, "choices_of"),
        ({"illustration": "../../etc/passwd"}, "illustration"),
        ({"size_kind": "waist"}, "size_kind"),
        ({"youngest": 9, "oldest": 10}, "oldest"),
        ({"youngest": 2}, "youngest"),
        ({"cost_fen": 30_001}, "cost"),
        ({"cost_fen": 0}, "cost"),
        ({"unit": "<b>"}, "unit"),
    ],
)
def test_what_could_tell_of_a_child_is_refused_beside_its_field(keys, changes, field):
    with pytest.raises(Invalid) as refusal:
        proposed(keys[0], OwnItem(**{**_fields(KITE), **changes}))
    assert field in refusal.value.fields


def test_a_card_of_an_own_item_is_made_of_its_words(keys):
    code = added(keys)
    spec = catalogue.specify(code, None, None)
    assert str(catalogue.card_text(code, spec, 2)) == "三角风筝 2只"
    assert catalogue.face_of(code).need == "运动"
    assert catalogue.asked(code, spec).ages.low == 3


def test_a_choice_comes_from_a_list_that_a_shipped_card_shows(keys):
    code = added(keys, OwnItem(**{**_fields(KITE), "choices_of": "XX05"}))
    assert catalogue.item(code).choices == ("小学", "初中", "高中")
    with pytest.raises(Invalid):
        catalogue.specify(code, None, "孤独症")


def test_an_own_item_is_found_in_another_process_by_its_code(keys):
    code = added(keys)
    shelf.forget()
    with unit_of_work.reading(scope.NOTHING):
        assert catalogue.item(code).name == "三角风筝"
    with pytest.raises(Invalid):
        catalogue.item("ZB0000000000000000")


def test_the_pages_from_proposal_to_draft(app, clock, client_as):
    with app.app_context():
        shelf.forget()
        first, second = people.staff("city_staff"), people.staff("city_staff")
        child_id, director = making.child(age=10).id, people.staff("child_director")
    browser = client_as(first)
    typed = {
        "name": "三角风筝", "unit": "只", "category": "体育用品", "need": "运动",
        "illustration": "rope", "words": "风筝", "youngest": "3", "oldest": "17", "cost": "45",
    }  # fmt: skip
    bad = send(browser, "/admin/catalogue/new", {**typed, "name": "感统风筝"})
    assert bad.status_code == 422
    assert "感统风筝" in bad.text
    assert send(browser, "/admin/catalogue/new", typed).status_code == 303
    assert "不能自己批准" in browser.get("/admin/catalogue").text
    with app.app_context(), unit_of_work.reading(people.everything()):
        proposal_id = db.session.scalar(select(CatalogueProposal.id))
    decide = f"/admin/catalogue/proposals/{proposal_id}"
    new = "/admin/catalogue/new"
    assert (
        send(browser, decide, {"transition": "approve", "version": "1"}, page=new).status_code
        == 403
    )
    assert (
        send(
            client_as(second), decide, {"transition": "approve", "version": "1"}, page=new
        ).status_code
        == 303
    )
    with app.app_context():
        given = ConsentInput(
            method="written", given_on=portal_clock.today(), given_by="林建国", relation="爷爷"
        )
        with giving.within(director):
            wishes.record_consent(director, child_id, given)
    choosing = client_as(director).get(f"/desk/my-wishes/children/{child_id}/item?q=风筝")
    assert "三角风筝" in choosing.text
    item = "/admin/catalogue/items/XX01"
    assert send(browser, item, {"retired": "y"}).status_code == 303
    lamp = client_as(director).get(f"/desk/my-wishes/children/{child_id}/item?q=护眼台灯")
    assert "目录里没有这样的物品" in lamp.text
