"""The permission table. Absent means denied; a predicate is ``(actor, subject) -> bool``, pure.

Without a subject a predicate answers "could this person ever"; with one, "may they now, here".
Who may not do both of two steps (two keys) is said by guards in the lifecycles, in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from portal.domain.actor import CONTACT, VIEWER, Actor, Grant, Role
from portal.domain.permission_names import LABELS, Permission

Predicate = Callable[[Actor, Any], bool]

__all__ = [
    "LABELS",
    "POLICY",
    "Permission",
    "Predicate",
    "carries",
    "with_only",
]


def role_at(*roles: Role) -> Predicate:
    """Hold one of ``roles`` at the subject's unit or above it (anywhere without a subject)."""

    def rule(actor: Actor, subject: Any) -> bool:
        path = getattr(subject, "unit_path", None) if subject is not None else None
        return any(actor.has(role, path) for role in roles)

    return rule


def signed_in(actor: Actor, subject: Any) -> bool:
    """Be anybody with an account."""
    return not actor.is_anonymous


def not_staff(actor: Actor, subject: Any) -> bool:
    """Hold no role in a bureau: staff do not claim wishes with their staff login."""
    return not actor.is_staff


def own_supporter(actor: Actor, subject: Any) -> bool:
    """Speak for the supporter that the subject is, or belongs to."""
    if subject is None:
        return bool(actor.supporter_ids)
    owner = getattr(subject, "supporter_id", None) or getattr(subject, "id", None)
    return owner in actor.supporter_ids


def claiming(actor: Actor, subject: Any) -> bool:
    """Speak for the supporter as more than a viewer: promise, carry, give back, tell hours."""
    if subject is None:
        return bool(actor.supporter_ids)
    owner = getattr(subject, "supporter_id", None) or getattr(subject, "id", None)
    return owner in actor.supporter_ids and actor.role_in(owner) != VIEWER


def contact_of(actor: Actor, subject: Any) -> bool:
    """Be a contact of the supporter: edit, invite, ask and appeal in its name."""
    if subject is None:
        return bool(actor.supporter_ids)
    owner = getattr(subject, "supporter_id", None) or getattr(subject, "id", None)
    return owner in actor.supporter_ids and actor.role_in(owner) == CONTACT


def its_supporter(actor: Actor, subject: Any) -> bool:
    """Be the supporter this very subject belongs to: no door opens by it, only one's own row."""
    return subject is not None and own_supporter(actor, subject)


def on_programme(actor: Actor, subject: Any) -> bool:
    """Run the subject's programme, or stand on its rota, today (security.md 3.4)."""
    if subject is None:
        return bool(actor.programme_ids)
    programme = getattr(subject, "programme_id", None) or getattr(subject, "id", None)
    return programme in actor.programme_ids


def organising(actor: Actor, subject: Any) -> bool:
    """Answer for the subject's programme: the organiser it names, while they hold such a post."""
    holds = any(actor.has(role) for role in (Role.ORGANISER, Role.AGENCY_WORKER))
    return holds and (subject is None or getattr(subject, "organiser_id", None) == actor.user_id)


def in_authority(actor: Actor, subject: Any) -> bool:
    """Hold a post anywhere in the authority of the subject, or above it."""
    if subject is None:
        return actor.is_staff
    path = subject.tenant_path
    return any(grant.tenant_path == path or grant.covers(path) for grant in actor.grants)


def sending(*roles: Role) -> Predicate:
    """Hold one of ``roles`` where a transfer comes from; at the child's own unit before one."""

    def rule(actor: Actor, subject: Any) -> bool:
        path = getattr(subject, "from_path", None) or getattr(subject, "unit_path", None)
        return any(actor.has(role, path) for role in roles)

    return rule


def all_of(*rules: Predicate) -> Predicate:
    """Every rule must say yes."""
    return lambda actor, subject: all(rule(actor, subject) for rule in rules)


def any_of(*rules: Predicate) -> Predicate:
    """One rule saying yes is enough."""
    return lambda actor, subject: any(rule(actor, subject) for rule in rules)


_BUREAU = role_at(Role.COUNTY_STAFF, Role.CITY_STAFF)
_COUNTY = role_at(Role.COUNTY_STAFF)
_FIELD = role_at(Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF)
_EMERGENCY = any_of(_BUREAU, role_at(Role.PROTECTION_CENTRE, Role.PLATFORM_ADMIN))

POLICY: Mapping[Permission, Predicate] = {
    Permission.ATTENDANCE_MARK: any_of(on_programme, _BUREAU),
    Permission.ATTENDANCE_UNLOCK: _BUREAU,
    Permission.BATCH_RELEASE: _BUREAU,
    Permission.CADENCE_CARE: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.CARD_HOLD: claiming,
    Permission.CARD_ISSUE: _COUNTY,
    Permission.CARD_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.CATALOGUE_MANAGE: _BUREAU,
    Permission.CERTIFICATE_ISSUE: _BUREAU,
    # Publicity is internal: whoever sits in the bureau may read, masked, and object.
    Permission.CERTIFICATE_READ: role_at(
        Role.COUNTY_STAFF, Role.CITY_STAFF, Role.HANDOVER_STAFF, Role.ORGANISER, Role.AUDITOR
    ),
    Permission.CHILD_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    # Whoever cares for the child opens at once; the city is let in to be told to ask first.
    Permission.CHILD_REVEAL: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.CLEARANCE_ASK: all_of(contact_of, not_staff),
    Permission.COMMITMENT_APPROVE: _COUNTY,
    Permission.COMMITMENT_CARRY: claiming,
    Permission.COMMITMENT_READ: any_of(
        _FIELD, role_at(Role.CITY_STAFF, Role.HANDOVER_STAFF), its_supporter
    ),
    Permission.COMMITMENT_RECEIVE: role_at(Role.HANDOVER_STAFF, Role.COUNTY_STAFF),
    # A worry may be about whoever sits in the village: the township and those above answer.
    Permission.CONCERN_ANSWER: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF, Role.CITY_STAFF),
    Permission.CONTACT_VERIFY: _FIELD,
    Permission.CONTACT_WRITE: claiming,
    Permission.DESK_ENTER: role_at(*Role),
    Permission.DUTY_HOLD: claiming,
    Permission.ENROL_APPLY: _FIELD,
    Permission.ENROL_MANAGE: any_of(_COUNTY, organising),
    Permission.FACT_READ: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR),
    Permission.GRANT_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.GRIEVANCE_ANSWER: _BUREAU,
    Permission.GUARDIAN_LINK: _FIELD,
    Permission.HANDOVER_WRITE: claiming,
    Permission.HONOUR_MANAGE: _BUREAU,
    Permission.HOURS_ENTER: claiming,
    Permission.HOURS_VERIFY: _BUREAU,
    Permission.JOB_READ: role_at(*Role),
    Permission.LEDGER_EXPORT: _BUREAU,
    Permission.LEDGER_IMPORT: _BUREAU,
    Permission.LETTER_READ: _FIELD,
    Permission.LETTER_RECORD: role_at(Role.CHILD_DIRECTOR),
    Permission.LETTER_REVIEW: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.LETTER_WRITE: claiming,
    Permission.MATCH_RUN: _COUNTY,
    Permission.MEMBER_MANAGE: contact_of,
    Permission.NEED_APPLY: all_of(claiming, not_staff),
    Permission.NEED_APPROVE: _COUNTY,
    Permission.NEED_ASSESS: role_at(Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR),
    Permission.NEED_DRAFT: role_at(Role.CHILD_DIRECTOR),
    Permission.NEED_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.NEED_WITHDRAW: _FIELD,
    Permission.PAIRING_MANAGE: _COUNTY,
    Permission.PAIRING_MEET: _FIELD,
    Permission.PAIRING_READ: any_of(_FIELD, role_at(Role.CITY_STAFF), its_supporter),
    Permission.POOL_CORRECT: _BUREAU,
    Permission.POOL_READ: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR),
    Permission.PROGRAMME_APPROVE: _BUREAU,
    Permission.PROGRAMME_COUNT: any_of(_BUREAU, role_at(Role.AUDITOR)),
    Permission.PROGRAMME_DRAFT: role_at(
        Role.ORGANISER, Role.AGENCY_WORKER, Role.COUNTY_STAFF, Role.CITY_STAFF
    ),
    Permission.PROGRAMME_MANAGE: any_of(_BUREAU, organising),
    Permission.PROGRAMME_READ: any_of(in_authority, on_programme),
    Permission.PROGRAMME_REPORT: any_of(_BUREAU, on_programme),
    Permission.PROTECTION_SET: _COUNTY,
    Permission.RESOURCE_LINK: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.RESOURCE_MODERATE: _BUREAU,
    Permission.RESOURCE_OFFER: all_of(claiming, not_staff),
    Permission.RESOURCE_READ: any_of(_FIELD, role_at(Role.CITY_STAFF, Role.AUDITOR)),
    Permission.RETENTION_READ: role_at(
        Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR, Role.PLATFORM_ADMIN
    ),
    Permission.RIGHTS_ANSWER: _BUREAU,
    Permission.RIGHTS_ASK: contact_of,
    Permission.ROLE_MATRIX_READ: role_at(Role.PLATFORM_ADMIN, Role.AUDITOR),
    Permission.ROSTER_EXPORT: _COUNTY,
    Permission.ROSTER_READ: any_of(_COUNTY, on_programme),
    Permission.ROTA_MANAGE: any_of(_COUNTY, organising),
    Permission.SETTING_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.SIGHT_ASK: role_at(Role.CITY_STAFF),
    Permission.SIGHT_BREAK_GLASS: _EMERGENCY,
    Permission.SIGHT_CONFIRM: _BUREAU,
    Permission.SIGHT_GRANT: _COUNTY,
    Permission.SIGHT_OPEN: _EMERGENCY,
    Permission.SIGHT_READ: any_of(_EMERGENCY, role_at(Role.AUDITOR)),
    Permission.SIGHT_WATCH: any_of(_BUREAU, role_at(Role.AUDITOR)),
    Permission.STAR_GIVE: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.SUPPORTER_READ: any_of(_BUREAU, its_supporter),
    Permission.SUPPORTER_REGISTER: all_of(signed_in, not_staff),
    Permission.SUPPORTER_REVOKE: _BUREAU,
    Permission.SUPPORTER_VET: _BUREAU,
    Permission.TEXT_MANAGE: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.PLATFORM_ADMIN),
    Permission.TRANSFER_ANSWER: _COUNTY,
    Permission.TRANSFER_PROPOSE: sending(Role.COUNTY_STAFF),
    Permission.TRANSFER_READ: any_of(_BUREAU, sending(Role.COUNTY_STAFF, Role.CITY_STAFF)),
    Permission.UNIT_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.VIDEO_CALL_BOOK: _FIELD,
    Permission.VIDEO_CALL_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.VIDEO_ROOM_MANAGE: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.VOICE_READ: _FIELD,
    Permission.VOICE_RECORD: role_at(Role.CHILD_DIRECTOR),
    Permission.VOICE_RELAY: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.WINDOW_MANAGE: _BUREAU,
    Permission.WISH_APPROVE: _COUNTY,
    Permission.WISH_ARCHIVE: _COUNTY,
    Permission.WISH_CLAIM: all_of(claiming, not_staff),
    Permission.WISH_DRAFT: role_at(Role.CHILD_DIRECTOR),
    Permission.WISH_HAND_OVER: role_at(Role.CHILD_DIRECTOR),
    Permission.WISH_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.WISH_SCREEN: role_at(Role.CHILD_SUPERVISOR),
    Permission.WISH_WITHDRAW: _FIELD,
}


def carries(actor: Actor, grant: Grant, permission: Permission) -> bool:
    """Tell whether this grant alone would give the actor ``permission``."""
    alone = replace(actor, grants=(grant,), supporter_ids=(), programme_ids=())
    return POLICY[permission](alone, None)


def with_only(actor: Actor, permission: Permission) -> Actor:
    """Return the actor with just the grants whose role carries ``permission``.

    A person with two roles reads, through a page of one of them, only where that role sits: a
    village director who is also an administrator of the county does not read the county's files.
    """
    carrying = tuple(grant for grant in actor.grants if carries(actor, grant, permission))
    return replace(actor, grants=carrying)
