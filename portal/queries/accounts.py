"""Looking at accounts without changing them."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import OneTimeToken, User
from portal.queries.actors import token_hash


def require_token(token: str, purpose: str) -> str:
    """Return the name of whose mailed link it is.

    Raises NotFound, with a sentence, when the link is unknown, used or too old.
    """
    name = db.session.scalar(
        select(User.name)
        .select_from(OneTimeToken)
        .join(User, User.id == OneTimeToken.user_id)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > clock.now(),
            User.disabled_at.is_(None),
        )
    )
    if name is None:
        raise NotFound("这个链接已经用过或已过期，请重新申请一个")
    return name
