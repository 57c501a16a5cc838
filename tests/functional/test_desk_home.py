"""The first page counts each list where the role that works on it sits, and nowhere else."""

import re

import pytest

from tests.factories import people, promises


@pytest.fixture
def waiting(app, client_as):
    """One claim in 明溪 that waits to be approved there."""
    firm = client_as("enterprise")
    with app.app_context():
        [card] = promises.hung(cards=1)
        promises.claimed(firm.actor, card.code)


def tile(page, label):
    """Return the number on a tile, or None where there is none."""
    text = re.sub(r"<[^>]+>", " ", page)
    found = re.search(rf"{label}\s+(\d+)", text)
    return int(found[1]) if found else None


def test_the_county_counts_what_waits_there(waiting, client_as):
    page = client_as("county_staff", "350421").get("/desk").text
    assert tile(page, "认领待批准") == 1
    assert 'id="list-pending"' in page


def test_a_second_role_elsewhere_does_not_lend_its_place(app, waiting, client_as):
    browser = client_as("county_staff", "350424")
    with app.app_context():
        people.also(browser.actor, "handover_staff", "350421")
    page = browser.get("/desk").text
    # She approves in 宁化, where nothing waits; in 明溪 she only receives goods.
    assert tile(page, "认领待批准") == 0
    assert 'id="list-pending"' not in page
    assert tile(page, "等待送达") == 0
