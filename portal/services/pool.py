"""The loving-parent pool: saying what one can give in person, and staff correcting it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.permissions import Permission
from portal.domain.pool import PoolOffer, check
from portal.extensions import db
from portal.models.pool import PoolProfile, PoolTag
from portal.models.supporters import Supporter
from portal.queries import resource_places

_STALE = "这份资料刚刚有变化，请刷新后再改"


def fill(actor: Actor, supporter_id: UUID, offer: PoolOffer, *, version: int | None = None) -> UUID:
    """Say what one can give in person (S1-2.3.3b); return the profile's id.

    Raises NotFound for somebody else's row, WrongState for an organisation or a standing that
    does not count, Conflict when it changed meanwhile, Invalid.
    """
    if supporter_id not in actor.supporter_ids:
        raise NotFound
    supporter = _person(supporter_id)
    access.require(actor, Permission.RESOURCE_OFFER, supporter)
    if supporter.status != "approved":
        raise WrongState("资格审核通过后才能填写")
    profile = _written(actor, supporter, offer, version)
    facts.publish("pool.fill", actor=actor, subject=profile, capacity=offer.capacity)
    return profile.id


def correct(
    actor: Actor, supporter_id: UUID, offer: PoolOffer, *, reason: str, version: int | None = None
) -> UUID:
    """Correct somebody's profile for them, with a reason that stays on file.

    Raises NotFound behind a wall and for another county's, Conflict, Invalid.
    """
    supporter = _person(supporter_id)
    if not access.permits(actor, Permission.POOL_CORRECT, supporter):
        raise NotFound
    if not reason.strip():
        raise Invalid("请写明更正的原因", {"reason": "请写明更正的原因"})
    profile = _written(actor, supporter, offer, version)
    facts.publish(
        "pool.correct", actor=actor, subject=profile, note=reason.strip(), capacity=offer.capacity
    )
    return profile.id


def _person(supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    if supporter.kind != "individual":
        raise WrongState("爱心家长是个人；单位请登记资源")
    return supporter


def _written(
    actor: Actor, supporter: Supporter, offer: PoolOffer, version: int | None
) -> PoolProfile:
    profile = db.session.scalar(select(PoolProfile).where(PoolProfile.supporter_id == supporter.id))
    if profile is not None and version is not None and profile.version != version:
        raise Conflict(_STALE)
    reachable = {place.code for place in resource_places.counties_of(supporter.tenant_path)}
    check(offer, reachable, clock.today())
    if profile is None:
        profile = PoolProfile(
            supporter_id=supporter.id, tenant_path=supporter.tenant_path,
            unit_path=supporter.unit_path, created_by=actor.user_id,
        )  # fmt: skip
        db.session.add(profile)
    profile.unit_path = supporter.unit_path
    profile.capacity, profile.until = offer.capacity, offer.until
    db.session.flush()
    _tag(profile, offer)
    return profile


def _tag(profile: PoolProfile, offer: PoolOffer) -> None:
    """Make the searched tags those of the offer."""
    db.session.execute(delete(PoolTag).where(PoolTag.profile_id == profile.id))
    db.session.add_all(
        PoolTag(
            profile_id=profile.id, supporter_id=profile.supporter_id,
            tenant_path=profile.tenant_path, kind=kind, value=value,
        )
        for kind, value in sorted(offer.tags())
    )  # fmt: skip
    db.session.flush()
