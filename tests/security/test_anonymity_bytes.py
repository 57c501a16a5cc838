"""Invariant 1, byte by byte: nothing that a visitor or a supporter can fetch says who a child is.

Every name, ID number, telephone, village, school and birth date of the demo's children is searched
in every page, picture, refusal, header and mail (T-AN4).
"""

import base64
import json
import re
from html import escape
from urllib.parse import quote

import pytest
from sqlalchemy import select

from portal.core import outbox, unit_of_work
from portal.domain import catalogue
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile, GuardianLink
from portal.models.needs import NeedCard, PairingNeed
from portal.models.records import Message
from portal.models.supporters import SupporterMember
from portal.models.units import Unit
from portal.models.wishes import Wish, WishCard
from portal.notices import render
from portal.queries import actors
from tests.factories import people
from tests.security.crawler import crawl
from tests.security.needles import Needles, ways_of_a_day

STARTS = ("/", "/wishes", "/wishes?status=claimed", "/needs", "/needs?category=company", "/about", "/register", "/login", "/report-concern", "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/nosuch")  # fmt: skip
OWN = (
    "/me",
    "/me/applications",
    "/me/history",
    "/me/profile",
    "/claims/several",
    "/desk",
    "/children",
    "/audit",
)
SUPPORTERS = ("enterprise", "charity", "volunteer", "volunteer109")


@pytest.mark.parametrize(
    "written",
    [
        "林小雨".encode(),
        "林小雨".encode("gb18030"),
        b"\xff\xfe" + "林小雨".encode("utf-16-le"),
        quote("林小雨").encode(),
        json.dumps("林小雨").encode(),
        b"&#26519;&#23567;&#38632;",
        "林 小 雨".encode(),
        "林\u200b小\u200b雨".encode(),
        base64.b64encode("孩子:林小雨".encode()),
        base64.b64encode("x林小雨".encode()),
        "林小雨".encode().hex().encode(),
        b"<svg><title>" + escape("林小雨").encode() + b"</title></svg>",
    ],
)
def test_the_search_finds_a_name_however_it_is_written(written):
    assert ("name", "林小雨") in Needles([("name", "林小雨")]).found(b"before\n" + written)


@pytest.mark.parametrize("written", ["1204 2100 999", "１２０４２１００９９９", "120-4210-0999"])
def test_the_search_finds_a_number_in_disguise(written):
    assert Needles([("phone", "12042100999")]).found(f"电话{written}。".encode())


def test_the_search_is_not_blind_to_pages(app, client):
    """What does stand on a page is found there."""
    needles = Needles([("word", "守护承诺")])
    hits = {hit for _, _, body in crawl(client, "/") for hit in needles.found(body)}
    assert hits == {("word", "守护承诺")}


def facts_about_children():
    """Yield everything on file that could lead to a child, with what it is."""
    adults = set(db.session.scalars(select(User.name)))
    for child in db.session.scalars(select(ChildFile)):
        yield from (("name", child.name), ("id number", child.id_no), ("school", child.school))
        yield from (("birth", written) for written in ways_of_a_day(child.birth_date))
    for guardian in db.session.scalars(select(GuardianLink)):
        yield "phone", guardian.phone
        # The same few given names serve all adults of the demo: a helper may share one.
        if guardian.name not in adults:
            yield "guardian", guardian.name
    for wish in db.session.scalars(select(Wish)):
        yield "file number", wish.file_no
        # Some words are no more than an item's name, which the card says anyway.
        if len(wish.own_words) > 8 and not any(
            word in wish.own_words for word in (one.public_name for one in catalogue.faces())
        ):
            yield "own words", wish.own_words
    for need in db.session.scalars(select(PairingNeed)):
        yield "file number", need.file_no
        if len(need.child_words) > 8:
            yield "own words", need.child_words
    yield from places()


def places():
    """Yield villages and townships, the village also as people say it; an authority is public."""
    small = Unit.level.in_(("village", "township")) & Unit.is_tenant.is_(False)
    for unit in db.session.scalars(select(Unit).where(small)):
        yield unit.level, unit.name
        if short := re.match(r"(.{2,}?村)委会", unit.name):
            yield "village", short[1]


def clients(app):
    """Yield a visitor, and supporters of every kind with what they hold."""
    yield "visitor", app.test_client()
    for login in SUPPORTERS:
        with app.app_context():
            actor = actors.by_email(f"{login}@example.org")
            client = people.sign_in(app.test_client(), actor)
        # A request must bring its own application context, or they would share one ``g``.
        yield login, client


@pytest.mark.sqlite
def test_no_byte_tells_who_a_child_is(demo_app):
    inside = unit_of_work.system_scope("everything that must stay inside")
    with demo_app.app_context(), unit_of_work.reading(inside):
        needles = Needles(facts_about_children())
        codes = dict(db.session.execute(select(WishCard.code, WishCard.status)).all())
        needs = db.session.scalars(select(NeedCard.code)).all()
    assert len(needles) > 10_000
    pages, leaks = 0, {}
    for who, client in clients(demo_app):
        seen = set()
        cards = [*(f"/wishes/{code}" for code in codes), *(f"/needs/{code}" for code in needs)]
        read = crawl(client, *STARTS, *OWN, *cards)
        for address, status, body in [*read, *attempts(client, codes)]:
            assert status < 500, (who, address)
            seen.add(address)
            if hits := needles.found(body):
                leaks[who, address] = sorted(hits)[:5]
        pages += len(seen)
    for address, body in mails(demo_app):
        if hits := needles.found(body):
            leaks["mail", address] = sorted(hits)[:5]
    assert leaks == {}
    assert len(codes) > 10
    assert len(needs) > 5
    assert pages > 500


def attempts(client, codes):
    """Yield the answers to claims: a new one, one that came too late, one of nothing."""
    free = next((code for code, status in codes.items() if status == "open"), "")
    taken = next(code for code, status in codes.items() if status == "claimed")
    for code in (taken, free, "nosuchcard"):
        answer = client.post(f"/wishes/{code}/claim", data={"idempotency_key": f"key-{code}"})
        answer.close()
        yield f"POST {code}", answer.status_code, answer.get_data()


def mails(app):
    """Yield every mail that was ever owed to a supporter, as it leaves."""
    with app.app_context(), unit_of_work.reading(unit_of_work.system_scope("their mails")):
        rows = db.session.scalars(
            select(Message).join(SupporterMember, SupporterMember.user_id == Message.user_id)
        ).all()
        assert len({row.template for row in rows}) > 10
        for row in rows:
            owed = outbox.Owed(
                row.id, row.recipient, row.template, json.loads(row.context), 1, row.created_at
            )
            letter = render.letter(owed)
            whole = f"{letter.subject}\n{letter.text}\n{letter.html}\n{letter.message_id}"
            yield f"{row.template} to {row.recipient}", whole.encode()
