"""A phone that sends the same entry many times at once writes it once: asked of PostgreSQL."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.records import Fact
from tests.factories import journals, people
from tests.race.test_claim_race import AT_ONCE, all_at_once

pytestmark = pytest.mark.postgres
ROUNDS = 5


def test_the_same_entry_at_once_is_one_row_one_fact_and_one_answer(app):
    with app.app_context():
        pair = journals.paired()
        for rounds in range(1, ROUNDS + 1):
            client_id = uuid4()

            def send(_, name=client_id):
                return journals.told(pair, client_id=name, worried=True, worry="担心")

            answers = all_at_once(app, send, range(AT_ONCE))
            assert len(set(answers)) == 1, answers
            with unit_of_work.reading(people.everything()):
                rows = db.session.scalar(select(func.count(ContactLog.id)))
                alarms = select(func.count(Fact.id)).where(Fact.kind == "contact_log.worry")
                assert (rows, db.session.scalar(alarms)) == (rounds, rounds)
