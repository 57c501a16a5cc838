"""A number that is registered or block-listed already: its holder learns it by mail, nobody else.

Were the form to answer differently, anybody could ask it who is registered, or on the block-list.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from portal.core import outbox, scope
from portal.domain import cipher, clock
from portal.domain.applications import blind
from portal.extensions import db
from portal.models.supporters import BlockEntry, Supporter


def taken(number_hash: str | None, tenant_path: str, *, beside: UUID | None = None) -> bool:
    """Tell whether a number is registered or block-listed at an authority, ``beside`` left out.

    A draft holds no hash: it claims its number when it is handed in, after its e-mail was
    confirmed, so a stranger's draft never stands in the owner's way.
    """
    if number_hash is None:
        return False
    shared = scope.Scope(tenants=(tenant_path,), reason="the same number, and the block-list")
    same = or_(Supporter.id_hmac == number_hash, Supporter.uscc_hmac == number_hash)
    with scope.within(shared, db.session()):
        holders = db.session.scalars(
            select(Supporter.id).where(Supporter.tenant_path == tenant_path, same)
        ).all()
        blocked = db.session.scalar(
            select(BlockEntry.id).where(
                BlockEntry.tenant_path == tenant_path,
                BlockEntry.hmac == number_hash,
                BlockEntry.lifted_at.is_(None),
            )
        )
    return bool(blocked) or any(holder != beside for holder in holders)


def claim(supporter: Supporter) -> bool:
    """Write the hash of a draft's own number; False when somebody holds it already."""
    if supporter.id_no:
        number_hash = blind(supporter.id_no, "id_number")
    else:
        number_hash = blind(supporter.uscc or "", "uscc")
    if taken(number_hash, supporter.tenant_path, beside=supporter.id):
        return False
    supporter.id_hmac = number_hash if supporter.id_no else None
    supporter.uscc_hmac = None if supporter.id_no else number_hash
    return True


def tell(address: str, place: str) -> None:
    """Owe one such mail a day to the address an application gave; it says whom to ask."""
    mark = cipher.ring().blind_index(address, "number_taken")
    outbox.owe(
        "number_taken",
        recipient=address,
        key=f"{mark}:number_taken:{clock.today()}",
        path="/login",
        place=place,
    )
