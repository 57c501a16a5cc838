"""The codes of the demo's invented staff, for who tries the portal on their own machine.

Their secrets follow from the installation's key and the login, so that no stored secret is read
to show a code. A real account's authenticator has a secret of its own and no code here.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import pyotp
from sqlalchemy import select

from portal.domain import cipher, clock
from portal.extensions import db
from portal.models.accounts import RoleGrant, User

_SECRET_BYTES = 20
_STEP_SECONDS = 30
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DemoCode:
    """One login's code of now and the next one."""

    login: str
    code: str
    following: str


def secret_of(login: str) -> str:
    """Return the authenticator secret of an invented colleague."""
    digest = bytes.fromhex(cipher.ring().blind_index(login, "demo generator"))
    return base64.b32encode(digest[:_SECRET_BYTES]).decode()


def seconds_left() -> int:
    """Return for how many seconds the present codes are shown by an authenticator."""
    return _STEP_SECONDS - int(clock.now().timestamp()) % _STEP_SECONDS


def of(logins: Sequence[str], part: str = "") -> tuple[DemoCode, ...]:
    """Return the codes of these logins, or of staff whose login begins with ``part``."""
    if part:
        held = select(RoleGrant.user_id)
        found = select(User.email).where(
            User.id.in_(held), User.email.startswith(part.lower(), autoescape=True)
        )
        logins = db.session.scalars(found.order_by(User.email).limit(_SHOWN)).all()
    step = int(clock.now().timestamp()) // _STEP_SECONDS
    makers = [(login, pyotp.TOTP(secret_of(login))) for login in logins]
    return tuple(
        DemoCode(login, maker.generate_otp(step), maker.generate_otp(step + 1))
        for login, maker in makers
    )
