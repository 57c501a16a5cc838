"""An authority's settings: who may, two keys, from a day on, history; and its calendar."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.documents import uploads
from portal.domain.actor import Role
from portal.domain.calendar import DayKind
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.models.records import Fact
from portal.queries import calendars, units
from portal.queries import tenant_settings as reading
from portal.services import calendars as days
from portal.services import files, tenant_settings
from tests.factories import people
from tests.factories.tree import admins

CITY = people.SANMING


@pytest.fixture
def two(app, clock):
    with app.app_context():
        yield admins()


def change(actor, name, value, **more):
    with unit_of_work.transaction(scope.of(actor)):
        return tenant_settings.change(actor, CITY, name, value=value, **more)


def agree(actor, change_id, version=1):
    with unit_of_work.transaction(scope.of(actor)):
        tenant_settings.agree(actor, change_id, version=version)


def page(actor):
    with unit_of_work.reading(scope.of(actor)):
        return reading.page(actor)


def one(actor, name):
    return next(each for each in page(actor).settings if each.rule.name == name)


def test_a_plain_setting_counts_at_once_and_says_who_set_it(two):
    first, _ = two
    change(first, "claim_hours", "48")
    assert units.settings(CITY).claim_hours == 48
    shown = one(first, "claim_hours")
    assert shown.value == "48 小时"
    assert (shown.last.old, shown.last.new, shown.last.decided_by) == (
        "72 小时",
        "48 小时",
        first.name,
    )


def test_from_a_day_on_means_from_that_day_on(two, clock):
    change(two[0], "claim_hours", "48", effective_on=date(2026, 6, 1))
    assert units.settings(CITY).claim_hours == 72
    assert one(two[0], "claim_hours").planned == ((date(2026, 6, 1), "48 小时"),)
    clock.advance(days=12)
    assert units.settings(CITY).claim_hours == 48
    assert one(two[0], "claim_hours").value == "48 小时"


@pytest.mark.parametrize(
    ("name", "value", "kept"), [("k", "20", 10), ("wish_cap_fen", "500", 30_000)]
)
def test_k_and_caps_wait_for_the_second_person(two, name, value, kept):
    first, second = two
    waiting = change(first, name, value)
    assert getattr(units.settings(CITY), name) == kept
    assert [row.id for row in page(second).waiting] == [waiting]
    with pytest.raises(NotAllowed, match="两人把关"):
        agree(first, waiting)
    agree(second, waiting)
    assert getattr(units.settings(CITY), name) != kept
    with pytest.raises(WrongState):
        agree(second, waiting, version=2)


def test_one_change_waits_at_a_time_and_can_be_set_aside(two):
    first, second = two
    waiting = change(first, "k", "20")
    with pytest.raises(Conflict, match="等着确认"):
        change(second, "k", "30")
    with unit_of_work.transaction(scope.of(second)):
        tenant_settings.drop(second, waiting, reason="再议", version=1)
    assert units.settings(CITY).k == 10
    change(first, "k", "15")


def test_k_is_not_lowered_by_two_people_either(two):
    for value in ("9", "5"):
        with pytest.raises(Invalid, match="10 到 100"):
            change(two[0], "k", value)


def test_nothing_new_is_refused(two):
    with pytest.raises(Invalid, match="没有变化"):
        change(two[0], "claim_hours", "72")


@pytest.mark.parametrize(
    ("role", "unit"),
    [("platform_admin", "350421"), ("platform_admin", "320681"), ("city_staff", "350400")],
)
def test_only_who_administers_the_whole_authority_changes_it(two, role, unit):
    somebody = people.staff(role, unit)
    with pytest.raises(NotFound):
        change(somebody, "claim_hours", "48")
    waiting = change(two[0], "k", "20")
    with pytest.raises(NotFound):
        agree(somebody, waiting)
    with pytest.raises(NotFound), unit_of_work.transaction(scope.of(somebody)):
        days.set_day(somebody, CITY, day=date(2026, 6, 3), kind=DayKind.HOLIDAY, name="三月三")


def test_a_county_administrator_reads_and_does_not_edit(two):
    county = people.staff(Role.PLATFORM_ADMIN, "350421")
    with unit_of_work.reading(scope.of(county)):
        seen = reading.page(county)
        assert (seen.unit.code, seen.edits) == ("350400", False)
        with pytest.raises(NotFound):
            reading.page(county, "320681")


def test_the_new_windows_of_a_year_stand_for_the_days_that_were_set(two):
    from portal.domain.windows import Occasion
    from portal.services import windows

    change(two[0], "window_days_children_day", "20")
    clerk = people.staff("city_staff", "350400")
    with unit_of_work.transaction(scope.of(clerk)):
        opened = {row.occasion: row for row in windows.open_year(clerk, CITY, 2027)}
        june = opened[Occasion.CHILDREN_DAY.value]
        school = opened[Occasion.SCHOOL_START.value]
        assert (june.opens, june.closes) == (date(2027, 5, 6), date(2027, 5, 25))
        # domain.md 1: 10 to 25 August, untouched.
        assert (school.opens, school.closes) == (date(2027, 8, 10), date(2027, 8, 25))


def picture(size=(1200, 900)):
    out = io.BytesIO()
    image = Image.new("RGB", size, "red")
    exif = image.getexif()
    exif[0x010E] = "secret place"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_logo_is_painted_anew_small_and_public(app, clock):
    with app.app_context():
        first, _ = admins()
        clean = uploads.clean_logo(picture())
        draft = files.keep_draft(first, data=clean.data, mime=clean.mime)
        with unit_of_work.transaction(scope.of(first)):
            tenant_settings.set_logo(first, CITY, file_id=draft)
    answer = app.test_client().get("/authority/350400/logo")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert max(Image.open(io.BytesIO(answer.data)).size) == 480
    assert b"secret place" not in answer.data
    assert app.test_client().get("/authority/320681/logo").status_code == 404


def test_a_logo_is_a_picture():
    with pytest.raises(Invalid, match="图片"):
        uploads.clean_logo(b"%PDF-1.4 ... %%EOF")


def set_day(actor, day, kind, name="本地安排"):
    with unit_of_work.transaction(scope.of(actor)):
        return days.set_day(actor, CITY, day=day, kind=kind, name=name)


def test_an_own_holiday_moves_a_deadline_in_working_days(two):
    wednesday = date(2026, 5, 27)
    assert calendars.of(CITY).workdays_after(date(2026, 5, 26), 1) == wednesday
    made = set_day(two[0], wednesday, DayKind.HOLIDAY)
    assert read(calendars.of, two[0]).workdays_after(date(2026, 5, 26), 1) == date(2026, 5, 28)
    with pytest.raises(Conflict):
        set_day(two[0], wednesday, DayKind.HOLIDAY)
    with unit_of_work.transaction(scope.of(two[0])):
        days.unset_day(two[0], made)
    assert read(calendars.of, two[0]).is_workday(wednesday)
    with unit_of_work.reading(people.everything()) as session:
        kinds = session.scalars(select(Fact.kind).where(Fact.kind.like("calendar.%"))).all()
        assert sorted(kinds) == ["calendar.set", "calendar.unset"]


def read(query, actor):
    with unit_of_work.reading(scope.of(actor)):
        return query(CITY)


def test_a_swap_sets_both_days_or_none(two):
    first = two[0]
    with unit_of_work.transaction(scope.of(first)):
        days.swap(first, CITY, off=date(2026, 5, 25), worked=date(2026, 5, 30), name="调休")
    found = read(calendars.of, first)
    assert not found.is_workday(date(2026, 5, 25))
    assert found.is_workday(date(2026, 5, 30))
    assert not found.is_weekend_class_day(date(2026, 5, 30))
    with pytest.raises(Invalid), unit_of_work.transaction(scope.of(first)):
        days.swap(first, CITY, off=date(2026, 6, 2), worked=date(2026, 6, 3), name="写反了")
    assert read(calendars.of, first).is_workday(date(2026, 6, 2))


@pytest.mark.parametrize(
    ("day", "kind", "sentence"),
    [
        (date(2026, 5, 19), DayKind.HOLIDAY, "今天及以后"),
        (date(2026, 5, 23), DayKind.HOLIDAY, "本来就是这样"),
        (date(2026, 5, 25), DayKind.WORKDAY, "本来就是这样"),
        (date(2026, 5, 23), DayKind.CLASS_DAY, "本来就可以"),
    ],
)
def test_a_day_that_is_so_already_or_past_is_not_set(two, day, kind, sentence):
    with pytest.raises(Invalid, match=sentence):
        set_day(two[0], day, kind)


def test_the_pages_say_what_counts(app, clock, client_as):
    admin = client_as("platform_admin", "350400")
    text = admin.get("/admin/settings").text
    assert "匿名人数 K" in text and "两人把关" in text and "只能比 10 更严" in text
    assert "国务院" in admin.get("/admin/holidays").text
    assert "还不知道" in admin.get("/admin/holidays?year=2031").text
    assert admin.get("/admin/holidays?year=99999").status_code == 404
    county = client_as("platform_admin", "350421")
    assert "这里只能查看" in county.get("/admin/settings").text
    assert county.get("/admin/settings/k").status_code == 404
