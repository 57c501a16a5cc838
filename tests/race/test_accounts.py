"""Accounts under simultaneous tries: limits hold, a token is used once, one grant stays one."""

import json
import threading

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.accounts import Attempt
from portal.models.records import Message
from tests.factories import people
from tests.factories.applicants import PASSWORD, csrf, with_password

MANY = 16


@pytest.fixture
def clerk(app):
    with app.app_context():
        return with_password(people.staff("county_staff"))


def at_once(tasks):
    """Start every task at the same instant; return what each gave."""
    gate, found = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(place, task):
        gate.wait()
        found[place] = task()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_sixteen_tries_at_once_are_ten_and_no_more(app, clerk):
    def prepare():
        client = app.test_client()
        data = {"csrf_token": csrf(client, "/login"), "email": clerk.email, "password": "x" * 12}
        return lambda: client.post("/login", data=data).status_code

    answers = at_once([prepare() for _ in range(MANY)])
    assert sorted(set(answers)) == [422, 429]
    assert answers.count(422) == 10
    with app.app_context(), unit_of_work.reading(people.everything()):
        counted = select(func.count()).where(Attempt.key.startswith("login:account"))
        assert db.session.scalar(counted) == 10


def test_one_reset_link_pressed_by_many_sets_one_password(app, clerk):
    client = app.test_client()
    token = csrf(client, "/password/forgot")
    client.post("/password/forgot", data={"csrf_token": token, "email": clerk.email})
    with app.app_context(), unit_of_work.reading(people.everything()):
        path = json.loads(db.session.scalars(select(Message.context)).one())["path"]

    def prepare(number):
        visitor = app.test_client()
        data = {"csrf_token": csrf(visitor, path), "password": f"{PASSWORD}{number}"}
        return lambda: visitor.post(path, data=data).status_code

    answers = at_once([prepare(number) for number in range(6)])
    assert sorted(answers) == [303] + [404] * 5
