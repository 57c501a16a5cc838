"""Who may be tried: one account per role, all with the same password."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.actor import ROLE_LABELS, Role
from portal.scenarios.verbs.supporters import PASSWORD

#: The director's village and its township, in 明溪.
VILLAGE, TOWNSHIP, COUNTY = "350421100202", "350421100", "350421"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the table that ``make run`` prints."""

    role_label: str
    login: str
    password: str
    where: str


_TABLE = (
    (f"{ROLE_LABELS[Role.CHILD_DIRECTOR]} 明溪县雪峰镇城西村", "director", "/desk/my-wishes"),
    (f"{ROLE_LABELS[Role.CHILD_SUPERVISOR]} 明溪县雪峰镇", "supervisor", "/desk/wishes"),
    (f"{ROLE_LABELS[Role.COUNTY_STAFF]} 明溪县", "county", "/desk"),
    (f"{ROLE_LABELS[Role.HANDOVER_STAFF]} 明溪县", "point", "/desk/commitments"),
    (ROLE_LABELS[Role.CITY_STAFF], "city", "/desk"),
    (f"{ROLE_LABELS[Role.ORGANISER]} 明溪县", "organiser", "/desk/programmes"),
    ("值班教师（爱心人士）", "teacher", "/attendance"),
    ("爱心企业", "enterprise", "/me"),
    ("慈善组织", "charity", "/me"),
    ("爱心人士", "volunteer", "/me"),
    (ROLE_LABELS[Role.AUDITOR], "auditor", "/audit"),
    (ROLE_LABELS[Role.PLATFORM_ADMIN], "admin", "/admin/people"),
)


def accounts() -> list[DemoAccount]:
    """Return one account per role, in the order of the table."""
    return [
        DemoAccount(label, f"{login}@example.org", PASSWORD, where)
        for label, login, where in _TABLE
    ]
