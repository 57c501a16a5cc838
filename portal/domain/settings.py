"""What an authority may set for itself, with the defaults of domain.md.

A value counts at once or from a day: what is stored holds the present values and, beside them,
those that are planned. ``domain.setting_rules`` says each one's limits in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from portal.domain import clock

#: k is never lowered under this (security.md, decisions).
MIN_K = 5
#: Where the values that count from a later day are kept: a list of {name, value, from}.
PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """An authority's settings; unknown names are ignored, missing ones take the default."""

    k: int = 10
    wish_cap_fen: int = 30_000
    #: Live claims at once, per kind of supporter.
    quota_individual: int = 3
    quota_enterprise: int = 20
    quota_charity: int = 20
    claim_hours: int = 72
    lapses_allowed: int = 3
    block_days: int = 90
    max_rolls: int = 2
    #: A batch needs this many cards, so that its day says nothing about one wish (A2).
    batch_min: int = 3
    #: Days for which each window of a new year stands open, the last one included (S0-4.8c).
    window_days_spring_festival: int = 27
    window_days_children_day: int = 25
    window_days_school_start: int = 16
    #: Working days in which an application is looked at, and decided (SV).
    first_look_days: int = 5
    decision_days: int = 10
    #: Working days for the written answer to a request or a complaint; never more than 15.
    answer_days: int = 15
    #: Minutes without a touch after which staff are signed out; never more than 15 (等保).
    idle_minutes: int = 15
    #: How somebody without consent to publicity stands on the roll of honour: masked, hidden.
    honours_display: str = "masked"
    certificate_publicity_days: int = 7
    #: The name this authority goes by on pages and papers; empty means the unit's own.
    display_name: str = ""
    #: The stored file of the logo, as its id; empty means none.
    logo: str = ""
    #: How long an interview, a training and a signed pledge hold, in months (tier 2, SV).
    interview_months: int = 24
    training_months: int = 24
    pledge_months: int = 24
    #: Children whom one person may be paired with at once (PN).
    pairing_capacity: int = 2
    #: The share of children in difficulty who are to be paired, in percent (S1-1d: 40 in 2021,
    #: 100 from 2023 on), and the codes of the townships with a demonstration site.
    pairing_target: int = 100
    site_towns: str = ""
    #: Points of a pair in the matching (domain.matches.Weights), and days added to a need's wait.
    match_skill: int = 30
    match_continuity: int = 40
    match_sibling: int = 20
    match_application: int = 35
    match_offer: int = 10
    match_helper: int = 20
    match_county: int = 15
    match_load: int = 10
    match_siblings: str = "together"
    match_key_days: int = 180
    match_emergency_days: int = 3650
    match_never_applied_days: int = 30
    #: Openings and looks at files by one person on one day before somebody asks about them (T5).
    sights_per_day: int = 20
    views_per_day: int = 100
    #: Children one adult looks after at most, per kind of programme; adults there are at least;
    #: days of a camp, camps of one vacation before another one warns (PG; S0-4.4a, D-3).
    ratio_camp: int = 8
    ratio_interest_class: int = 8
    ratio_summer_daycare: int = 8
    ratio_after_school: int = 8
    ratio_carer_class: int = 30
    programme_adults: int = 2
    camp_days: int = 10
    camps_a_vacation: int = 2
    handover_point: str = "县民政局儿童福利窗口"
    mailbox: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any], day: date | None = None) -> TenantSettings:
        """Read the stored JSON as it counts on a day (today); k stays at or above MIN_K."""
        known = {field.name for field in fields(cls)}
        chosen = {name: value for name, value in stored.items() if name in known}
        for plan in due(stored, day or clock.today()):
            if plan["name"] in known:
                chosen[plan["name"]] = plan["value"]
        if "k" in chosen:
            chosen["k"] = max(int(chosen["k"]), MIN_K)
        return cls(**chosen)

    def window_days(self, occasion: str) -> int:
        """Return for how many days a new window of an occasion stands open."""
        return int(getattr(self, f"window_days_{occasion}"))

    def quota(self, kind: str) -> int:
        """Return how many live claims a kind of supporter may hold."""
        return int(getattr(self, f"quota_{kind}", self.quota_individual))


def due(stored: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    """Return the planned values whose day has come, the earliest first."""
    plans = [plan for plan in stored.get(PLANNED, ()) if plan["from"] <= day.isoformat()]
    return sorted(plans, key=lambda plan: plan["from"])


def written(
    stored: Mapping[str, Any], name: str, value: object, day: date | None, today: date
) -> dict[str, Any]:
    """Return what is stored once ``name`` has a value, from ``day`` on (at once when None).

    A value that counts at once ends what was planned for the name before; one for a later day
    replaces the plan of that same day.
    """
    kept = {key: held for key, held in stored.items() if key != PLANNED}
    plans = sorted(stored.get(PLANNED, ()), key=lambda plan: plan["from"])
    for plan in due(stored, today):
        kept[plan["name"]] = plan["value"]
    plans = [plan for plan in plans if plan["from"] > today.isoformat()]
    if day is None or day <= today:
        kept[name] = value
        plans = [plan for plan in plans if plan["name"] != name]
    else:
        same = (name, day.isoformat())
        plans = [plan for plan in plans if (plan["name"], plan["from"]) != same]
        plans.append({"name": name, "value": value, "from": day.isoformat()})
    return {**kept, PLANNED: plans} if plans else kept
