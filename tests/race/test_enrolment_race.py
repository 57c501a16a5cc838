"""The last place, and one person's hours, whatever races: asked of PostgreSQL (invariant 4)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.errors import Conflict
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.services import duties, enrolments, rota
from portal.services.enrolments import Consents
from tests.factories import giving, people
from tests.factories import programmes as make
from tests.factories import wishes as children
from tests.factories.pairings import do
from tests.race.test_claim_race import all_at_once

pytestmark = pytest.mark.postgres
ROUNDS = 4
YES = Consents(activity=True, by="林建国")


def of(programme):
    with unit_of_work.reading(people.everything()):
        rows = db.session.execute(
            select(Enrolment.status, Enrolment.wait_no, Enrolment.roster_no).where(
                Enrolment.programme_id == programme.id
            )
        )
        return sorted(tuple(row) for row in rows)


def test_of_three_families_one_has_the_last_place_and_the_others_wait_in_line(app):
    with app.app_context():
        director = people.staff("child_director", children.VILLAGE)
        for _ in range(ROUNDS):
            first = clock.today() + timedelta(days=40)
            camp = make.programme(starts_on=first, capacity=1)
            asked = [
                do(enrolments.apply, director, camp.id, children.child(10).id) for _ in range(3)
            ]
            all_at_once(app, lambda one: do(enrolments.consent, director, one, YES), asked)
            assert of(camp) == [
                ("enrolled", None, 1), ("waitlisted", 1, None), ("waitlisted", 2, None),
            ]  # fmt: skip


def test_two_camps_that_want_one_person_at_the_same_hours_one_gets_them(app):
    with app.app_context():
        clerks = [people.staff("county_staff", "350421") for _ in range(2)]
        for _ in range(ROUNDS):
            person = giving.volunteer().supporter_ids[0]
            first = clock.today() + timedelta(days=20)
            camps = [make.programme(starts_on=first, days=1) for _ in range(2)]
            asked = [
                do(rota.invite, clerk, camp.id, person, role="helper")
                for clerk, camp in zip(clerks, camps, strict=True)
            ]

            def assign(pair, day=first):
                clerk, staff_id = pair
                try:
                    do(duties.assign, clerk, staff_id, first=day, starts="08:00", ends="12:00")
                except Conflict:
                    return "busy"
                return "won"

            said = Counter(all_at_once(app, assign, list(zip(clerks, asked, strict=True))))
            assert said == {"won": 1, "busy": 1}
