import os

import pytest

from portal.domain.cipher import CipherError, KeyRing

PLACE = "child_files.name"


@pytest.fixture
def ring():
    return KeyRing.parse(KeyRing.generate())


def test_a_sealed_value_opens_again_and_never_reads_the_same_twice(ring):
    first, second = ring.seal("林安宁", PLACE), ring.seal("林安宁", PLACE)
    assert first != second
    assert "林安宁" not in first
    assert ring.unseal(first, PLACE) == ring.unseal(second, PLACE) == "林安宁"


def test_a_value_moved_to_another_column_does_not_open(ring):
    sealed = ring.seal("林安宁", PLACE)
    with pytest.raises(CipherError):
        ring.unseal(sealed, "guardian_links.name")


@pytest.mark.parametrize("at", [-2, -10, 8])
def test_a_changed_byte_is_noticed(ring, at):
    sealed = ring.seal("林安宁", PLACE)
    changed = list(sealed)
    changed[at] = "A" if changed[at] != "A" else "B"
    with pytest.raises(CipherError):
        ring.unseal("".join(changed), PLACE)


def test_an_old_key_still_reads_after_a_new_one_writes():
    old, new, index = os.urandom(32), os.urandom(32), os.urandom(32)
    before = KeyRing({"k1": old}, index)
    after = KeyRing({"k2": new, "k1": old}, index)
    assert after.unseal(before.seal("林安宁", PLACE), PLACE) == "林安宁"
    assert after.seal("林安宁", PLACE).startswith("v1:k2:")


def test_a_lost_key_is_said_and_not_guessed(ring):
    other = KeyRing.parse(KeyRing.generate())
    with pytest.raises(CipherError, match=r"cannot open a value of child_files\.name"):
        other.unseal(ring.seal("林安宁", PLACE), PLACE)


def test_equal_values_find_each_other_only_within_one_purpose_and_key(ring):
    same = ring.blind_index("999421201506010014", "child_id")
    assert ring.blind_index("999421201506010014", "child_id") == same
    assert ring.blind_index("999421201506010014", "supporter_id") != same
    other = KeyRing.parse(KeyRing.generate())
    assert other.blind_index("999421201506010014", "child_id") != same


@pytest.mark.parametrize(
    "text", ["", "k1:AAAA", "k1:AAAA,index:AAAA", f"index:{'A' * 43}", "k1:!!!,index:???"]
)
def test_a_ring_that_cannot_work_stops_the_start(text):
    with pytest.raises(CipherError):
        KeyRing.parse(text)


def test_a_ring_never_prints_its_keys(ring):
    assert repr(ring) == "KeyRing()"
