"""The loving-parent pool (S1-2.3.3b): search by county + skill + free capacity; who counts as free."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.extensions import db
from portal.models.records import Fact, FactNote
from portal.queries import pool as reading
from portal.queries.pool import PoolFilter
from portal.services import pool
from tests.factories import giving, people, promises
from tests.factories.applicants import send


@pytest.fixture
def home(app, clock):
    with app.app_context():
        yield app


@pytest.fixture
def county(home):
    return people.staff("county_staff", "350421")


def found(reader, **asked):
    with unit_of_work.reading(scope.of(reader)):
        return [row.name for row in reading.search(reader, PoolFilter(**asked)).rows]


def row_of(reader, actor):
    with unit_of_work.reading(scope.of(reader)):
        return reading.one(reader, actor.supporter_ids[0])


@pytest.fixture
def three(county):
    """A musician of the weekend, a Hakka lawyer of working days, a signer of another county."""
    given = {
        "林音乐": {},
        "王律师": {"skills": ("law",), "languages": ("hakka",), "days": ("weekday",)},
        "陈手语": {
            "skills": ("music",), "languages": ("sign",), "days": ("holiday",),
            "counties": ("350424",),
        },
    }  # fmt: skip
    made = {}
    for name, changes in given.items():
        made[name] = giving.volunteer(name)
        giving.fills(made[name], **changes)
    return made


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"林音乐", "王律师", "陈手语"}),
        ({"skill": "music"}, {"林音乐", "陈手语"}),
        ({"skill": "music", "county": "350421"}, {"林音乐"}),
        ({"language": "hakka"}, {"林音乐", "王律师"}),
        ({"language": "sign"}, {"陈手语"}),
        ({"day": "weekday"}, {"王律师"}),
        ({"skill": "music", "county": "350421", "free": "1"}, {"林音乐"}),
        ({"skill": "safety"}, set()),
    ],
)
def test_the_pool_is_searched_by_county_skill_language_and_day(county, three, asked, names):
    assert set(found(county, **asked)) == names


def test_only_a_tier_two_that_holds_today_is_free(county):
    today = portal_clock.today()
    people_of_the_pool = {
        "甲有效": giving.volunteer("甲有效"),
        "乙物资": giving.volunteer("乙物资", tier2=False),
        "丙过期": giving.volunteer("丙过期", tier2=False),
        "丁暂停": giving.volunteer("丁暂停", tier2=False),
    }
    giving.cleared(people_of_the_pool["丙过期"], today - timedelta(days=1))
    giving.cleared(people_of_the_pool["丁暂停"], today + timedelta(days=9), status="ended")
    for each in people_of_the_pool.values():
        giving.fills(each)
    assert found(county, free="1") == ["甲有效"]
    assert found(county, tier="2") == ["甲有效"]
    assert row_of(county, people_of_the_pool["丙过期"]).free == 0
    assert row_of(county, people_of_the_pool["甲有效"]).free == 2


def test_the_last_day_of_tier_two_still_counts(county, clock):
    someone = giving.volunteer("林音乐", tier2=False)
    giving.cleared(someone, portal_clock.today())
    giving.fills(someone)
    assert found(county, free="1") == ["林音乐"]
    clock.advance(days=1)
    assert found(county, free="1") == []


def test_a_pairing_takes_a_place_whichever_county_it_is_in(county):
    someone = giving.volunteer("林音乐")
    giving.fills(someone)
    [one, other] = promises.hung(cards=2)
    giving.paired(someone, one.child_id)
    assert row_of(county, someone).free == 1
    giving.paired(someone, other.child_id, status="paused")
    assert row_of(county, someone).free == 0
    assert found(county, free="1") == []
    sister = people.staff("county_staff", "350424")
    assert row_of(sister, someone).free == 0


def test_an_offer_that_ends_is_not_free_after_its_last_day(county, clock):
    someone = giving.volunteer("林音乐")
    last = portal_clock.today() + timedelta(days=3)
    giving.fills(someone, until=last)
    assert found(county, until=last) == ["林音乐"]
    assert found(county, until=last + timedelta(days=1)) == []
    clock.advance(days=4)
    assert found(county, free="1") == []


def test_what_nobody_recorded_is_a_dash_and_not_a_zero(county):
    someone = giving.volunteer("林音乐")
    giving.fills(someone)
    row = row_of(county, someone)
    assert (row.helped, row.hours, row.honours) == (None, None, None)


def test_children_helped_count_each_child_once(county):
    someone = giving.volunteer("林音乐")
    giving.fills(someone)
    [one, other] = promises.hung(cards=2)
    giving.paired(someone, one.child_id, status="closed")
    giving.paired(someone, one.child_id)
    giving.paired(someone, other.child_id)
    assert row_of(county, someone).helped == 2


def test_the_number_of_verified_hours_stands_beside_the_name(county):
    someone = giving.volunteer("林音乐")
    giving.fills(someone)
    giving.served(someone, 90, "verified")
    giving.served(someone, 60, "recorded")
    assert str(row_of(county, someone).hours) == "1.50"


def test_a_clerk_of_another_county_reads_the_name_masked(county):
    someone = giving.volunteer("欧阳晓燕")
    giving.fills(someone, counties=("350421", "350424"))
    sister = people.staff("county_staff", "350424")
    auditor = people.staff("auditor")
    assert row_of(county, someone).name == "欧阳晓燕"
    assert row_of(sister, someone).name == "欧阳**"
    assert row_of(auditor, someone).name == "欧阳**"
    assert row_of(county, someone).phone == "120****0077"


def test_another_authority_sees_nobody(county, three):
    stranger = people.staff("county_staff", "320681")
    assert found(stranger) == []
    with pytest.raises(NotFound):
        row_of(stranger, three["林音乐"])


def test_a_suspended_standing_leaves_the_pool(county, three):
    from portal.models.supporters import Supporter

    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Supporter, three["林音乐"].supporter_ids[0])
        db.session.execute(
            Supporter.__table__.update().where(Supporter.id == row.id).values(status="suspended")
        )
    assert set(found(county)) == {"王律师", "陈手语"}


def test_pages_follow_each_other_without_a_gap(county, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    names = [f"林{number}号" for number in "一二三四五"]
    for name in names:
        giving.fills(giving.volunteer(name))
    seen, after = [], ""
    with unit_of_work.reading(scope.of(county)):
        while True:
            page = reading.search(county, PoolFilter(), after, limit=2)
            seen += [row.name for row in page.rows]
            after = page.after
            if not after:
                break
    assert sorted(seen) == sorted(names)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": ()}, "days"),
        ({"counties": ("320681",)}, "counties"),
        ({"skills": ("magic",)}, "skills"),
        ({"capacity": 11}, "capacity"),
    ],
)
def test_what_is_on_no_list_is_refused_beside_its_field(home, change, field):
    someone = giving.volunteer()
    with pytest.raises(Invalid) as refusal:
        giving.fills(someone, **change)
    assert field in refusal.value.fields


def test_an_organisation_is_no_loving_parent(home):
    with pytest.raises(WrongState):
        giving.fills(people.supporter("enterprise"))


def test_staff_correct_with_a_reason_that_stays(county):
    someone = giving.volunteer("林音乐")
    giving.fills(someone)
    whose = someone.supporter_ids[0]
    less = replace(giving.TIME, capacity=1)
    with pytest.raises(Invalid), giving.within(county):
        pool.correct(county, whose, less, reason=" ")
    sister = people.staff("county_staff", "350424")
    with pytest.raises(NotFound), giving.within(sister):
        pool.correct(sister, whose, less, reason="电话核实")
    with giving.within(county):
        pool.correct(county, whose, less, reason="电话核实：今年只能带一个")
    with unit_of_work.reading(people.everything()):
        note = db.session.scalar(
            select(FactNote.text)
            .join(Fact, Fact.id == FactNote.fact_id)
            .where(Fact.kind == "pool.correct")
        )
    assert note == "电话核实：今年只能带一个"
    assert row_of(county, someone).capacity == 1


def test_two_who_change_at_once_do_not_overwrite_each_other(county):
    someone = giving.volunteer("林音乐")
    giving.fills(someone)
    with unit_of_work.reading(scope.of(someone)):
        _, version = reading.own(someone.supporter_ids[0])
    with giving.within(county):
        pool.correct(
            county, someone.supporter_ids[0], replace(giving.TIME, capacity=1), reason="核实"
        )
    with pytest.raises(Conflict), giving.within(someone):
        pool.fill(someone, someone.supporter_ids[0], giving.TIME, version=version)


def test_the_page_the_filter_in_the_address_and_the_export_agree(app, clock, client_as):
    with app.app_context():
        for name, skills in (("林音乐", ("music",)), ("王律师", ("law",))):
            giving.fills(giving.volunteer(name), skills=skills)
        clerk = people.staff("county_staff", "350421")
    browser = client_as(clerk)
    page = browser.get("/desk/pool?skill=law&free=1").text
    assert "王律师" in page
    assert "林音乐" not in page
    with app.app_context():
        people.prove(browser, "directory.export")
    data = browser.get("/desk/pool.xlsx?skill=law&free=1").data
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.rows]
    assert [row[0] for row in rows[1:]] == ["王律师", "共1条"]
    assert rows[1][1] == "120****0077"
    assert rows[1][11:14] == ["—", "—", "—"]


def test_a_supporter_fills_in_and_reads_back(app, clock, client_as):
    with app.app_context():
        someone = giving.volunteer("林音乐")
    mine = client_as(someone)
    here = f"/me/offer-time/{someone.supporter_ids[0]}"
    typed = {"skills": ["music"], "days": ["weekend"], "counties": ["350421"], "capacity": "1"}
    refused = send(mine, here, {**typed, "days": []}, page="/me/offer-time")
    assert refused.status_code == 422
    assert send(mine, here, typed, page="/me/offer-time").status_code == 303
    page = mine.get("/me/offer-time").text
    assert page.count("checked") == 3
