"""The staff of 三明 and 启东 as domain.md 7 counts them: 141 supervisors, 200 directors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.demo.accounts import COUNTY, TOWNSHIP, VILLAGE
from portal.domain.actor import Role
from portal.queries import units
from portal.scenarios import people

DIRECTORS = 200
CITY, NEIGHBOUR = "350400", "320681"
AGENCIES = (
    ("SG350421", "明溪萤火社工服务中心", COUNTY),
    ("SG350424", "宁化同行社工服务中心", "350424"),
    ("SG350481", "永安星河社工服务中心", "350481"),
)
_PSYCHOLOGIST_COUNTIES = ("350404", COUNTY)

#: Few at a time: what a session holds slows every statement in it.
_AT_ONCE = 20

Lines = Iterator[Mapping[str, Any]]


def lines() -> Lines:
    """Open the agencies, then an account with a role for everybody who works."""
    for code, name, county in AGENCIES:
        asked = {"code": code, "name": name, "level": "agency", "parent_code": county}
        yield {"do": "unit.open", "with": asked}
    names = people.adults()
    posts = [
        {"login": login, "name": next(names), "role": role.value, "unit": unit}
        for login, role, unit in _posts()
    ]
    for start in range(0, len(posts), _AT_ONCE):
        yield {"do": "staff.appoint_all", "with": {"posts": posts[start : start + _AT_ONCE]}}


def _posts() -> Iterator[tuple[str, Role, str]]:
    yield "admin", Role.PLATFORM_ADMIN, CITY
    yield "city", Role.CITY_STAFF, CITY
    yield "city2", Role.CITY_STAFF, CITY
    yield "auditor", Role.AUDITOR, CITY
    yield "province", Role.PROVINCE_OFFICER, "350000"
    yield "centre", Role.PROTECTION_CENTRE, CITY
    yield "organiser", Role.ORGANISER, COUNTY
    yield from _in_counties()
    yield from _in_townships()
    yield from _in_villages()
    for code, _, _ in AGENCIES:
        yield f"worker.{code.lower()}", Role.AGENCY_WORKER, code
    for county in _PSYCHOLOGIST_COUNTIES:
        yield f"psychologist.{county}", Role.PSYCHOLOGIST, county
    yield from _neighbours()


def _in_counties() -> Iterator[tuple[str, Role, str]]:
    for county in units.below(units.get(CITY).path, "county"):
        mine = county.code == COUNTY
        # The prologue has appointed 明溪's own clerk already.
        yield ("county2" if mine else f"county.{county.code}"), Role.COUNTY_STAFF, county.code
        yield ("point" if mine else f"point.{county.code}"), Role.HANDOVER_STAFF, county.code


def _in_townships() -> Iterator[tuple[str, Role, str]]:
    for town in units.below(units.get(CITY).path, "township"):
        login = "supervisor" if town.code == TOWNSHIP else f"supervisor.{town.code}"
        yield login, Role.CHILD_SUPERVISOR, town.code


def _in_villages() -> Iterator[tuple[str, Role, str]]:
    for code in director_villages():
        yield ("director" if code == VILLAGE else f"director.{code}"), Role.CHILD_DIRECTOR, code


def director_villages() -> list[str]:
    """Return the 200 villages that have a director, spread over the counties as children are."""
    counties = [code for code in people.counties() if code != NEIGHBOUR]
    shares = _shares({code: people.count(code) for code in counties})
    chosen: list[str] = []
    for code in counties:
        villages = [unit.code for unit in units.below(units.get(code).path, "village")]
        rng = random.Random(people.SEED + int(code))  # noqa: S311 -- the same villages every time
        first = [VILLAGE] if code == COUNTY else []
        others = [village for village in villages if village not in first]
        chosen += first + rng.sample(others, shares[code] - len(first))
    return chosen


def _shares(weights: Mapping[str, int]) -> dict[str, int]:
    """Share the directors out by weight, largest remainders last."""
    total = sum(weights.values())
    exact = {code: DIRECTORS * weight / total for code, weight in weights.items()}
    shares = {code: int(value) for code, value in exact.items()}
    rest: Sequence[str] = sorted(exact, key=lambda code: exact[code] - shares[code], reverse=True)
    for code in rest[: DIRECTORS - sum(shares.values())]:
        shares[code] += 1
    return shares


def _neighbours() -> Iterator[tuple[str, Role, str]]:
    """Staff the second authority: a county by itself, with one township and one village."""
    town = units.below(units.get(NEIGHBOUR).path, "township")[0]
    yield "qidong.admin", Role.PLATFORM_ADMIN, NEIGHBOUR
    yield "qidong.county", Role.COUNTY_STAFF, NEIGHBOUR
    yield "qidong.point", Role.HANDOVER_STAFF, NEIGHBOUR
    yield "qidong.supervisor", Role.CHILD_SUPERVISOR, town.code
    yield "qidong.director", Role.CHILD_DIRECTOR, neighbour_village()


def neighbour_village() -> str:
    """Return the village of 启东 where the demo's few wishes come from."""
    town = units.below(units.get(NEIGHBOUR).path, "township")[0]
    return units.below(town.path, "village")[0].code
