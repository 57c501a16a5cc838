"""Second factors for tests: an authenticator whose secret everybody here knows."""

from __future__ import annotations

import base64

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import cipher, clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.accounts import User
from portal.models.factors import CodeGenerator
from tests.factories import people
from tests.settings import SECRETS

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = 30


def with_generator(actor: Actor, secret: str = SECRET) -> Actor:
    """Give an account a confirmed authenticator."""
    with unit_of_work.transaction(people.everything()):
        held = select(CodeGenerator).where(CodeGenerator.user_id == actor.user_id)
        if db.session.scalar(held) is None:
            now = clock.now()
            row = CodeGenerator(
                user_id=actor.user_id, secret=secret, created_at=now, confirmed_at=now
            )
            db.session.add(row)
    return actor


def code(away: int = 0, secret: str = SECRET) -> str:
    """Return the code of now, or of some steps away from now."""
    step = int(clock.now().timestamp()) // STEP + away
    return pyotp.TOTP(secret).generate_otp(step)


def demo_code(login: str, away: int = 0) -> str:
    """Return the code of one of the demo's staff, in a portal that runs with the tests' keys."""
    ring = cipher.KeyRing.parse(SECRETS["FIELD_KEYS"])
    digest = bytes.fromhex(ring.blind_index(login, "demo generator"))
    return code(away, base64.b32encode(digest[:20]).decode())


def unused_code(email: str) -> str:
    """Return a code that would be taken now: the first of three steps that was not used yet."""
    now = int(clock.now().timestamp()) // STEP
    with unit_of_work.reading(people.everything()):
        last = db.session.scalar(
            select(CodeGenerator.last_step)
            .join(User, User.id == CodeGenerator.user_id)
            .where(User.email == email)
        )
    return code(max(now - 1, last + 1) - now)


def second_step(client: FlaskClient, answer, email: str):
    """Go on from an answered password to the end of signing in."""
    if not (answer.status_code == 303 and answer.location.startswith("/login/code")):
        return answer
    from tests.factories.applicants import send

    with client.application.app_context():
        otp = unused_code(email)
    target = answer.location.partition("next=")[2].replace("%2F", "/")
    return send(client, "/login/code", {"otp": otp, "next": target})
