"""Is this supporter somebody of the child's? Asked when a promise is judged, never by a page."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.extensions import db
from portal.models.children import GuardianLink
from portal.models.supporters import Supporter


def is_kin(supporter_id: UUID, child_id: UUID) -> bool:
    """Tell whether the supporter's ID number or phone is one of the child's guardians' (慈善法 40).

    The caller's scope must reach both; only staff who decide on the promise learn the answer.
    """
    own = db.session.execute(
        select(Supporter.id_hmac, Supporter.phone).where(Supporter.id == supporter_id)
    ).one_or_none()
    if own is None:
        return False
    guardians = db.session.execute(
        select(GuardianLink.id_hmac, GuardianLink.phone).where(GuardianLink.child_id == child_id)
    )
    return any(
        (own.id_hmac is not None and own.id_hmac == each.id_hmac)
        or bool(own.phone and each.phone and _digits(own.phone) == _digits(each.phone))
        for each in guardians
    )


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())[-11:]
