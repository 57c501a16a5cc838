"""What is known of whether an applicant's number is theirs: consent, and every comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal import gateways
from portal.core import access
from portal.domain import masking
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.identity_checks import IdentityCheck, IdentityConsent
from portal.models.supporters import Supporter


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison; ``is_current`` unless the number was corrected since."""

    at: datetime
    by: str
    provider: str
    document: str
    verdict: str
    number: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class IdentityState:
    """Where the identity check of one applicant stands."""

    supporter_id: UUID
    name: str
    number: str
    provider: str
    consent_method: str
    consented_at: datetime | None
    checks: tuple[Comparison, ...]

    @property
    def has_consent(self) -> bool:
        """Tell whether a consent stands."""
        return self.consented_at is not None

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the number as it stands was found to be theirs, last time it was asked."""
        current = [check for check in self.checks if check.is_current]
        return bool(current) and current[0].verdict == "match"


def state(actor: Actor, supporter_id: UUID) -> IdentityState:
    """Return the state for whoever vets, or for the applicant; NotFound for anybody else."""
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or supporter.kind != "individual":
        raise NotFound
    own = supporter.id in actor.supporter_ids
    if not own and not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    given = db.session.execute(
        select(IdentityConsent.method, IdentityConsent.created_at)
        .where(IdentityConsent.supporter_id == supporter_id, IdentityConsent.withdrawn_at.is_(None))
        .order_by(IdentityConsent.created_at.desc())
        .limit(1)
    ).one_or_none()
    return IdentityState(
        supporter_id=supporter.id,
        name=supporter.name,
        number=masking.mask_id_number(supporter.id_no or ""),
        provider=gateways.installed().identity.provider,
        consent_method=given.method if given else "",
        consented_at=given.created_at if given else None,
        checks=_checks(supporter),
    )


def _checks(supporter: Supporter) -> tuple[Comparison, ...]:
    rows = db.session.execute(
        select(IdentityCheck, User.name)
        .outerjoin(User, User.id == IdentityCheck.created_by)
        .where(IdentityCheck.supporter_id == supporter.id)
        .order_by(IdentityCheck.created_at.desc(), IdentityCheck.id)
    )
    return tuple(
        Comparison(
            at=check.created_at,
            by=name or "",
            provider=check.provider,
            document=check.document,
            verdict=check.verdict,
            number=check.masked_number,
            is_current=check.id_hmac == supporter.id_hmac,
        )
        for check, name in rows
    )
