"""Pairings in numbers: 18 of 20 is 90.0 % (S1-1d), and every number opens exactly its rows."""

import html
import io
import re
from datetime import date, datetime
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import event, update

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.contact_logs import ContactLog
from portal.models.units import Unit
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import wishes as children

MINGXI = "/35/3504/350421/"
#: Villages of two townships of 明溪.
XUEFENG, GAIYANG = "350421100202", "350421101201"
HELPERS = ["mother"] * 7 + ["teacher"] * 6 + ["entrepreneur"] * 5


@pytest.fixture
def county(app, clock):
    """Twenty children on the register, eighteen of them paired; one aside whom no rate counts."""
    clock.move_to(clock_at(2026, 7, 1))
    with app.app_context():
        for number in range(20):
            child = children.child(10, village=XUEFENG if number % 2 else GAIYANG)
            if number < 18:
                make.pairing(
                    child=child, helper=HELPERS[number], started_on=date(2026, 1 + number % 6, 3)
                )
        aside = children.child(10, village=XUEFENG)
        resting = children.child(9, village=XUEFENG)
        change(aside.id, primary_category="other")
        change(resting.id, status="aged_out")
    return app


def clock_at(*day):
    return datetime(*day, 9, 0, tzinfo=portal_clock.SHANGHAI)


def change(child_id, **values):
    with unit_of_work.transaction(people.everything()):
        for name, value in values.items():
            setattr(db.session.get(ChildFile, child_id), name, value)


def words(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_eighteen_of_twenty_are_ninety_percent(county, client_as):
    page = client_as("county_staff", "350421").get("/desk/pairings/figures")
    text = words(page.text)
    assert page.status_code == 200
    assert "结对率 90.0%" in text
    assert "有结对的在册儿童 18 ÷ 在册儿童 20；目标 100%" in text
    assert "各类相加等于进行中的结对总数 18" in text
    everybody = words(client_as("county_staff", "350421").get(
        "/desk/pairings/figures?children=all").text)  # fmt: skip
    assert "有结对的在册儿童 18 ÷ 在册儿童 21" in everybody


def test_every_number_opens_exactly_its_rows(county, client_as):
    clerk = client_as("county_staff", "350421")
    page = clerk.get("/desk/pairings/figures").text
    links = re.findall(r'<a href="(/desk/pairings/figures/[^"]+)">(\d+)</a>', page)
    assert len(links) > 15
    opened = {}
    for address, number in links:
        rows = words(clerk.get(html.unescape(address)).text)
        opened[address] = (int(re.search(r"共 (\d+) 条", rows).group(1)), int(number))
    assert {address: pair for address, pair in opened.items() if pair[0] != pair[1]} == {}
    unpaired = words(clerk.get("/desk/pairings/figures/unpaired").text)
    assert "共 2 条" in unpaired


def test_a_child_with_two_people_is_one_child(app, clock, client_as):
    with app.app_context():
        child = children.child(10)
        make.pairing(child=child, kind="study")
        make.pairing(child=child, kind="affection")
    text = words(client_as("county_staff", "350421").get("/desk/pairings/figures").text)
    assert "有结对的在册儿童 1 ÷ 在册儿童 1" in text
    assert "各类相加等于进行中的结对总数 2" in text


def test_a_pairing_that_rests_pairs_nobody_today(app, clock, client_as):
    with app.app_context():
        make.pairing(status="paused", started_on=date(2026, 1, 3), paused_reason="missed")
    text = words(client_as("county_staff", "350421").get("/desk/pairings/figures").text)
    assert "结对率 0.0%" in text


def test_what_was_kept_counts_what_was_due(app, clock, client_as):
    """Story A4: five talks and the second quarter's visit were due by 1 July, three were kept."""
    clock.move_to(clock_at(2026, 7, 1))
    with app.app_context():
        one = make.pairing(started_on=date(2026, 2, 3))
        for kind, day in (
            ("talk", date(2026, 2, 12)), ("talk", date(2026, 3, 15)),
            ("home_visit", date(2026, 3, 22)), ("talk", date(2026, 4, 18)),
        ):  # fmt: skip
            journal(one, kind, day)
    clerk = client_as("county_staff", "350421")
    text = words(clerk.get("/desk/pairings/figures?year=2026").text)
    assert "2026年已到期的 6 项里按时做到 3 项" in text
    assert "履约率 50.0%" in text
    missed = words(clerk.get("/desk/pairings/figures/missed?year=2026&month=6").text)
    assert "2026-06·谈心" in missed
    assert "2026-06·入户" in missed
    assert "共 2 条" in missed
    # What was due of the year before is another year's.
    assert "2025年已到期的 0 项" in words(clerk.get("/desk/pairings/figures?year=2025").text)


def journal(one, kind, day):
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            ContactLog(
                pairing_id=one.id, supporter_id=one.supporter_id, user_id=one.mentor.user_id,
                unit_path=one.unit_path, client_id=uuid4(), kind=kind, happened_on=day,
                minutes=60, status="verified", status_since=portal_clock.now(),
            )
        )  # fmt: skip


def test_the_workbook_says_what_the_page_says(county, client_as):
    clerk = client_as("county_staff", "350421")
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/desk/pairings/figures.xlsx").data))
    assert book.sheetnames == ["按地区", "按结对人", "2026年各月"]
    areas = [row for row in book["按地区"].iter_rows(min_row=3, values_only=True) if row[1]]
    assert areas[-1] == ("合计", 20, 18, "90.0%")
    assert sum(row[1] for row in areas[:-1]) == 20
    assert [row[:2] for row in book["按结对人"].iter_rows(min_row=3, values_only=True) if row[1]] == [
        ("爱心妈妈", 7), ("教师", 6), ("企业家", 5), ("合计", 18),
    ]  # fmt: skip
    months = list(book["2026年各月"].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in months] == [3, 3, 3, 3, 3, 3, 0]
    assert [row[3] for row in months] == [3, 6, 9, 12, 15, 18, 18]


def test_a_township_with_a_site_has_its_own_rate(county, client_as):
    with county.app_context(), unit_of_work.transaction(people.everything()) as session:
        session.execute(
            update(Unit).where(Unit.path == people.SANMING).values(
                settings={"site_towns": XUEFENG[:9], "pairing_target": 90}
            )
        )  # fmt: skip
    text = words(client_as("county_staff", "350421").get("/desk/pairings/figures").text)
    assert "示范点乡镇结对率 90.0%" in text
    assert "目标 90%" in text


def test_another_county_is_not_there(county, client_as):
    clerk = client_as("county_staff", "350424")
    assert "在册儿童 0" in words(clerk.get("/desk/pairings/figures").text)
    assert clerk.get(f"/desk/pairings/figures?unit={MINGXI}").status_code == 404
    assert clerk.get(f"/desk/pairings/figures/unpaired?unit={MINGXI}").status_code == 404
    assert clerk.get("/desk/pairings/figures/nothing").status_code == 404
    assert clerk.get("/desk/pairings/figures/active?month=13").status_code == 404
    assert clerk.get("/desk/pairings/figures/active?month=x").status_code == 404


def test_more_pairings_ask_no_more_statements(county, client_as, app):
    clerk = client_as("county_staff", "350421")

    def asked():
        seen = []

        def note(connection, cursor, statement, *_):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        clerk.get("/desk/pairings/figures")
        event.remove(engine, "before_cursor_execute", note)
        return len([one for one in seen if one.lstrip().startswith("SELECT")])

    asked()
    few = asked()
    with app.app_context():
        for _ in range(6):
            make.pairing(started_on=date(2026, 5, 3))
    assert asked() == few
