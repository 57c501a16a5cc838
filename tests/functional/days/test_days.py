"""A camp's days: numbers nobody types, one report a day, the wall, the end, the figures."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import func, select

from portal.core import scope, unit_of_work
from portal.documents import uploads
from portal.domain import clock
from portal.domain.camp_days import Cost, Day
from portal.domain.child_days import rate, rate_without_leave
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.extensions import db
from portal.models.camp_days import CampPhoto
from portal.models.programmes import Programme
from portal.models.records import Fact
from portal.models.rota import Duty
from portal.models.service_records import ServiceRecord
from portal.queries import participations, programme_figure_rows, programme_figures
from portal.queries import programme_days as rows
from portal.queries.programme_figure_rows import Narrowed
from portal.queries.programme_figures import Asked
from portal.services import (
    attendance,
    camp_days,
    duty_hours,
    erasure,
    files,
    programme_reports,
    programmes,
)
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import programmes as camps
from tests.factories.applicants import send

NOW = datetime(2026, 7, 7, 21, 30, tzinfo=clock.SHANGHAI)
FIRST, SECOND = date(2026, 7, 6), date(2026, 7, 7)
COUNTY = "/35/3504/350421/"


def held(on=(FIRST, SECOND), *, absent=(), leave=(), size=3, **more):
    """A camp of two days so far: who is named missed the afternoon and the evening."""
    camp = camps.programme(starts_on=FIRST, status="running", **more)
    children = [camps.child_in(camp, consent_photo=n == 0) for n in range(size)]
    teacher = camps.teacher(camp)
    for day in on:
        for number, session in enumerate(camps.thirds(camp, day)):
            for state, who in (("absent", absent), ("leave", leave)):
                for child in who if number else ():
                    make.do(attendance.mark_one, teacher, session, children[child].id, state=state)
            make.do(attendance.take, teacher, session)
    return camp, children, teacher


def reader(actor):
    return unit_of_work.reading(scope.of(actor))


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return uploads.clean(out.getvalue())


@pytest.fixture
def on(app):
    with app.app_context(), clock.at(NOW):
        yield


def test_a_day_is_two_of_three_and_the_report_holds_no_number(on):
    camp, children, teacher = held(absent=(1,), leave=(2,))
    with reader(teacher):
        of = rows.head(teacher, camp.code)
        view = rows.day(of, FIRST)
        assert (view.counts.here, view.counts.leave, view.counts.absent) == (1, 1, 1)
        assert [one.day for one in rows.days(of)] == [SECOND, FIRST]
    with pytest.raises(Invalid):
        make.do(camp_days.hand_in, teacher, camp.id, FIRST, Day(weather="sunny"))
    with pytest.raises(Conflict):
        make.do(camp_days.save, teacher, camp.id, SECOND + timedelta(days=1), Day(did="明天"))
    with pytest.raises(Conflict):
        make.do(camp_days.save, teacher, camp.id, FIRST - timedelta(days=1), Day(did="前一天"))
    day = Day("sunny", "防溺水课", ("lunch",), "米饭", "小禾擦破了手")
    make.do(camp_days.save, teacher, camp.id, FIRST, Day(did="半天"))
    with pytest.raises(Conflict):
        make.do(camp_days.save, teacher, camp.id, FIRST, day, version=9)
    make.do(camp_days.hand_in, teacher, camp.id, FIRST, day, worry="身上有旧伤", version=1)
    with pytest.raises(Conflict):
        make.do(camp_days.save, teacher, camp.id, FIRST, day)
    with unit_of_work.reading(people.everything()):
        told = db.session.scalars(select(Fact).where(Fact.kind == "grievance.worry")).all()
        assert [one.unit_path for one in told] == [COUNTY]
    stranger = people.staff("county_staff", "350424")
    with reader(stranger), pytest.raises(NotFound):
        rows.head(stranger, camp.code)
    with pytest.raises(NotFound):
        make.do(camp_days.save, stranger, camp.id, SECOND, day)


def test_only_children_whose_family_agreed_are_on_the_wall(on):
    camp, children, teacher = held(on=(FIRST,))
    with pytest.raises(Invalid):
        put(teacher, camp, [children[0].id, children[1].id])
    photo = put(teacher, camp, [children[0].id])
    with reader(teacher):
        of = rows.head(teacher, camp.code)
        assert [one.called for one in rows.day(of, FIRST).photos] == [(children[0].called,)]
        assert rows.picture(of, photo)[:2] == b"\xff\xd8"
    withdraw(children[0])
    with reader(teacher):
        assert rows.day(of, FIRST).photos == ()
        with pytest.raises(NotFound):
            rows.picture(of, photo)
    with unit_of_work.transaction(people.everything()):
        erasure.child(children[0].child_id)
    with unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(func.count(CampPhoto.id))) == 0


def put(teacher, camp, shows):
    kept = picture()
    draft = files.keep_draft(teacher, data=kept.data, mime=kept.mime)
    return make.do(camp_days.add_photo, teacher, camp.id, FIRST, draft, shows=shows)


def withdraw(child):
    with unit_of_work.transaction(people.everything()):
        from portal.models.enrolments import Enrolment

        db.session.get(Enrolment, child.id).consent_photo = False


def test_the_end_freezes_its_numbers_and_counts_the_hours(on):
    camp, children, teacher = held(absent=(1,), days=2)
    county = people.staff("county_staff", "350421")
    with unit_of_work.transaction(people.everything()):
        for duty in db.session.scalars(select(Duty)):
            duty.status, duty.minutes = "done", 480
    costs = [Cost("伙食", 120_000), Cost("保险", 3_000)]
    with pytest.raises(Conflict):
        make.do(programme_reports.hand_in, county, camp.id, words="很好", costs=costs)
    with unit_of_work.transaction(people.everything()):
        db.session.get(Programme, camp.id).status = "finished"
    with pytest.raises(Conflict):
        make.do(programmes.close, county, camp.id)
    for who, stars in (("child", 5), ("guardian", 4), ("child", 3)):
        make.do(programme_reports.slip, county, children[0].id, who=who, stars=stars)
    with pytest.raises(Invalid):
        make.do(programme_reports.slip, county, children[0].id, who="child", stars=6)
    with pytest.raises(Invalid):
        make.do(programme_reports.hand_in, county, camp.id, words=" ", costs=costs)
    make.do(programme_reports.hand_in, county, camp.id, words="很好", costs=costs)
    with reader(county):
        numbers = rows.report(rows.head(county, camp.code)).numbers
    assert (numbers.expected, numbers.here, numbers.absent) == (6, 4, 2)
    assert (numbers.spent_fen, numbers.duty_minutes) == (123_000, 960)
    assert numbers.slips == {"child": [1, 3], "guardian": [1, 4]}
    with unit_of_work.reading(people.everything()):
        found = db.session.scalars(select(ServiceRecord)).all()
        # On the first day the volunteer's standing had not begun: that day stays uncounted.
        assert [(one.served_on, one.minutes, one.status, one.kind) for one in found] == [
            (SECOND, 480, "verified", "camp")
        ]
        assert duty_hours.left(camp.id) == 1
    assert make.do(duty_hours.verify, county, camp.id) == 0
    with pytest.raises(NotAllowed):
        make.do(duty_hours.verify, teacher, camp.id)
    with reader(county):
        earned = participations.earned(county, rows.head(county, camp.code))
        assert [one.days for one in earned] == [2, 2]
        assert all(one.full.endswith(one.full[-1]) and one.full for one in earned)
    with reader(teacher):
        assert [one.full for one in participations.earned(teacher, rows.head(teacher, camp.code))]
    make.do(programmes.close, county, camp.id)


def test_every_number_is_the_length_of_its_rows(on):
    camp, children, teacher = held(absent=(1,), leave=(2,))
    county = people.staff("county_staff", "350421")
    asked = Asked(year=2026)
    with reader(county):
        found = programme_figures.figures(county, asked)
        assert (found.children.expected, found.children.here) == (6, 2)
        assert rate(found.children).percent == Decimal("33.3")
        assert rate_without_leave(found.children).percent == Decimal("50.0")
        for what in programme_figure_rows.WHATS:
            number = getattr(found.children, what)
            opened = programme_figure_rows.rows(county, what, asked, Narrowed())
            assert opened.total == number, what
        assert [(one.name, one.held, one.is_enough) for one in found.camps] == [("明溪县", 1, True)]
        assert [(one.key, one.people) for one in found.categories] == [("de_facto_unattended", 3)]
        with pytest.raises(NotFound):
            programme_figures.figures(county, Asked(unit="/35/3504/350424/", year=2026))
    stranger = people.staff("county_staff", "350424")
    with reader(stranger):
        assert programme_figures.figures(stranger, asked).children.expected == 0
    auditor = people.staff("auditor", "350421")
    with reader(auditor):
        opened = programme_figure_rows.rows(auditor, "absent", asked, Narrowed())
        assert opened.total == 2
        assert {one.called for one in opened.rows}.isdisjoint({c.called for c in children})


@pytest.mark.sqlite
def test_the_pages_of_a_day_and_of_the_end(app, client_as):
    with clock.at(NOW):
        with app.app_context():
            camp, children, teacher = held(absent=(1,))
        phone, county = client_as(teacher), client_as("county_staff", "350421")
        base = f"/programmes/{camp.code}"
        for page in ("days", "days/2026-07-06", "report", "slips", "certificates"):
            assert phone.get(f"{base}/{page}").status_code == 200, page
        assert phone.get(f"{base}/days/2026-13-01").status_code == 404
        assert phone.get("/desk/programmes/figures").status_code == 403
        day = f"{base}/days/2026-07-06"
        assert send(phone, day, {"step": "hand_in"}).status_code == 422
        typed = {"step": "hand_in", "did": "竹编课", "weather": "rain", "served": "lunch"}
        assert send(phone, day, typed).status_code == 303
        assert "竹编课" in phone.get(day).text
        slip = {"enrolment_id": str(children[0].id), "who": "child", "stars": "5"}
        assert send(phone, f"{base}/slips", slip).status_code == 303
        words = {"words": "下次多安排户外", "cost-word": "伙食", "cost-yuan": "12.5"}
        assert send(phone, f"{base}/report", {**words, "cost-yuan": "一百"}).status_code == 422
        assert send(phone, f"{base}/report", words).status_code == 303
        assert "12.50" in phone.get(f"{base}/report").text
        for paper in ("report.pdf", "certificates.pdf"):
            assert phone.get(f"{base}/{paper}").data[:4] == b"%PDF"
        figures = county.get("/desk/programmes/figures?year=2026").text
        assert "66.7%" in figures
        opened = county.get(f"/desk/programmes/figures/absent?year=2026&programme={camp.code}")
        assert children[1].called in opened.text
        book = county.get("/desk/programmes/figures.xlsx?year=2026").data
        sheet = load_workbook(io.BytesIO(book))["按活动"]
        assert [cell.value for cell in sheet[3]][:6] == [camp.code, "「萤火虫」夏令营", 3, 6, 4, 0]
