"""Every page that each role can reach: no error on the console, nothing refused by the CSP, no
serious barrier for anybody, nothing wider than the screen.

Each role asks for every page it can reach. Chromium shows it, and axe goes over it, when it holds
an element that no page before it held on that device, whoever looked; with LOOK_ALL set
(`make check-long`) Chromium shows every page to every role.
"""

import os
import re
from collections import deque

import pytest

from tests.e2e import shapes
from tests.e2e.walks import sign_in

#: Who looks, on a phone or at a desk, where they begin, and how many kinds of page they must find.
ROLES = (
    ("visitor", True, ("/", "/wishes"), 12),
    ("volunteer", True, ("/", "/me"), 12),
    ("enterprise", True, ("/", "/me"), 12),
    ("charity", False, ("/", "/me"), 12),
    ("director", True, ("/desk", "/desk/my-wishes/new"), 8),
    ("supervisor", False, ("/desk",), 6),
    ("county", False, ("/desk",), 12),
    ("point", True, ("/desk",), 3),
    ("city", False, ("/desk",), 10),
    ("auditor", False, ("/audit",), 2),
    ("admin", False, ("/admin/people",), 4),
)
#: /confirm is asked with what is about to be done; its own walk looks at it (test_passkey.py).
_NOT_A_PAGE = re.compile(
    r"^/(static|files|mailbox|verify-email|invite)/|\.(xlsx|pdf)$|^/(mailbox|confirm)"
)
_ID = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}")
_CODE = re.compile(r"/[a-z2-7]{26}")


def kind_of(path: str) -> str:
    """Return a page's address with its ids left out: one of each kind is looked at."""
    path = _CODE.sub("/<code>", _ID.sub("/<id>", path))
    path = re.sub(r"/(items?/)([A-Z]{2}\d\d|\d\d|[0-9a-f]{16})\b", r"/\1<item>", path)
    return re.sub(r"/20\d\d\b", "/<year>", path)


@pytest.mark.parametrize(("login", "phone", "starts", "least"), ROLES, ids=[r[0] for r in ROLES])
def test_every_page_of_a_role(people, login, phone, starts, least):
    person = people(login, phone=phone)
    page = person.page
    if login != "visitor":
        sign_in(person, login)
    waiting, seen, faults = deque(starts), set(), []
    while waiting:
        path = waiting.popleft()
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.request.get(path, headers={"Accept": "text/html"})
        source = shapes.read(answer.url, answer.text())
        found = [f"status {answer.status}"] if answer.status >= 400 else []
        is_new = shapes.new_in("phone" if phone else "desk", source.shape)
        if is_new or found or "LOOK_ALL" in os.environ:
            found += look(person, path)
        if found or "SHOTS" in os.environ:
            name = re.sub(r"[^a-z0-9]+", "-", kind_of(path)).strip("-") or "home"
            person.shot(f"look-{login}-{name}")
        faults += [f"{path}: {fault}" for fault in found]
        waiting.extend(sorted(each for each in source.links if not _NOT_A_PAGE.search(each)))
    assert not faults, "\n".join(faults)
    assert len(seen) >= least, sorted(seen)


def look(person, path) -> list[str]:
    """Show a page; return what is wrong with it."""
    faults = []
    answer = person.page.goto(path)
    if answer.status >= 400:
        faults.append(f"status {answer.status}")
    if (wide := person.overflow()) > 0:
        faults.append(f"{wide} px wider than the screen")
    faults += person.axe()
    return faults + [person.complaints.pop() for _ in list(person.complaints)]
