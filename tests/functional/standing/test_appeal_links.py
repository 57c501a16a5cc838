"""Whoever cannot sign in any more appeals by the link in the mail: once, within the 15 days."""

import json

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.records import Message
from portal.models.standings import Appeal
from portal.services import appeals, vetting
from tests.factories import people
from tests.factories.applicants import moment, send
from tests.functional.standing import stage
from tests.functional.standing.stage import do

REFUSED = {"reason_code": "false_documents", "reason": "材料与查询结果不一致"}


@pytest.fixture
def revoked(app, clock):
    """A person whose standing was taken away on 2026-05-20, and the link in the mail."""
    with app.app_context():
        clerk = stage.clerk()
        person, own = stage.admitted(clerk)
        do(vetting.revoke, clerk, own, **REFUSED)
        return person, own, link()


def link():
    with unit_of_work.reading(people.everything()):
        [mail] = db.session.scalars(
            select(Message).where(Message.template == "supporter_revoked")
        ).all()
        return json.loads(mail.context)["path"]


def filed(app):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return [row.words for row in db.session.scalars(select(Appeal))]


def test_the_link_shows_why_and_takes_one_appeal_without_signing_in(app, client, revoked):
    at = revoked[2]
    page = client.get(at)
    assert page.status_code == 200
    assert REFUSED["reason"] in page.text
    assert "2026-06-04" in page.text or "6月4日" in page.text
    assert send(client, at, {"words": ""}, page=at).status_code == 422
    assert send(client, at, {"words": "同名的人"}, page=at).status_code == 303
    assert filed(app) == ["同名的人"]
    assert client.get(at).status_code == 404
    assert send(client, at, {"words": "再来一次"}, page="/login").status_code == 404
    assert filed(app) == ["同名的人"]


def test_it_ends_after_the_fifteenth_day(client, clock, revoked):
    clock.move_to(moment(2026, 6, 4, 23, 59))
    assert client.get(revoked[2]).status_code == 200
    clock.move_to(moment(2026, 6, 5, 0, 0))
    assert client.get(revoked[2]).status_code == 404


def test_another_s_id_or_mark_opens_nothing(app, client, revoked):
    at = revoked[2]
    with app.app_context():
        stranger = people.supporter("individual").supporter_ids[0]
    marked = at.removeprefix("/appeal/")[32:]
    assert client.get(f"/appeal/{stranger.hex}{marked}").status_code == 404
    assert client.get(at[:-1] + ("0" if at[-1] != "0" else "1")).status_code == 404
    assert client.get(at[:-4]).status_code == 404


def test_a_later_decision_has_a_link_of_its_own(app, client, clock, revoked):
    person, own, at = revoked
    with app.app_context():
        clerk = stage.clerk()
        found = do(appeals.file, person, own, words="同名的人")
        do(appeals.uphold, clerk, found, answer="查询的是同名的人")
        clock.advance(hours=1)
        do(vetting.approve, clerk, own, identity_confirmed=True)
        do(vetting.revoke, clerk, own, **REFUSED)
    assert client.get(at).status_code == 404
