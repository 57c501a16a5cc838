"""Applicants who belong to nobody, their numbers, their papers, and how a browser sends forms."""

from __future__ import annotations

import io
import itertools
import re
from datetime import date, datetime
from html import unescape

from flask.testing import FlaskClient
from PIL import Image
from stdnum.cn import uscc as codes

from portal.core import scope, unit_of_work
from portal.core.passwords import hashed
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.applications import Application
from portal.domain.identity import fictitious_id_number
from portal.domain.texts import PLEDGE_VERSION, PRIVACY_VERSION
from portal.extensions import db
from portal.models.accounts import User
from portal.models.supporters import Supporter
from portal.queries import actors
from portal.services import files, supporters
from tests.factories import factors, people

PASSWORD = "三月的小雨很好听呀真的"
_order = itertools.count(1)


def moment(*parts: int) -> datetime:
    """Return a moment in Shanghai."""
    return datetime(*parts, tzinfo=clock.SHANGHAI)


def id_number(birth: date = date(1985, 3, 2)) -> str:
    """Return a fresh ID number of somebody born that day; nobody has it."""
    return fictitious_id_number("350421", birth, next(_order) % 999 + 1)


def uscc(kind: str = "enterprise") -> str:
    """Return a fresh code of an enterprise or a charity that does not exist."""
    first = "91" if kind == "enterprise" else "51"
    body = f"{first}999421MAD{next(_order):06d}"
    return body + codes.calc_check_digit(body)


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), **options) -> bytes:
    """Return the bytes of a plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "#b4430d").save(out, kind, **options)
    return out.getvalue()


def application(kind: str = "individual", **changes) -> Application:
    """Return an application that is in order."""
    values = {
        "kind": kind,
        "county_code": "350421",
        "name": "王晓燕" if kind == "individual" else "明溪县向阳灯具有限公司",
        "phone": "12042100001",
        "pledge_version": PLEDGE_VERSION,
        "privacy_version": PRIVACY_VERSION,
    }
    if kind == "individual":
        values["id_number"] = id_number()
    else:
        values |= {"uscc": uscc(kind), "contact_name": "林秀英"}
    return Application(**{**values, **changes})


def paper(actor: Actor) -> object:
    """Keep a licence as a draft; return its id."""
    return files.keep_draft(actor, data=picture(), mime="image/jpeg")


def applied(kind: str = "individual", **changes) -> tuple[Actor, object]:
    """Make an account that has applied; return its person and the supporter's id."""
    actor = people.account()
    needs = {"enterprise": "business_licence", "charity": "registration_certificate"}
    if kind in needs:
        changes.setdefault("documents", {needs[kind]: paper(actor)})
    with unit_of_work.transaction(scope.of(actor)):
        supporter_id = supporters.register(
            actor, application(kind, **changes), allow_fictitious=True
        )
    return actors.by_user(actor.user_id), supporter_id


def with_password(actor: Actor, password: str = PASSWORD) -> Actor:
    """Give an account a password, and staff the second factor they need beside it."""
    with unit_of_work.transaction(people.everything()):
        db.session.get(User, actor.user_id).password_hash = hashed(password)
    return factors.with_generator(actor) if actor.is_staff else actor


def row(supporter_id: object, *names: str):
    """Read columns of a supporter, whatever the scope."""
    with unit_of_work.reading(people.everything()):
        found = db.session.get(Supporter, supporter_id)
        values = tuple(getattr(found, name) for name in names)
    return values if len(values) > 1 else values[0]


def csrf(client: FlaskClient, path: str) -> str:
    """Open a page as a browser does and return its form's token."""
    html = client.get(path).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert token, f"{path} has no form"
    return unescape(token[1])


def send(client: FlaskClient, path: str, data: dict | None = None, page: str = "", **options):
    """Open ``page`` (or the path itself), then post to ``path`` with its token.

    The version goes along that the page's form for ``path`` holds, as a browser sends it.
    """
    html, typed = client.get(page or path).text, data or {}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert token, f"{page or path} has no form"
    given = {"csrf_token": unescape(token[1]), **shown_version(html, path, typed), **typed}
    return client.post(path, data=given, **options)


def shown_version(html: str, path: str, typed: dict) -> dict[str, str]:
    """Return the hidden version of the page's form for ``path`` that fits what is typed."""
    for form in re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL):
        action = re.search(r'action="([^"]*)"', form)
        held = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        fits = all(str(typed.get(name, value)) == value for name, value in held.items())
        if action and unescape(action[1]).split("#")[0] == path and fits and "version" in held:
            return {"version": held["version"]}
    return {}


def send_proved(
    client: FlaskClient, path: str, data: dict | None = None, page: str = "", **options
):
    """Send as ``send`` does, after the fresh proof that the door asks for, if it asks for one."""
    app = client.application
    endpoint, given = app.url_map.bind("localhost").match(path, method="POST")
    act = app.view_functions[endpoint].__gate__.fresh
    with client.session_transaction() as cookie:
        signed_in = "_user_id" in cookie
    if act and signed_in:
        people.prove(client, act, ":".join(str(value) for value in given.values()))
    return send(client, path, data, page, **options)


def hidden(html: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*value="([^"]*)"', html)
    return unescape(found[1]) if found else ""
