"""Who may open which door: every endpoint, by hand from domain.md 3. A door not listed here fails.

A row says the method and address, who is let in, and the status they get on a portal that holds
none of the things asked for. Whoever is not let in gets 403, a visitor is sent to sign in (303).
"""

from __future__ import annotations

from dataclasses import dataclass

NIL = "00000000-0000-0000-0000-000000000000"
CODE = "NOSUCHCARDNOSUCHCARDNOSUCH"

DIRECTOR, SUPERVISOR = {"child_director"}, {"child_supervisor"}
COUNTY, CITY = {"county_staff"}, {"city_staff"}
FIELD = DIRECTOR | SUPERVISOR | COUNTY
BUREAU = COUNTY | CITY
OTHER_STAFF = {
    "province_officer", "handover_staff", "agency_worker", "organiser", "teacher", "psychologist",
    "protection_centre", "department_user", "auditor", "platform_admin",
}  # fmt: skip
STAFF = FIELD | CITY | OTHER_STAFF
SUPPORTERS = {"individual", "enterprise", "charity"}
#: Signed in with a verified e-mail, no role, no supporter yet.
NEWCOMER = {"newcomer"}
SIGNED_IN = STAFF | SUPPORTERS | NEWCOMER
VISITOR = {"visitor"}
EVERYBODY = SIGNED_IN | VISITOR


@dataclass(frozen=True)
class Door:
    """One endpoint under one method."""

    endpoint: str
    request: str
    who: frozenset[str]
    status: int = 200
    #: Personas who are let in and get another status than the rest.
    differs: tuple[tuple[str, int], ...] = ()

    @property
    def method(self) -> str:
        return self.request.split()[0]

    @property
    def address(self) -> str:
        return self.request.split()[1]

    def expected(self, persona: str) -> int:
        """Return the status this persona must get."""
        if persona in self.who:
            return dict(self.differs).get(persona, self.status)
        return 303 if persona == "visitor" else 403


def door(endpoint: str, request: str, who: set[str], status: int = 200, **differs: int) -> Door:
    return Door(endpoint, request, frozenset(who), status, tuple(differs.items()))


DOORS = (
    # Public pages
    door("public.home", "GET /", EVERYBODY),
    door("public.about", "GET /about", EVERYBODY),
    door("public.privacy", "GET /privacy", EVERYBODY),
    door("public.children_privacy", "GET /privacy/children", EVERYBODY),
    door("public.pledge", "GET /pledge", EVERYBODY),
    door("public.report_concern", "GET /report-concern", EVERYBODY),
    door("health.healthz", "GET /healthz", EVERYBODY),
    # Signing in
    door("auth.login", "GET /login", EVERYBODY),
    # Staff
    door("desk.home", "GET /desk", STAFF),
    door("children.index", "GET /children", FIELD | CITY),
    door("children.file", f"GET /children/{NIL}", FIELD | CITY, 404),
)
