"""Who signs in for a supporter, with what, and whether a reset waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.factor_resets import FactorReset
from portal.queries import actors, factors, members


@dataclass(frozen=True, slots=True)
class LoginRow:
    """One login of a supporter, as the desk sees it."""

    user_id: UUID
    name: str
    email: str
    has_factor: bool
    #: Staff are reset by their administrator, not here.
    is_staff: bool
    #: When a reset that was asked for takes effect.
    due_at: datetime | None


def logins(actor: Actor, supporter_id: UUID) -> tuple[LoginRow, ...]:
    """Return the logins that speak for a supporter one vets; NotFound for any other."""
    found = []
    for member in members.of(actor, supporter_id):
        person = actors.by_user(member.user_id) if member.has_accepted else None
        if person is not None:
            found.append(
                LoginRow(
                    member.user_id, member.name, member.email, factors.has_any(member.user_id),
                    person.is_staff, waits_until(member.user_id),
                )
            )  # fmt: skip
    return tuple(found)


def waits_until(user_id: UUID) -> datetime | None:
    """Return when the factors of an account will be forgotten; None when nothing waits."""
    return db.session.scalar(
        select(FactorReset.due_at).where(
            FactorReset.user_id == user_id, FactorReset.ended_at.is_(None)
        )
    )
