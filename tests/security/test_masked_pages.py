"""Every page as the county's clerk reads it, nothing opened: masks everywhere, byte by byte.

No whole ID number of anybody, no telephone of a guardian, no address of a home, in pages, headers
and workbooks.
"""

import io
import zipfile

import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.supporters import Supporter
from portal.queries import actors
from tests.factories import people
from tests.security.access_matrix import DOORS
from tests.security.crawler import walk
from tests.security.needles import Needles

OK, FAULT = 200, 500


def give_homes():
    """Write an address on every file: the demo year knows none."""
    for number, child in enumerate(db.session.scalars(select(ChildFile)), start=1001):
        child.home_address = f"雪峰镇东新巷{number}号甲"


def kept_back():
    """Yield what only an opened file shows, with what it is."""
    for child in db.session.scalars(select(ChildFile)):
        yield from (("id number", child.id_no), ("address", child.home_address))
    for guardian in db.session.scalars(select(GuardianLink)):
        yield "phone", guardian.phone
    for supporter in db.session.scalars(select(Supporter)):
        yield from (("id number", supporter.id_no), ("address", supporter.address))


def bytes_of(body):
    """Return the body, and what is packed in it."""
    at = body.find(b"PK\x03\x04")
    if at < 0:
        return body
    with zipfile.ZipFile(io.BytesIO(body[at:])) as packed:
        return b"\n".join([body[:at], *(packed.read(name) for name in packed.namelist())])


@pytest.mark.sqlite
def test_a_clerk_reads_masks_on_every_page(demo_app):
    with demo_app.app_context():
        with unit_of_work.transaction(people.everything()):
            give_homes()
        with unit_of_work.reading(people.everything()):
            kept = [(kind, fact) for kind, fact in kept_back() if fact]
        clerk = people.sign_in(demo_app.test_client(), actors.by_email("county@example.org"))
    needles = Needles(kept)
    open_doors = {
        one.endpoint: one.address
        for one in DOORS
        if one.method == "GET" and "county_staff" in one.who and one.expected("county_staff") == OK
    }
    leaks, reached = {}, set()
    for endpoint, address, status, body in walk(clerk, "/desk", *open_doors.values(), each=1):
        assert status < FAULT, address
        reached.add(endpoint)
        if hits := needles.found(bytes_of(body)):
            leaks[address] = sorted(hits)[:5]
    assert leaks == {}
    assert {kind for kind, _ in kept} == {"id number", "phone", "address"}
    assert set(open_doors) <= reached
    assert reached >= {
        "children.file", "children.looks", "desk.vetting_dossier", "desk.wish", "desk.commitment",
        "desk.hours_record", "desk.certificate", "desk.resource", "ledger.home",
    }  # fmt: skip
