"""What keeps whereabouts from guardians, and a guardian from a child's page (threat 23)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.rights import ChildProtection
from portal.services import tombstones

_LONGEST = 500


def protect(actor: Actor, child_id: UUID, *, reason: str, guardian_id: UUID | None = None) -> UUID:
    """Keep whereabouts from every guardian, or suspend one guardian, with a reason (county).

    A suspended guardian's links die at once. Raises Invalid without a reason, Conflict when it
    stands already, NotFound behind a wall.
    """
    child = _child(actor, child_id)
    if not reason.strip():
        raise Invalid("请写明原因", {"reason": "请写明原因"})
    if guardian_id is not None:
        _guardian(child.id, guardian_id)
    if _standing(child.id, guardian_id) is not None:
        raise Conflict("已经设定过了")
    row = ChildProtection(
        child_id=child.id,
        guardian_id=guardian_id,
        unit_path=child.unit_path,
        reason=reason.strip()[:_LONGEST],
        set_at=clock.now(),
        created_by=actor.user_id,
    )
    db.session.add(row)
    db.session.flush()
    if guardian_id is None:
        tombstones.lay("protected", child.id, "set")
    facts.publish("protection.set", actor=actor, subject=child, protection_id=str(row.id))
    return row.id


def lift(actor: Actor, protection_id: UUID) -> UUID:
    """End a protection (county); the row stays as memory. Returns the child."""
    row = db.session.scalar(select(ChildProtection).where(ChildProtection.id == protection_id))
    if row is None or row.lifted_at is not None:
        raise NotFound
    child = _child(actor, row.child_id)
    row.lifted_at, row.lifted_by = clock.now(), actor.user_id
    facts.publish("protection.lift", actor=actor, subject=child, protection_id=str(row.id))
    return child.id


def set_again(child: ChildFile) -> None:
    """Protect a child on a restored database; whoever looks lifts it if it was lifted."""
    db.session.add(
        ChildProtection(
            child_id=child.id,
            unit_path=child.unit_path,
            reason="恢复备份后按名单重新设定，请核对",
            set_at=clock.now(),
        )
    )
    facts.publish("protection.set", actor=SYSTEM, subject=child)


def whereabouts_hidden(child_id: UUID) -> bool:
    """Tell whether a child's whereabouts are kept from guardians now."""
    return _standing(child_id, None) is not None


def suspended(child_id: UUID, guardian_id: UUID) -> bool:
    """Tell whether this guardian is kept from the child's page now."""
    return _standing(child_id, guardian_id) is not None


def _standing(child_id: UUID, guardian_id: UUID | None) -> ChildProtection | None:
    return db.session.scalar(
        select(ChildProtection).where(
            ChildProtection.child_id == child_id,
            ChildProtection.lifted_at.is_(None),
            ChildProtection.guardian_id == guardian_id
            if guardian_id
            else ChildProtection.guardian_id.is_(None),
        )
    )


def _child(actor: Actor, child_id: UUID) -> ChildFile:
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None:
        raise NotFound
    access.require(actor, Permission.PROTECTION_SET, child)
    return child


def _guardian(child_id: UUID, guardian_id: UUID) -> GuardianLink:
    found = db.session.scalar(
        select(GuardianLink).where(
            GuardianLink.id == guardian_id, GuardianLink.child_id == child_id
        )
    )
    if found is None:
        raise NotFound
    return found
