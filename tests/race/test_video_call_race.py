"""Ten directors press the same free slot at the same instant: one has it. Asked of PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.errors import Conflict
from portal.extensions import db
from portal.models.video_calls import VideoCall
from portal.services import video_calls
from tests.factories import pairings as make
from tests.factories import people
from tests.factories import wishes as children
from tests.race.test_claim_race import AT_ONCE, all_at_once

pytestmark = pytest.mark.postgres


def test_one_slot_holds_one_call(app):
    with app.app_context():
        keeper = people.staff("county_staff", "350421")
        room = make.do(
            video_calls.open_room, keeper, unit_path="/35/3504/350421/", name="连线室",
            weekdays="1234567", opens="17:00", closes="20:00", slot_minutes=30,
        )  # fmt: skip
        own = [children.child(10).id for _ in range(AT_ONCE)]
        tomorrow = clock.today() + timedelta(days=1)

        def press(number):
            try:
                make.do(
                    video_calls.book, keeper, room_id=room, child_id=own[number],
                    happens_on=tomorrow, starts="17:30", parent_name="林建军", relation="father",
                )  # fmt: skip
            except Conflict:
                return "taken"
            return "booked"

        answers = all_at_once(app, press, range(AT_ONCE))
        assert sorted(answers) == ["booked"] + ["taken"] * (AT_ONCE - 1)
        with unit_of_work.reading(people.everything()):
            assert db.session.scalar(select(func.count(VideoCall.id))) == 1
