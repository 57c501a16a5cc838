"""Invariant 2 from outside: what one bureau's people can open is 404 for the same role elsewhere.

Staff and a supporter of 明溪 walk through every page they can reach in the demo year; every address
with an id that they saw is then tried by people who sit elsewhere.
"""

from __future__ import annotations

import re

import pytest

from portal.queries import actors
from tests.factories import people

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
MOST = 120
#: Who walks, and who tries the same doors from elsewhere.
WALKS = {
    "director@example.org": [("child_director", "350430100201"), ("child_director", "320681100")],
    "supervisor@example.org": [
        ("child_supervisor", "350430100"),
        ("child_supervisor", "320681100"),
    ],
    "county@example.org": [("county_staff", "350430"), ("county_staff", "320681")],
    "point.350405@example.org": [("handover_staff", "350430"), ("handover_staff", "320681")],
    "city@example.org": [("county_staff", "320681")],
    "enterprise@example.org": [("enterprise", None)],
    "volunteer@example.org": [("individual", None)],
}
#: Supporters belong to the authority (domain.md 3): a sister county reads the same applications.
SHARED_IN_AUTHORITY = ("/desk/vetting", "/files", "/desk/windows", "/desk/resources")


def walk(client):
    """Follow every link once; return the addresses that hold an id, and how many pages there were."""
    waiting, seen, with_id = ["/desk", "/me", "/children"], set(), set()
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code != 200 or "html" not in answer.content_type:
            continue
        # An id in a query only narrows a list; an id in the path asks for the thing itself.
        if UUID.search(address.partition("?")[0]):
            with_id.add(address)
        for link in LINK.findall(answer.get_data(as_text=True)):
            plain = link.replace("&amp;", "&")
            if not plain.startswith(("/static", "/logout", "/mailbox")) and plain.count("?") < 2:
                waiting.append(plain)
    return with_id, len(seen)


@pytest.mark.parametrize("walker", sorted(WALKS))
def test_what_one_bureau_opens_is_absent_for_the_others(walker, demo_app, client_as):
    with demo_app.app_context():
        insider = actors.by_email(walker)
    opened, pages = walk(client_as(insider))
    assert opened, f"{walker} saw nothing with an id on {pages} pages"
    ids = {found for address in opened for found in UUID.findall(address)}
    for role, unit in WALKS[walker]:
        stranger = client_as(role, unit)
        for address in sorted(opened):
            if unit and unit.startswith("35") and address.startswith(SHARED_IN_AUTHORITY):
                continue
            assert stranger.get(address).status_code == 404, (role, unit, address)
        assert not ids & hinted(stranger, unit), (role, unit)


def hinted(stranger, unit):
    """The ids on the lists that a stranger may open."""
    lists = [
        "/desk",
        "/desk/wishes",
        "/desk/commitments",
        "/children",
        "/audit",
        "/me",
        "/me/history",
    ]
    if unit is None or not unit.startswith("35"):
        lists.append("/desk/vetting")
    text = "".join(stranger.get(address).get_data(as_text=True) for address in lists)
    return set(UUID.findall(text))


def test_the_neighbours_are_no_empty_offices(demo_app, client_as):
    """A wall test in front of an empty house proves nothing: 启东 sees its own, too."""
    stranger = client_as("county_staff", people.SEATS["county"])
    assert walk(stranger)[0]
