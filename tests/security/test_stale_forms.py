"""A form that carries a version and comes back with a broken one is stale: 409, nothing written."""

from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.domain import versions
from portal.extensions import db
from portal.models.records import Fact
from portal.queries import actors
from tests.factories import people
from tests.security.crawler import walk

#: Who of the demo year meets forms with a version, and where they begin.
READERS = {
    "county": ("/desk",),
    "director": ("/desk",),
    "volunteer": ("/me", "/me/profile", "/me/hours", "/me/offers"),
    "admin": ("/admin/people", "/admin/settings", "/desk"),
}
BROKEN = ("abc", "", None)
#: Words long enough for every reason, a day that no rule minds.
WORDS, DAY = "看过材料，情况属实，写在这里备查。", "2026-05-20"


class Forms(HTMLParser):
    """The posting forms of a page, each filled in as somebody might."""

    def __init__(self, html):
        super().__init__()
        self.found, self._form, self._select = [], None, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = (given.get("action", ""), {}, {})
            self.found.append(self._form)
        elif self._form is not None and tag == "input" and given.get("name"):
            self._input(given)
        elif self._form is not None and tag == "textarea":
            self._form[2][given["name"]] = WORDS
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._form is not None and tag == "option" and given.get("value"):
            self._form[2].setdefault(self._select, given["value"])

    def _input(self, given):
        kind, usual = given.get("type", "text"), {"date": DAY, "number": "1"}
        if kind == "hidden":
            self._form[1][given["name"]] = given.get("value", "")
        elif kind not in ("file", "submit"):
            value = given.get("value") or usual.get(kind, WORDS)
            self._form[2].setdefault(given["name"], value)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


def carrying(client, *starts):
    """Return one form of every kind that carries a version: (endpoint, what it does) → form."""
    kept = {}
    for _, address, status, body in walk(client, *starts, each=1):
        if status != 200 or b'name="version"' not in body:
            continue
        for action, hidden, typed in Forms(body.decode("utf-8", "ignore")).found:
            # A form of something new holds the field, too, and nothing in it.
            if hidden.get("version"):
                target = action.partition("#")[0] or address
                endpoint, _ = adapter(client).match(target.partition("?")[0], method="POST")
                does = hidden.get("transition") or hidden.get("act", "")
                kept.setdefault((endpoint, does), (target, hidden, typed))
    return kept


def adapter(client):
    return client.application.url_map.bind("localhost")


def facts_of(app):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalar(
            select(func.count()).select_from(Fact).where(Fact.kind != "account.proof")
        )


def send_broken(client, target, hidden, typed):
    """Return the status of each broken answer to a form, proof given where it is asked for."""
    endpoint, given = adapter(client).match(target.partition("?")[0], method="POST")
    act = client.application.view_functions[endpoint].__gate__.fresh
    if act:
        people.prove(client, act, ":".join(map(str, given.values())))
    statuses = set()
    for version in BROKEN:
        data = {**hidden, **typed, "version": version}
        answer = client.post(target, data={k: v for k, v in data.items() if v is not None})
        statuses.add(answer.status_code)
        answer.close()
    return statuses


@pytest.mark.sqlite
def test_a_broken_version_is_stale_on_every_form(demo_app):
    wrong, met = {}, set()
    for who, starts in READERS.items():
        with demo_app.app_context():
            person = actors.by_email(f"{who}@example.org")
            client = people.sign_in(demo_app.test_client(), person)
        forms = carrying(client, *starts)
        before = facts_of(demo_app)
        for kind, form in forms.items():
            met.add(kind)
            if (statuses := send_broken(client, *form)) != {409}:
                wrong[who, kind] = statuses
        assert facts_of(demo_app) == before, who
    assert wrong == {}
    assert len({endpoint for endpoint, _ in met}) >= 12


@pytest.mark.parametrize(
    "text", [*BROKEN, "-1", "1.0", "９９", "0", "1" * 10, "²", " ", "1 2", "0x1"]
)
def test_what_is_no_version_is_no_rows_version(text):
    assert versions.shown(text) == versions.STALE < 1


def test_a_version_is_read_as_it_was_shown():
    assert (versions.shown("7"), versions.shown(12)) == (7, 12)
