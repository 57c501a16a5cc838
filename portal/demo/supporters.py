"""The supporters of domain.md 7: 40 enterprises, 12 charities, 160 individuals (25 teachers)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from stdnum.cn import uscc as stdnum_uscc

from portal.demo.accounts import COUNTY
from portal.domain import clock
from portal.domain.identity import FICTITIOUS_USCC_REGION, fictitious_id_number
from portal.queries import units
from portal.scenarios import people

ENTERPRISES, CHARITIES, INDIVIDUALS, TEACHERS = 40, 12, 160, 25
_TRADES = ("农产品", "茶业", "竹业", "食品", "机械", "物流", "建材", "文具", "服装", "药业")
_STEMS = (
    "青山", "明月", "松涛", "竹海", "清溪", "白云", "晨光", "星河", "春晖", "和风", "金穗", "石泉",
)  # fmt: skip
_CHARITIES = ("慈善会", "助学促进会", "志愿服务协会", "公益基金会")

Line = Mapping[str, Any]

#: The teacher of 明溪 whose account may be tried: on the rota of its camp and classes.
_TEACHER = 24
#: Individuals whose applications end otherwise, one of each kind; all in 明溪's queue.
SPECIAL: Mapping[str, str] = {
    "volunteer101": "expired",
    "volunteer102": "rejected",
    "volunteer103": "revoked",
    "volunteer104": "suspended",
    "volunteer105": "returned",
    "volunteer106": "checking",
    "volunteer107": "submitted",
    "volunteer108": "submitted",
    "volunteer109": "draft",
    "enterprise039": "submitted",
    "enterprise040": "checking",
    "charity012": "returned",
}


class Crowd:
    """Forms by login, and what becomes of each: admitted unless said otherwise."""

    def __init__(self) -> None:
        self.counties = [code for code in people.counties() if code.startswith("35")]
        self.names = people.adults()
        self.forms: dict[str, dict[str, Any]] = {}
        self._rng = random.Random(people.SEED)  # noqa: S311 -- the same people every time
        for number in range(ENTERPRISES):
            self._organisation("enterprise", number, "91")
        for number in range(CHARITIES):
            self._organisation("charity", number, ("51", "52", "53")[number % 3])
        for number in range(INDIVIDUALS):
            self._individual(number)

    def _county(self, login: str, number: int) -> str:
        return (
            COUNTY
            if number == 0 or login in SPECIAL
            else self.counties[number % len(self.counties)]
        )

    def _login(self, stem: str, number: int) -> str:
        if stem == "volunteer" and number == _TEACHER:
            return "teacher"
        return f"{stem}{number + 1:03d}" if number else stem

    def _organisation(self, kind: str, number: int, prefix: str) -> None:
        login = self._login(kind, number)
        county = self._county(login, number)
        is_firm = kind == "enterprise"
        paper = "business_licence" if is_firm else "registration_certificate"
        what = f"{_TRADES[number % 10]}有限公司" if is_firm else _CHARITIES[number % 4]
        stem = _STEMS[(number + number // 10) % len(_STEMS)]
        self.forms[login] = {
            "kind": kind,
            "county_code": county,
            "name": f"{units.get(county).name[:2]}{stem}{what}",
            "phone": people.phone(901 if is_firm else 902, number),
            "uscc": uscc(prefix, county, number),
            "contact_name": next(self.names),
            "documents": {paper: f"$papers.{len(self.forms)}"},
        }

    def _individual(self, number: int) -> None:
        login = self._login("volunteer", number)
        county = self._county(login, number)
        birth = date(self._rng.randint(1958, 2002), self._rng.randint(1, 12), 15)
        self.forms[login] = {
            "kind": "individual",
            "county_code": county,
            "name": next(self.names),
            "phone": people.phone(903, number),
            "id_number": fictitious_id_number(county, birth, 500 + number),
            "is_teacher": 1 <= number <= TEACHERS,
        }

    def of(self, kind: str) -> list[str]:
        """Return the logins of one kind."""
        return [login for login, form in self.forms.items() if form["kind"] == kind]


def uscc(prefix: str, county: str, number: int) -> str:
    """Return a code of nobody's: region 999, and a check digit that fits (domain.md 7)."""
    first17 = f"{prefix}{FICTITIOUS_USCC_REGION}{county[3:]}MADEM{number:04d}"
    return first17 + str(stdnum_uscc.calc_check_digit(first17))


def lines(crowd: Crowd) -> Iterator[Line]:
    """Apply and admit the crowd; those of ``special`` keep their own fate."""
    apart = set(SPECIAL)
    usual = {login: form for login, form in crowd.forms.items() if login not in apart}
    yield {"at": "today-148d 09:30", "as": "visitor", "do": "paper.keep_several",
           "with": {"count": ENTERPRISES + CHARITIES}, "name": "papers"}  # fmt: skip
    by_county: dict[str, dict[str, Any]] = {}
    for login, form in usual.items():
        by_county.setdefault(form["county_code"], {})[login] = form
    for county, forms in by_county.items():
        yield {"at": "today-148d 10:00", "as": "visitor", "do": "supporters.apply_all",
               "with": {"forms": forms}, "name": f"of{county}"}  # fmt: skip
    for county in by_county:
        clerk = "county2" if county == COUNTY else f"county.{county}"
        yield {"at": "today-146d 10:00", "as": clerk, "do": "supporters.admit_all",
               "with": {"supporter_ids": f"$of{county}"}}  # fmt: skip


def prologue(crowd: Crowd) -> Iterator[Line]:
    """Admit somebody more than two years ago: their standing has run out since."""
    long_ago = (clock.today() - timedelta(days=760)).isoformat()
    yield {"at": f"{long_ago} 10:00", "as": "system", "do": "staff.appoint",
           "with": {"login": "county", "name": "陈秀英", "role": "county_staff",
                    "unit": COUNTY}}  # fmt: skip
    yield {"as": "visitor", "do": "supporter.apply",
           "with": {"login": "volunteer101", "form": crowd.forms["volunteer101"]},
           "name": "expired"}  # fmt: skip
    yield {"as": "county", "do": "supporters.admit_all",
           "with": {"supporter_ids": ["$expired"]}}  # fmt: skip


_REASON = {"reason": "核查后发现承诺没有履行"}
_Step = tuple[str, str, Mapping[str, Any]]
_START: _Step = ("county", "supporter.start_check", {})
_APPROVE: _Step = ("county", "supporter.approve", {"identity_confirmed": True})
#: What happens after applying, by fate: when, who, which verb, with what besides the supporter.
_FATES: Mapping[str, tuple[tuple[str, _Step], ...]] = {
    "rejected": (
        ("today-58d 10:00", _START),
        (
            "today-6d 10:00",
            ("county", "supporter.reject", {"reason_code": "offence_record", **_REASON}),
        ),
    ),
    "revoked": (
        ("today-58d 10:00", _START),
        ("today-57d 10:00", _APPROVE),
        (
            "today-30d 10:00",
            ("county", "supporter.revoke", {"reason_code": "pledge_broken", **_REASON}),
        ),
    ),
    "suspended": (
        ("today-58d 10:00", _START),
        ("today-57d 10:00", _APPROVE),
        ("today-20d 10:00", ("county2", "supporter.suspend", {"reason": "有一件投诉正在核实"})),
    ),
    "returned": (
        (
            "today-4d 16:00",
            ("county", "supporter.return", {"reasons": {"phone": "号码打不通，请核对后再填"}}),
        ),
    ),
    "checking": (("today-4d 11:00", _START),),
    "submitted": (),
}
_EARLY = frozenset({"rejected", "revoked", "suspended"})


def specials(crowd: Crowd) -> Iterator[tuple[str, Line]]:
    """Return the lines of those apart, each with its moment."""
    for login, fate in SPECIAL.items():
        form = crowd.forms[login]
        papers = dict.fromkeys(form.get("documents", {}), f"$paper_{login}")
        applied = {"login": login, "form": {**form, "documents": papers}}
        if fate == "draft":
            yield "today-4d 15:00", _act("visitor", "supporter.begin", applied)
        if fate not in _FATES:
            continue
        day = "today-60d 10:00" if fate in _EARLY else "today-4d 10:00"
        for _ in papers:
            yield day, {**_act("visitor", "paper.keep", {}), "name": f"paper_{login}"}
        yield day, {**_act("visitor", "supporter.apply", applied), "name": login}
        for moment, (who, verb, given) in _FATES[fate]:
            yield moment, _act(who, verb, {"supporter_id": f"${login}", **given})


def _act(who: str, verb: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"as": who, "do": verb, "with": given}
