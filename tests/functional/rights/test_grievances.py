"""Complaints from anybody: sealed, on a clock, answered behind a receipt code (L19)."""

import re

import pytest
from sqlalchemy import text

from portal.core import unit_of_work
from portal.domain.errors import Invalid, NotFound
from portal.extensions import db
from portal.models.records import Message
from portal.models.rights import Grievance
from portal.models.supporters import Supporter
from portal.services import grievances
from tests.factories import people
from tests.functional.rights.guide import do, inside, read, rows_of, send, staff

WORDS = "有人在朋友圈发了孩子的背影"


def complained(client, **changes):
    data = {
        "county_code": "350421",
        "category": "supporter",
        "words": WORDS,
        "contact": "",
        **changes,
    }
    page = send(client, "/complaint", data)
    assert page.status_code == 200, page.text
    return re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", page.text)[0]


def test_anybody_complains_and_reads_the_answer_with_the_code(client, client_as):
    code = complained(client)
    [row] = rows_of(Grievance)
    county = client_as("county_staff", "350421")
    assert WORDS in county.get(f"/desk/grievances/{row.id}").text
    do(county.actor, grievances.take, row.id)
    answer = "已核实并请其删除，暂停其认领"
    do(county.actor, grievances.close, row.id, answer=answer)
    page = send(client, "/complaint/answer", {"code": code.lower().replace("-", " ")})
    assert answer in page.text
    assert WORDS not in page.text
    assert send(client, "/complaint/answer", {"code": "2222-2222-2222-2222"}).status_code == 404


def test_it_lies_sealed_and_the_code_is_kept_nowhere(client):
    code = complained(client, contact="12000001111").replace("-", "")
    with inside(), unit_of_work.reading(people.everything()):
        rows = db.session.connection().execute(text("SELECT * FROM grievances")).all()
    for secret in (WORDS, "12000001111", code):
        assert secret not in str(rows)


def test_one_about_staff_goes_above_them(client, client_as):
    complained(client, category="staff")
    [row] = rows_of(Grievance)
    path = f"/desk/grievances/{row.id}"
    assert client_as("county_staff", "350421").get(path).status_code == 404
    assert client_as("county_staff", "320681").get(path).status_code == 404
    assert client_as("city_staff").get(path).status_code == 200


def test_the_desk_is_told_by_mail_without_a_word_of_it(client):
    staff("county_staff", "350421")
    complained(client)
    [mail] = rows_of(Message, Message.template == "grievance_to_answer")
    assert WORDS not in mail.context


def test_no_ending_without_words():
    with inside(), unit_of_work.transaction(people.everything()):
        sent = grievances.send(county_code="350421", category="page", words="错字")
    county = staff("county_staff", "350421")
    for verb in (grievances.close, grievances.uphold):
        with pytest.raises(Invalid):
            do(county, verb, sent.id, answer=" ")
    with pytest.raises(NotFound):
        do(staff("county_staff", "350429"), grievances.close, sent.id, answer="别的县")


def test_an_accepted_complaint_suspends_at_once(client):
    with inside():
        named = people.supporter("individual").supporter_ids[0]
    complained(client)
    [row] = rows_of(Grievance)
    county = staff("county_staff", "350421")
    do(county, grievances.uphold, row.id, answer="属实，已暂停资格", supporter_id=named)
    assert read(Supporter, named, "status") == "suspended"
    assert read(Grievance, row.id, "status") == "upheld"


def test_an_empty_one_is_shown_again_and_many_are_slowed_down(client):
    data = {"county_code": "350421", "category": "page", "words": ""}
    assert send(client, "/complaint", data).status_code == 422
    for _ in range(10):
        complained(client, category="page", words="字太小")
    assert send(client, "/complaint", {**data, "words": "字太小"}).status_code == 429
