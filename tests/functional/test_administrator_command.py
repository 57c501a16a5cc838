"""The command that lets the first people in, and then no more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.records import Message
from tests.factories import people

CITY = "/35/3504/"


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["administrator", *words])


def held(app, email):
    with app.app_context(), unit_of_work.reading(people.everything()) as session:
        return [
            tuple(row)
            for row in session.execute(
                select(RoleGrant.role, RoleGrant.unit_path)
                .join(User, User.id == RoleGrant.user_id)
                .where(User.email == email)
            )
        ]


def test_an_empty_installation_gets_two_administrators_by_mail_and_no_third(app, run):
    for email in ("li@example.org", "wang@example.org"):
        done = run(email, "李明", "--unit", "350400")
        assert done.exit_code == 0, done.output
        assert held(app, email) == [("platform_admin", CITY)]
    third = run("zhao@example.org", "赵六", "--unit", "350400")
    assert third.exit_code == 1
    assert "已有两位管理员" in third.output
    assert held(app, "zhao@example.org") == []
    with app.app_context(), unit_of_work.reading(people.everything()):
        templates = db.session.scalars(select(Message.template)).all()
    assert templates.count("invite") == 2


def test_a_county_below_two_administrators_needs_none_from_the_operator(app, run):
    for email in ("li@example.org", "wang@example.org"):
        run(email, "李明", "--unit", "350400")
    assert run("chen@example.org", "陈一", "--unit", "350421").exit_code == 1
    assert run("qi@example.org", "戚东", "--unit", "320681").exit_code == 0


@pytest.mark.parametrize("code", ["999999", ""])
def test_an_unknown_unit_is_said_in_a_sentence(app, run, code):
    refused = run("li@example.org", "李明", "--unit", code)
    assert refused.exit_code == 1
    assert "没有代码为" in refused.output
    assert held(app, "li@example.org") == []
