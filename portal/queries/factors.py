"""Reading what somebody can prove themselves with, and what they proved a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.domain import clock
from portal.domain.acts import PROOF_LIVES
from portal.extensions import db
from portal.models.factors import CodeGenerator, Passkey, Proof, RecoveryCode


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account."""

    generator_since: datetime | None
    passkeys: tuple[PasskeyRow, ...]
    recovery_left: int

    @property
    def any(self) -> bool:
        """Tell whether there is a second factor; recovery codes alone are none."""
        return self.generator_since is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        """Return how many factors there are: the last one of a clerk stays."""
        return len(self.passkeys) + (self.generator_since is not None)


def of_user(user_id: UUID) -> Factors:
    """Return the second factors of an account."""
    since = db.session.scalar(
        select(CodeGenerator.confirmed_at).where(
            CodeGenerator.user_id == user_id, CodeGenerator.confirmed_at.is_not(None)
        )
    )
    keys = db.session.execute(
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
        .where(Passkey.user_id == user_id)
        .order_by(Passkey.created_at, Passkey.id)
    )
    left = db.session.scalar(
        select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    )
    return Factors(since, tuple(PasskeyRow(*key) for key in keys), left or 0)


def has_any(user_id: UUID) -> bool:
    """Tell whether an account has a second factor."""
    generator = select(CodeGenerator.id).where(
        CodeGenerator.user_id == user_id, CodeGenerator.confirmed_at.is_not(None)
    )
    passkey = select(Passkey.id).where(Passkey.user_id == user_id)
    return db.session.scalar(generator.union_all(passkey).limit(1)) is not None


def has_proof(session_id: UUID, act: str, thing: str) -> bool:
    """Tell whether the session proved itself for this act on this thing within ten minutes."""
    found = select(Proof.id).where(
        Proof.session_id == session_id,
        Proof.act == act,
        Proof.thing == thing,
        Proof.at > clock.now() - PROOF_LIVES,
    )
    return db.session.scalar(found.limit(1)) is not None
