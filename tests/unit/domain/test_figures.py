"""Shares as the forms write them: one decimal, half up, "—" of nothing (domain.md 3, KPI)."""

from decimal import Decimal

import pytest

from portal.domain.figures import Share


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(18, 20, "90.0%"), (286, 300, "95.3%"), (47, 48, "97.9%"), (437, 456, "95.8%"),
     (1, 16, "6.3%"), (0, 5, "0.0%"), (0, 0, "—"), (900, 900, "100.0%")],
)  # fmt: skip
def test_a_share_is_rounded_half_up(part, whole, text):
    assert Share(part, whole).text == text


def test_nothing_has_no_percent():
    assert Share().percent is None
    assert Share(1, 16).percent == Decimal("6.3")


def test_a_target_is_met_before_rounding():
    """999 of 1000 read 99.9%, 9,996 of 10,000 read 100.0% and are not all."""
    assert Share(9_996, 10_000).text == "100.0%"
    assert not Share(9_996, 10_000).reaches(100)
    assert Share(18, 20).reaches(90)
