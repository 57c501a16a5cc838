"""The chain's arithmetic: one text per value, one digest per row, proofs that lead to the root."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import seals
from portal.domain.seals import GENESIS, Seal

SHANGHAI = timezone(timedelta(hours=8))
MOMENT = datetime(2026, 5, 20, 2, 0, 0, 123456, tzinfo=UTC)
ID = UUID("019b0000-0000-7000-8000-000000000001")


def test_a_value_has_one_text():
    value = {"b": [1, None, True], "a": "张", "at": MOMENT, "id": ID, "on": date(2026, 5, 20)}
    assert seals.canonical(value) == (
        '{"a":"张","at":"2026-05-20T02:00:00.123456Z","b":[1,null,true],'
        '"id":"019b0000-0000-7000-8000-000000000001","on":"2026-05-20"}'
    )


def test_the_same_instant_has_one_text_in_every_zone():
    assert seals.canonical(MOMENT.astimezone(SHANGHAI)) == seals.canonical(MOMENT)


@pytest.mark.parametrize("value", [1.5, b"x", {1, 2}, object()])
def test_what_is_not_foreseen_is_refused(value):
    with pytest.raises(TypeError):
        seals.canonical(value)


def test_a_row_s_digest_is_sha256_of_its_text():
    text = '["weiguang-seal-1","facts",{"kind":"wish.publish"}]'
    assert seals.row_digest("facts", {"kind": "wish.publish"}) == (
        hashlib.sha256(text.encode()).hexdigest()
    )


def test_the_tree_is_rfc_6962_s():
    a, b, c = (hashlib.sha256(letter).hexdigest() for letter in (b"a", b"b", b"c"))

    def leaf(digest):
        return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()

    pair = hashlib.sha256(b"\x01" + leaf(a) + leaf(b)).digest()
    assert seals.tree([a]) == leaf(a).hex()
    assert seals.tree([a, b]) == pair.hex()
    assert seals.tree([a, b, c]) == hashlib.sha256(b"\x01" + pair + leaf(c)).hexdigest()


def test_an_empty_run_is_not_sealed():
    with pytest.raises(ValueError, match="empty"):
        seals.tree([])


@given(st.integers(1, 70), st.data())
def test_every_row_s_proof_leads_to_the_root_and_no_other_row_s_does(count, data):
    digests = [hashlib.sha256(str(order).encode()).hexdigest() for order in range(count)]
    position = data.draw(st.integers(0, count - 1))
    path = seals.proof(digests, position)
    root = seals.tree(digests)
    assert seals.root_of(digests[position], path) == root
    assert seals.root_of(hashlib.sha256(b"another").hexdigest(), path) != root


def seal(**changes):
    given = {
        "no": 2, "source": "facts", "sealed_at": MOMENT, "first_id": ID, "last_id": ID,
        "rows": 1, "rows_digest": "a" * 64, "previous": GENESIS, **changes,
    }  # fmt: skip
    return Seal(**given)


@pytest.mark.parametrize(
    "change",
    [
        {"no": 3},
        {"source": "access_rows"},
        {"sealed_at": MOMENT + timedelta(microseconds=1)},
        {"first_id": UUID(int=1)},
        {"last_id": UUID(int=1)},
        {"rows": 2},
        {"rows_digest": "b" * 64},
        {"previous": "c" * 64},
    ],
)
def test_everything_a_seal_says_is_in_its_digest(change):
    assert seal(**change).digest != seal().digest
