"""What the tests of rights share: a child on file, a link, a browser that opened it."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import nullcontext
from types import SimpleNamespace

from flask import has_app_context
from sqlalchemy import inspect, select

from portal.core import scope, unit_of_work
from portal.extensions import db
from portal.models.rights import GuardianAccess
from portal.services import guardians
from tests.factories import people
from tests.factories import wishes as make
from tests.factories.applicants import csrf

#: Of the guardian that tests.factories.wishes makes: 12059861234.
LAST_FOUR = "1234"
#: The application of the running test (conftest).
apps = []


def inside():
    """Return a context of the application, or the one that is open."""
    return nullcontext() if has_app_context() else apps[0].app_context()


def do(actor, act, *args, **given):
    """Run a service verb as somebody; return its id or what it returned."""
    with inside(), unit_of_work.transaction(scope.of(actor)):
        row = act(actor, *args, **given)
        return getattr(row, "id", row)


def read(model, row_id, *names):
    """Read columns of a row, whatever the scope."""
    with inside(), unit_of_work.reading(people.everything()):
        row = db.session.get(model, row_id)
        values = tuple(getattr(row, name) for name in names)
    return values if len(values) > 1 else values[0]


def linked(medium: str = "paper", **of_child) -> SimpleNamespace:
    """A child of 明溪 whose guardian has a link."""
    with inside():
        child = make.child(10, **of_child)
        director = people.staff("child_director", make.VILLAGE)
    access_id = do(director, guardians.issue, child.id, child.guardian_id, medium)
    expires = read(GuardianAccess, access_id, "expires_at")
    with inside():
        token = guardians.token_of(access_id, expires)
    return SimpleNamespace(child=child, director=director, access_id=access_id, token=token)


def enter(client, token: str, proof: str = LAST_FOUR):
    """Pass (or fail) the second check in a browser."""
    token_of_form = csrf(client, f"/g/{token}")
    return client.post(f"/g/{token}", data={"csrf_token": token_of_form, "proof": proof})


def send(client, path: str, data: dict | None = None, page: str = ""):
    """Post a form that a page holds."""
    return client.post(path, data={"csrf_token": csrf(client, page or path), **(data or {})})


def unzipped(data: bytes) -> tuple[str, dict, list[str]]:
    """Return the page, the JSON and the names in an export."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        page = file.read("data.html").decode()
        return page, json.loads(file.read("data.json")), file.namelist()


def rows_of(model, *conditions):
    """Return the columns of every row that fits, whatever the scope."""
    names = [attribute.key for attribute in inspect(model).column_attrs]
    with inside(), unit_of_work.reading(people.everything()):
        found = db.session.scalars(select(model).where(*conditions)).all()
        return [SimpleNamespace(**{name: getattr(row, name) for name in names}) for row in found]


def change(model, row_id, **values):
    """Write columns of a row behind every rule's back."""
    with inside(), unit_of_work.transaction(people.everything()):
        row = db.session.get(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def staff(role, unit=None):
    """Make a person of staff."""
    with inside():
        return people.staff(role, unit)


def as_guardian(act, token, *args, **given):
    """Run a guardian's verb through a link."""
    with inside(), unit_of_work.transaction(scope.NOTHING):
        return act(guardians.find(token), *args, **given)
