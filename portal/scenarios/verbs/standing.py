"""Tier 2, ties, complaints, appeals and members of a story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import standing_stories
from portal.services import (
    appeals,
    clearances,
    complaints,
    members,
    passports,
    ties,
)

VERBS: Mapping[str, Callable[..., Any]] = {
    "supporter.check": passports.record_check,
    "supporter.strike_check": passports.strike_check,
    "supporter.ask_tier2": clearances.ask,
    "supporter.recommend_tier2": clearances.recommend,
    "supporter.approve_tier2": clearances.approve,
    "supporter.return_tier2": clearances.give_back,
    "supporter.recheck_tier2": clearances.recheck,
    "supporter.renew_tier2": clearances.renew,
    "supporter.withdraw_tier2": clearances.withdraw,
    "supporter.declare_tie": ties.declare,
    "supporter.release_tie": ties.release,
    "complaint.record": complaints.record,
    "complaint.uphold": complaints.uphold,
    "complaint.dismiss": complaints.dismiss,
    "appeal.file": appeals.file,
    "appeal.uphold": appeals.uphold,
    "appeal.dismiss": appeals.dismiss,
    "member.invite": members.invite,
    "member.accept": members.accept,
    "member.change_role": members.change_role,
    "member.remove": members.remove,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "tier2.state": standing_stories.tier2_state,
    "tier2.valid_to": standing_stories.tier2_valid_to,
    "supporter.tier": standing_stories.tier,
    "ties.open": standing_stories.open_ties,
}
