"""A draw that anybody can draw again, with nothing but SHA-256 at hand."""

import hashlib
from collections import Counter

import pytest

from portal.domain import draws
from portal.domain.draws import Entry

pytestmark = pytest.mark.sqlite


def lowest(seed, key, tickets):
    """Draw one entry by hand, as the page tells a family to."""
    found = [
        hashlib.sha256(f"{seed}:{key}:{n}".encode()).hexdigest() for n in range(1, tickets + 1)
    ]
    return min(found)


def test_the_list_is_what_a_family_reckons_at_home():
    entries = [Entry("a", 1), Entry("b", 4), Entry("c", 2), Entry("d", 1)]
    by_hand = sorted((lowest("seed", one.key, one.tickets), one.key) for one in entries)
    drawn = draws.draw("seed", reversed(entries), 2)
    assert [one.entry.key for one in drawn] == [key for _, key in by_hand]
    assert [one.rank for one in drawn] == [1, 2, 3, 4]
    assert [one.won for one in drawn] == [True, True, False, False]


def test_the_digest_of_the_seed_is_published_first():
    seed = draws.new_seed()
    assert draws.commitment(seed) == hashlib.sha256(seed.encode()).hexdigest()
    assert len(seed) == 64
    assert seed != draws.new_seed()


def test_siblings_have_both_places_or_none_and_who_follows_may_fit():
    entries = [Entry("pair", 1, size=2), Entry("one", 1), Entry("two", 1)]
    ranked = sorted(entries, key=lambda one: lowest("s", one.key, 1))
    drawn = {one.entry.key: one.won for one in draws.draw("s", entries, 1)}
    first_single = next(one.key for one in ranked if one.size == 1)
    assert drawn == {"pair": False, "one": first_single == "one", "two": first_single == "two"}


def test_three_times_the_tickets_come_first_three_times_as_often():
    firsts = Counter(
        draws.draw(f"seed {n}", [Entry("needs", 3), Entry("other", 1)], 1)[0].entry.key
        for n in range(4000)
    )
    assert 0.72 < firsts["needs"] / 4000 < 0.78
