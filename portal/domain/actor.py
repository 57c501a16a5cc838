"""Who asks: roles of domain.md 3, granted per unit, and the supporters a person speaks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A role as the database stores it."""

    CHILD_DIRECTOR = "child_director"
    CHILD_SUPERVISOR = "child_supervisor"
    COUNTY_STAFF = "county_staff"
    CITY_STAFF = "city_staff"
    PROVINCE_OFFICER = "province_officer"
    HANDOVER_STAFF = "handover_staff"
    AGENCY_WORKER = "agency_worker"
    ORGANISER = "organiser"
    TEACHER = "teacher"
    PSYCHOLOGIST = "psychologist"
    PROTECTION_CENTRE = "protection_centre"
    DEPARTMENT_USER = "department_user"
    AUDITOR = "auditor"
    PLATFORM_ADMIN = "platform_admin"


ROLE_LABELS: dict[Role, str] = {
    Role.CHILD_DIRECTOR: "儿童主任",
    Role.CHILD_SUPERVISOR: "儿童督导员",
    Role.COUNTY_STAFF: "县级民政工作人员",
    Role.CITY_STAFF: "市儿童福利科",
    Role.PROVINCE_OFFICER: "省厅儿童福利处",
    Role.HANDOVER_STAFF: "交接点工作人员",
    Role.AGENCY_WORKER: "社工机构人员",
    Role.ORGANISER: "活动组织者",
    Role.TEACHER: "教师",
    Role.PSYCHOLOGIST: "心理咨询师",
    Role.PROTECTION_CENTRE: "未保中心",
    Role.DEPARTMENT_USER: "部门联络员",
    Role.AUDITOR: "审计员",
    Role.PLATFORM_ADMIN: "平台管理员",
}

#: The unit level at which a role makes sense; a grant elsewhere is refused.
ROLE_LEVELS: dict[Role, frozenset[str]] = {
    Role.CHILD_DIRECTOR: frozenset({"village"}),
    Role.CHILD_SUPERVISOR: frozenset({"township"}),
    Role.COUNTY_STAFF: frozenset({"county", "township"}),
    Role.CITY_STAFF: frozenset({"city"}),
    Role.PROVINCE_OFFICER: frozenset({"province"}),
    Role.HANDOVER_STAFF: frozenset({"county", "township", "village"}),
    Role.AGENCY_WORKER: frozenset({"agency"}),
    Role.ORGANISER: frozenset({"county", "agency"}),
    Role.TEACHER: frozenset({"county", "township", "village"}),
    Role.PSYCHOLOGIST: frozenset({"county", "agency"}),
    Role.PROTECTION_CENTRE: frozenset({"city", "county"}),
    Role.DEPARTMENT_USER: frozenset({"city", "county"}),
    Role.AUDITOR: frozenset({"city", "county"}),
    Role.PLATFORM_ADMIN: frozenset({"province", "city", "county", "township"}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one unit; ``path`` is the unit's path and covers everything below it."""

    role: Role
    path: str
    unit_id: UUID
    unit_name: str = ""
    unit_level: str = ""
    #: The authority whose shared rows (supporters, windows) come with the grant.
    tenant_path: str | None = None
    #: Paths the unit had before it was moved or merged.
    former: tuple[str, ...] = ()
    #: Whose role it is, where a colleague handed it over for some days.
    on_behalf_of: UUID | None = None

    def covers(self, path: str) -> bool:
        """Tell whether a unit lies at or below this grant's, by its paths of before too."""
        return any(path.startswith(held) for held in (self.path, *self.former))


#: What a login may do for the supporter it speaks for: everything, promise and carry, only look.
CONTACT, MEMBER, VIEWER = "contact", "member", "viewer"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person asking for something, with what the session row says about them."""

    user_id: UUID | None = None
    name: str = ""
    email: str = ""
    grants: tuple[Grant, ...] = ()
    supporter_ids: tuple[UUID, ...] = ()
    #: Programmes the person runs, or is on the rota of, up to 24 hours after the end.
    programme_ids: tuple[UUID, ...] = ()
    email_verified: bool = False
    #: (supporter, role) where the role is less than a contact's.
    lesser_roles: tuple[tuple[UUID, str], ...] = ()

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody is signed in."""
        return self.user_id is None

    @property
    def is_staff(self) -> bool:
        """Tell whether the person holds any role in a unit."""
        return bool(self.grants)

    def role_in(self, supporter_id: UUID | None) -> str:
        """Return the role in a supporter (contact, member, viewer); empty for a stranger."""
        if supporter_id not in self.supporter_ids:
            return ""
        return next((role for owner, role in self.lesser_roles if owner == supporter_id), CONTACT)

    def paths(self) -> tuple[str, ...]:
        """Return the unit paths this person may read under, shortest first, none nested."""
        kept: list[str] = []
        held = {path for grant in self.grants for path in (grant.path, *grant.former)}
        for path in sorted(held, key=lambda path: (len(path), path)):
            if not any(path.startswith(shorter) for shorter in kept):
                kept.append(path)
        return tuple(kept)

    def acting_for(self, path: str, own_suffice: Callable[[Grant], bool]) -> UUID | None:
        """Return whose role is used at a path: None when an own one would do.

        ``own_suffice`` says which grants carry the permission that the act needed.
        """
        carrying = [grant for grant in self.grants if grant.covers(path) and own_suffice(grant)]
        if any(grant.on_behalf_of is None for grant in carrying):
            return None
        return next((grant.on_behalf_of for grant in carrying), None)

    def has(self, role: Role, path: str | None = None) -> bool:
        """Tell whether ``role`` is granted at ``path`` or above it (anywhere when path is None)."""
        return any(
            grant.role is role and (path is None or grant.covers(path)) for grant in self.grants
        )


ANONYMOUS = Actor()
#: The system itself: time-driven moves and jobs; recorded in facts as nobody.
SYSTEM = Actor(name="系统")
