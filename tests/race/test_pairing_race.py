"""One approved pairing per need, two children per person, whatever races: asked of PostgreSQL."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain.errors import Conflict
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.services import pairings
from tests.factories import pairings as make
from tests.factories import people
from tests.race.test_claim_race import all_at_once

pytestmark = pytest.mark.postgres
ROUNDS = 6
LATE = "刚刚由同事批准了另一位结对人"


def states(need_id):
    with unit_of_work.reading(people.everything()):
        rows = db.session.scalars(select(Pairing.status).where(Pairing.need_id == need_id))
        return sorted(rows)


def test_two_clerks_approve_two_people_for_one_need_and_one_wins(app):
    with app.app_context():
        first = people.staff("county_staff", "350421")
        clerks = [people.staff("county_staff", "350421") for _ in range(2)]
        for _ in range(ROUNDS):
            asked = make.need()
            found = [
                make.do(pairings.propose, first, asked.id, make.mentor().supporter_ids[0])
                for _ in range(2)
            ]

            def approve(pair):
                clerk, pairing_id = pair
                try:
                    make.do(pairings.approve, clerk, pairing_id)
                except Conflict as refusal:
                    return "late" if LATE in str(refusal) else str(refusal)
                return "won"

            said = Counter(all_at_once(app, approve, list(zip(clerks, found, strict=True))))
            assert said == {"won": 1, "late": 1}
            assert states(asked.id) == ["closed", "matched"]


def test_four_clerks_propose_one_person_for_four_needs_and_two_get_them(app):
    with app.app_context():
        clerks = [people.staff("county_staff", "350421") for _ in range(4)]
        for _ in range(ROUNDS):
            mentor = make.mentor().supporter_ids[0]
            needs = [make.need().id for _ in range(4)]

            def propose(pair, person=mentor):
                clerk, need_id = pair
                try:
                    make.do(pairings.propose, clerk, need_id, person)
                except Conflict:
                    return "full"
                return "won"

            said = Counter(all_at_once(app, propose, list(zip(clerks, needs, strict=True))))
            assert said == {"won": 2, "full": 2}
