"""A mark sent many times at once, a child fetched by two at once: asked of PostgreSQL."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain import clock, pickup_codes
from portal.domain.errors import Conflict
from portal.extensions import db
from portal.models.attendance import AttendanceCell, AttendanceMark, Departure
from portal.models.enrolments import PickupPerson
from portal.models.records import Fact
from portal.services import attendance, departures
from portal.services.attendance_cells import Sent
from tests.factories import people
from tests.factories import programmes as make
from tests.factories.giving import within
from tests.race.test_claim_race import AT_ONCE, all_at_once

pytestmark = pytest.mark.postgres


def counted(model, *conditions):
    with unit_of_work.reading(people.everything()):
        return db.session.scalar(select(func.count(model.id)).where(*conditions))


def test_the_first_marks_of_a_session_all_at_once_lose_nothing(app):
    with app.app_context():
        camp = make.programme()
        session_id = make.session(camp)
        child = make.child_in(camp)
        teacher = make.teacher(camp)
        same = uuid4()

        def send(number):
            # Everybody repeats one mark, and adds one of their own that saw nothing.
            sent = [
                Sent(name, child.id, "absent", clock.now(), uuid4()) for name in (same, uuid4())
            ]
            with within(teacher):
                return [said.refusal for said in attendance.mark(teacher, session_id, sent)]

        assert all_at_once(app, send, range(AT_ONCE)) == [[None, None]] * AT_ONCE
        assert counted(AttendanceMark) == AT_ONCE + 1
        with unit_of_work.reading(people.everything()):
            cell = db.session.scalars(select(AttendanceCell)).one()
            # The last one to write had seen every mark.
            assert (len(cell.heads), cell.state, cell.conflict) == (AT_ONCE + 1, "absent", False)
        assert counted(Fact, Fact.kind == "programme_session.open_sheet") == 1


def test_two_that_close_the_roll_at_once_make_one_sheet(app):
    with app.app_context():
        camp = make.programme()
        session_id = make.session(camp)
        for _ in range(5):
            make.child_in(camp)
        teacher = make.teacher(camp)

        def close(_):
            try:
                with within(teacher):
                    attendance.take(teacher, session_id, head_count=5)
            except Conflict:
                return "again"
            return "taken"

        assert "taken" in all_at_once(app, close, range(4))
        assert counted(AttendanceMark) == 5
        assert counted(Fact, Fact.kind == "programme_session.take") == 1


def test_a_child_goes_once(app):
    with app.app_context():
        room = make.programme(kind="after_school")
        session_id = make.session(room)
        child, teacher = make.child_in(room), make.teacher(room)
        with unit_of_work.transaction(people.everything()):
            person = PickupPerson(
                enrolment_id=child.id, programme_id=room.id, unit_path=child.unit_path,
                name="王秀英", relation="mother", code_hash=pickup_codes.hashed("246810", 1000),
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
            person_id = person.id

        def fetch(_):
            try:
                with within(teacher):
                    departures.let_go(
                        teacher, session_id, child.id, pickup_id=person_id, code="246810"
                    )
            except Conflict:
                return "gone"
            return "let go"

        answers = all_at_once(app, fetch, range(AT_ONCE))
        assert sorted(answers) == ["gone"] * (AT_ONCE - 1) + ["let go"]
        assert counted(Departure) == 1
        assert counted(Fact, Fact.kind == "departure.let_go") == 1
