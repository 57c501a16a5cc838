"""Dates of vetting, kinds of codes, parts of names."""

from datetime import date

import pytest

from portal.domain import name_search, vetting
from portal.domain.cipher import KeyRing, install


@pytest.fixture(autouse=True)
def keys():
    from portal.domain import cipher

    before = cipher._ring
    install(KeyRing.parse(KeyRing.generate()))
    yield
    cipher._ring = before


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 5, 20), 24, date(2028, 5, 20)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_after(day, months, then):
    assert vetting.months_after(day, months) == then


@pytest.mark.parametrize(
    ("kind", "code", "fits"),
    [
        ("enterprise", "91999404MADEM0A019", True),
        ("charity", "51999421MADEM0B02R", True),
        ("charity", "53999400MADEM0D04P", True),
        ("charity", "91999404MADEM0A019", False),
        ("enterprise", "52999429MADEM0C033", False),
    ],
)
def test_the_code_fits_the_kind(kind, code, fits):
    assert (vetting.uscc_mismatch(kind, code) == "") is fits


def test_marks_hold_no_plain_text_and_find_parts():
    stored = name_search.marks("明溪县启明灯具有限公司").split()
    assert all(mark in stored for mark in name_search.wanted("启明灯具"))
    assert all(mark in stored for mark in name_search.wanted("明"))
    assert not all(mark in stored for mark in name_search.wanted("灯明"))
    assert "明" not in " ".join(stored)


def test_another_key_makes_other_marks():
    first = name_search.marks("王晓燕")
    install(KeyRing.parse(KeyRing.generate()))
    assert name_search.marks("王晓燕") != first


def test_width_case_and_spaces_do_not_matter():
    assert name_search.marks("ＡＢ 公司") == name_search.marks("ab公司")
    assert name_search.contains("明溪 ＡＢ 公司", "ab公")
