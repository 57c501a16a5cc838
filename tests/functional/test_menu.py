"""The desk's menu: whom it offers what, and where it says that the reader stands."""

import re
from collections import Counter

import pytest

from portal.domain.fact_words import SUBJECTS, machine_of, words_of_state
from portal.web.navigation import DESK

ENTRIES_TO_SEE_AT_A_GLANCE = 8


def marks(html):
    """Return the entries of the rail that say: here."""
    return re.findall(r'class="rail-link" href="([^"]+)" aria-current="(\w+)"', html)


def test_no_group_is_too_long_to_be_seen_at_a_glance():
    groups = Counter(entry.group for entry in DESK)
    assert max(groups.values()) <= ENTRIES_TO_SEE_AT_A_GLANCE


@pytest.mark.parametrize("subject", sorted(set(SUBJECTS) & {"Appeal", "Clearance", "Pairing"}))
def test_a_state_in_the_records_is_a_word(subject):
    first = machine_of(subject).initial
    assert words_of_state(subject, first) != first


def test_a_list_and_what_lies_under_it_light_the_same_entry(client_as):
    clerk = client_as("county_staff")
    assert marks(clerk.get("/desk/hours").text) == [("/desk/hours", "page")]
    assert marks(clerk.get("/desk/hours/corrections").text) == [("/desk/hours", "true")]


def test_a_county_is_not_offered_the_texts_of_its_authority(client_as):
    assert 'href="/admin/texts"' not in client_as("county_staff").get("/desk").text
    assert 'href="/admin/texts"' in client_as("city_staff").get("/desk").text


def test_a_refusal_at_the_desk_carries_no_menu_of_the_desk_above_it(client_as):
    clerk = client_as("county_staff", "350421")
    refused = clerk.get("/desk/nothing-here")
    assert refused.status_code == 404
    assert "site-nav-row" not in refused.text
    assert "site-nav-row" in clerk.get("/wishes").text
