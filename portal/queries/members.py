"""Who speaks for an organisation, and the invitations that wait for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import access, scope
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.supporters import Supporter, SupporterMember
from portal.models.units import Unit


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member, or an invitation that is not taken up yet."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    has_accepted: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to somebody: which organisation, where, as what."""

    id: UUID
    organisation: str
    county: str
    role: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation whose members a page lists."""

    id: UUID
    name: str
    kind: str


def of(actor: Actor, supporter_id: UUID) -> tuple[MemberRow, ...]:
    """Return the members for themselves and for whoever vets; NotFound otherwise."""
    supporter = _seen(actor, supporter_id)
    rows = db.session.execute(
        select(
            SupporterMember.id, SupporterMember.user_id, User.name, User.email,
            SupporterMember.role, SupporterMember.invited_at,
        )
        .join(User, User.id == SupporterMember.user_id)
        .where(SupporterMember.supporter_id == supporter.id, SupporterMember.ended_at.is_(None))
        .order_by(SupporterMember.created_at, SupporterMember.id)
    )  # fmt: skip
    return tuple(
        # Who has an account under which name is not told before they accept.
        MemberRow(
            row.id, row.user_id, "" if row.invited_at else row.name, row.email, row.role,
            row.invited_at is None,
        )
        for row in rows
    )  # fmt: skip


def organisation(actor: Actor, supporter_id: UUID) -> Organisation:
    """Return an organisation one speaks for; NotFound for a stranger's or a person."""
    supporter = _seen(actor, supporter_id)
    if supporter.kind == "individual" or supporter_id not in actor.supporter_ids:
        raise NotFound
    return Organisation(supporter.id, supporter.name, supporter.kind)


def invitations(actor: Actor) -> tuple[Invitation, ...]:
    """Return the invitations that wait for this person."""
    rows = db.session.execute(
        select(SupporterMember.id, SupporterMember.supporter_id, SupporterMember.role)
        .where(
            SupporterMember.user_id == actor.user_id,
            SupporterMember.ended_at.is_(None),
            SupporterMember.invited_at.is_not(None),
        )
        .order_by(SupporterMember.created_at)
    ).all()
    return tuple(Invitation(row.id, *_named(row.supporter_id), row.role) for row in rows)


def _named(supporter_id: UUID) -> tuple[str, str]:
    """Return name and county of the inviting organisation, which the guest cannot read yet."""
    session = db.session()
    guest = scope.Scope(supporters=(supporter_id,), reason="the name on an own invitation")
    with scope.within(guest, session):
        row = session.execute(
            select(Supporter.name, Unit.name.label("county"))
            .join(Unit, Unit.path == Supporter.unit_path)
            .where(Supporter.id == supporter_id)
        ).one_or_none()
    return (row.name, row.county) if row else ("", "")


def _seen(actor: Actor, supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    if supporter_id not in actor.supporter_ids and not access.permits(
        actor, Permission.SUPPORTER_VET, supporter
    ):
        raise NotFound
    return supporter
