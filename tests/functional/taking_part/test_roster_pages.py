"""Who opens a roster, what of health stands in it, and that every look is on record (L05)."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db
from portal.models.sight import AccessRow
from tests.factories import people
from tests.factories import programmes as make
from tests.factories import wishes as children
from tests.factories.applicants import send


@pytest.fixture
def camp(app, clock):
    with app.app_context():
        running = make.programme(status="running", starts_on=portal_clock.today())
        child = make.child_in(
            running, health="花生过敏", second_contact="林秀", second_phone="12000000009"
        )
        running.child = child
        return running


def looks(app, actor):
    with app.app_context(), unit_of_work.reading(people.everything()):
        rows = db.session.scalars(
            select(AccessRow.field).where(AccessRow.actor_id == actor.user_id)
        )
        return sorted(rows)


def test_a_roster_opens_to_duty_and_county_and_health_to_who_is_on_duty_today(
    app, camp, client_as, clock
):
    address = f"/programmes/{camp.code}/roster"
    with app.app_context():
        on_duty = make.teacher(camp)
        off_duty = make.teacher(camp, "林志远", duties=False)
        county = people.staff("county_staff", "350421")
        others = [
            people.staff("county_staff", "350424"), people.staff("child_director"),
            people.staff("organiser", "350421"),
        ]  # fmt: skip
    answer = client_as(on_duty).get(address)
    assert answer.status_code == 200, answer.text[-3000:]
    page = answer.text
    assert camp.child.called in page
    assert "花生过敏" in page
    assert 'href="tel:12000000001"' in page
    assert 'href="tel:12000000009"' in page
    assert looks(app, on_duty) == ["health", "roster"]
    for reader in (off_duty, county):
        page = client_as(reader).get(address).text
        assert camp.child.called in page
        assert "花生过敏" not in page
        assert "有健康或饮食提示" in page
        assert looks(app, reader) == ["roster"]
    for stranger in others:
        assert client_as(stranger).get(address).status_code in (403, 404)
        assert looks(app, stranger) == []
    assert "花生过敏" not in client_as(county).get(f"{address}/print").text
    assert "data:image/svg" in client_as(county).get(f"/programmes/{camp.code}/badges").text
    # Twenty-four hours after the last day the roster is closed to who was on duty.
    signed_in = client_as(on_duty)
    end = portal_clock.start_of(camp.starts_on + timedelta(days=11))
    clock.move_to(end - timedelta(minutes=1))
    assert signed_in.get(address).status_code == 200
    clock.move_to(end)
    assert signed_in.get(address).status_code in (403, 404)


def test_the_county_takes_a_roster_along_with_a_proof_a_reason_and_its_mark(app, camp, client_as):
    with app.app_context():
        county = people.staff("county_staff", "350421")
    client, address = client_as(county), f"/programmes/{camp.code}/roster.xlsx"
    page = f"/programmes/{camp.code}/roster"
    assert send(client, address, {"reason": "联系家长"}, page).status_code == 303
    people.prove(client, "roster.export", camp.code)
    assert send(client, address, {"reason": ""}, page).status_code == 422
    people.prove(client, "roster.export", camp.code)
    answer = send(client, address, {"reason": "联系家长"}, page)
    sheet = load_workbook(BytesIO(answer.data)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert camp.child.called in cells
    assert any(county.name in cell and "导出" in cell for cell in cells)
    assert not any("花生" in cell for cell in cells)
    assert county.name in sheet.oddFooter.center.text


def test_the_desk_walks_an_application_to_a_roster_and_tells_a_code_once(app, client_as):
    with app.app_context():
        camp = make.programme(starts_on=portal_clock.today() + timedelta(days=40), capacity=1)
        child = children.child(10, name="林小雨")
        director = people.staff("child_director", children.VILLAGE)
        county = people.staff("county_staff", "350421")
    client = client_as(director)
    assert camp.code in client.get("/desk/enrolments").text
    form = f"/desk/enrolments/new/{camp.id}"
    assert "林小雨" in client.get(form).text
    assert send(client, form).status_code == 422
    made = send(client, form, {"child": str(child.id), "health": "花生过敏"})
    assert made.status_code == 303
    page = client.get(made.location).text
    assert "还没有登记" in page
    assert "花生过敏" not in page
    step = f"{made.location}/consent"
    answer = {"agreed": ["activity", "photo"], "by": "林建国", "method": "phone",
              "on": portal_clock.today().isoformat()}  # fmt: skip
    assert send(client, step, answer | {"version": "77"}, made.location).status_code == 409
    assert send(client, step, answer | {"version": ""}, made.location).status_code == 409
    assert send(client, step, answer | {"by": " "}, made.location).status_code == 422
    assert send(client, step, answer, made.location).status_code == 303
    assert "已录取" in client.get(made.location).text
    told = send(
        client, f"{made.location}/persons", {"name": "王秀兰", "relation": "grandparent"},
        made.location,
    )  # fmt: skip
    assert told.status_code == 200
    assert "接送码：" in told.text
    assert "接送码：" not in client.get(made.location).text
    roster = client_as(county).get(f"/programmes/{camp.code}/roster").text
    assert "小雨" in roster
    assert "林小雨" not in roster
    assert "已录取" in client_as(county).get(f"/programmes/{camp.code}/places").text
