"""What an authority may set: limits of security.md's decisions, values of today and of later."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from portal.domain.errors import Invalid
from portal.domain.setting_rules import BY_NAME, RULES, Kind
from portal.domain.settings import MIN_K, TenantSettings, written

TODAY, JUNE, JULY = date(2026, 5, 20), date(2026, 6, 1), date(2026, 7, 1)


def test_every_setting_has_its_rule_in_words_and_every_rule_its_setting():
    assert {field.name for field in fields(TenantSettings)} == set(BY_NAME)
    assert len(RULES) == len(BY_NAME)
    assert all(rule.words.endswith("。") and rule.label for rule in RULES)


def test_the_defaults_keep_their_own_limits():
    for rule in RULES:
        if rule.kind is not Kind.PICTURE:
            default = getattr(TenantSettings(), rule.name)
            assert rule.take(rule.typed(default)) == default, rule.name


@pytest.mark.parametrize("k", ["9", "5", "4", "0", "-1", "10.5", "十", "", "1000000000000"])
def test_k_is_raised_and_never_lowered_under_ten(k):
    with pytest.raises(Invalid):
        BY_NAME["k"].take(k)
    assert BY_NAME["k"].take("20") == 20
    assert TenantSettings().k == 10


def test_whatever_was_stored_k_is_never_under_five():
    assert MIN_K == 5
    assert TenantSettings.read({"k": 1}).k == 5
    planned = written({}, "k", 2, JUNE, TODAY)
    assert TenantSettings.read(planned, JUNE).k == 5


def test_the_keys_to_anonymity_and_to_the_caps_take_two_people():
    two = {rule.name for rule in RULES if rule.two_keys}
    assert {
        "k", "batch_min", "wish_cap_fen", "quota_individual", "quota_enterprise", "quota_charity",
    } <= two  # fmt: skip


def test_staff_are_never_left_signed_in_longer_than_fifteen_minutes():
    with pytest.raises(Invalid, match="15"):
        BY_NAME["idle_minutes"].take("16")


def test_money_is_typed_in_yuan_and_kept_in_fen():
    assert BY_NAME["wish_cap_fen"].take("350") == 35_000
    assert BY_NAME["wish_cap_fen"].shown(35_000) == "350 元"


def test_a_value_counts_from_its_day():
    stored = written({}, "claim_hours", 48, JUNE, TODAY)
    assert TenantSettings.read(stored, date(2026, 5, 31)).claim_hours == 72
    assert TenantSettings.read(stored, JUNE).claim_hours == 48


def test_two_plans_follow_each_other_and_the_same_day_is_planned_once():
    stored = written({}, "claim_hours", 48, JULY, TODAY)
    stored = written(stored, "claim_hours", 60, JUNE, TODAY)
    stored = written(stored, "claim_hours", 96, JULY, TODAY)
    read = [TenantSettings.read(stored, day).claim_hours for day in (TODAY, JUNE, JULY)]
    assert read == [72, 60, 96]


def test_a_value_at_once_ends_what_was_planned_for_it_alone():
    stored = written({}, "claim_hours", 48, JUNE, TODAY)
    stored = written(stored, "block_days", 30, JUNE, TODAY)
    stored = written(stored, "claim_hours", 36, None, TODAY)
    later = TenantSettings.read(stored, JUNE)
    assert (later.claim_hours, later.block_days) == (36, 30)


def test_what_came_into_force_stays_when_something_else_is_written():
    stored = written({}, "claim_hours", 48, JUNE, TODAY)
    stored = written(stored, "block_days", 30, None, JULY)
    assert stored["claim_hours"] == 48
    assert TenantSettings.read(stored, JULY).claim_hours == 48
