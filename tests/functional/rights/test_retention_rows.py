"""Short-lived rows, leaves, offers and hours end on their own day, and not a day before."""

from datetime import date, datetime, timedelta

import pytest

from portal.core import unit_of_work
from portal.core.storage import storage
from portal.domain import clock as portal_clock
from portal.models.authorities import Delegation
from portal.models.factors import Challenge, KeptForm, KnownDevice, Proof
from portal.models.honours import Honour
from portal.models.records import StoredFile
from portal.models.resources import ResourceLink, ResourceOffer
from portal.models.rights import Tombstone
from portal.models.service_records import Certificate, CertificateRecord, ServiceRecord
from portal.models.sight import SightOutlier, SightRequest
from portal.models.sign_in_ways import PhoneCode, WeChatAsk
from portal.services import retention
from tests.factories import hours, people
from tests.factories.anything import row_of
from tests.functional.rights.guide import change, inside, rows_of, staff

COUNTY = "/35/3504/350421/"
TENANT = "/35/3504/"
#: Rows are made at noon of this day; a class of whole days ends the first night after its last.
MADE = datetime(2026, 5, 20, 12, 0)
A_DAY = (datetime(2026, 5, 21, 23, 0), datetime(2026, 5, 22, 3, 0))
A_YEAR = (datetime(2027, 5, 20, 23, 0), datetime(2027, 5, 21, 3, 0))
THREE_YEARS = (datetime(2029, 5, 20, 23, 0), datetime(2029, 5, 21, 3, 0))


def put(model, **given):
    with inside(), unit_of_work.transaction(people.everything()):
        return row_of(model, COUNTY, TENANT, **given).id


def night(name):
    with inside(), unit_of_work.transaction(people.everything()):
        return retention.forget(name)


@pytest.mark.parametrize(
    ("name", "model", "since", "given", "around"),
    [
        ("kept_forms", KeptForm, "kept_at", {}, A_DAY),
        ("proofs", Proof, "at", {}, A_DAY),
        ("proofs", Challenge, "expires_at", {}, A_DAY),
        ("codes", PhoneCode, "expires_at", {}, A_DAY),
        ("codes", WeChatAsk, "expires_at", {}, A_DAY),
        ("known_devices", KnownDevice, "last_seen_at", {}, A_YEAR),
        ("delegations", Delegation, "ended_at", {"valid_to": date(2040, 1, 1)}, THREE_YEARS),
        ("sights", SightRequest, "status_since", {"status": "refused"}, THREE_YEARS),
        ("sights", SightOutlier, "settled_at", {}, THREE_YEARS),
        ("resources", ResourceOffer, "status_since", {"status": "expired"}, THREE_YEARS),
        ("honours", Honour, "created_at", {"status": "declined"}, THREE_YEARS),
    ],
)
def test_a_row_ends_on_its_day(app, clock, name, model, since, given, around):
    clock.move_to(MADE)
    put(model, **{since: portal_clock.now()}, **given)
    last_evening, first_night = around
    clock.move_to(last_evening)
    assert night(name) == 0
    clock.move_to(first_night)
    assert night(name) == 1
    assert rows_of(model) == []


@pytest.mark.parametrize(
    ("name", "model", "given"),
    [
        ("sights", SightRequest, {"status": "asked"}),
        ("resources", ResourceOffer, {"status": "listed"}),
        ("honours", Honour, {"status": "approved"}),
    ],
)
def test_what_still_stands_is_not_touched(app, clock, name, model, given):
    put(model, **given)
    clock.advance(days=365 * 12)
    assert night(name) == 0
    assert len(rows_of(model)) == 1


def test_an_ended_offer_takes_its_links_with_it(app, clock):
    offer = put(ResourceOffer, status="withdrawn", status_since=portal_clock.now())
    put(ResourceLink, offer_id=offer)
    clock.advance(days=365 * 3 + 3)
    assert night("resources") == 2
    assert rows_of(ResourceLink) == []


def test_hours_and_their_paper_go_after_ten_years(app, clock):
    with inside():
        one = hours.volunteer()
        first, second = staff("county_staff", "350421"), staff("county_staff", "350421")
        hours.verified(one, first, hours.service(hours.before(10)))
        paper = hours.issued(one, first, second, hours.before(20), hours.before(1), clock)
        key = "ab/ab4f2c6e-0000-4000-8000-000000000001"
        storage().put(key, b"%PDF-")
        file = put(StoredFile, key=key)
    change(Certificate, paper, file_id=file)
    clock.advance(days=3650)
    assert night("service_records") == 0
    clock.advance(days=5)
    assert night("service_records") == 2
    for model in (Certificate, CertificateRecord, ServiceRecord, StoredFile):
        assert rows_of(model) == []
    assert [(stone.kind, stone.row_id) for stone in rows_of(Tombstone)] == [("file", file)]
    assert night("service_records") == 0


def test_a_record_stays_while_a_paper_rests_on_it(app, clock):
    with inside():
        one = hours.volunteer()
        first, second = staff("county_staff", "350421"), staff("county_staff", "350421")
        served = hours.before(10)
        hours.verified(one, first, hours.service(served))
        clock.advance(days=365)
        hours.issued(one, first, second, served - timedelta(days=1), served, clock)
    clock.advance(days=365 * 9 + 30)
    assert night("service_records") == 0
    assert len(rows_of(ServiceRecord)) == 1
