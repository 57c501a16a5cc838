"""Second factors of the demo's invented staff; refuses every address that could be somebody's."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain import clock
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.factors import CodeGenerator
from portal.queries.demo_codes import secret_of

_NOBODYS = "@example.org"


def equip() -> int:
    """Give an authenticator to everybody who holds a role and has none; return how many."""
    owned = select(CodeGenerator.user_id)
    staff = select(User.id, User.email).where(
        User.id.in_(select(RoleGrant.user_id)),
        User.id.not_in(owned),
        User.email.endswith(_NOBODYS, autoescape=True),
    )
    now = clock.now()
    rows = [
        CodeGenerator(
            user_id=user.id, secret=secret_of(user.email), last_step=0, created_at=now,
            confirmed_at=now,
        )
        for user in db.session.execute(staff)
    ]  # fmt: skip
    db.session.add_all(rows)
    return len(rows)
