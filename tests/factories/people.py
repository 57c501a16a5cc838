"""People who sign in: staff with a role at a unit, supporters at an authority."""

from __future__ import annotations

import itertools
import secrets
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.actor import ROLE_LEVELS, Actor, Role
from portal.extensions import db
from portal.models.accounts import RoleGrant, User, UserSession
from portal.models.supporters import Supporter, SupporterMember
from portal.models.units import Unit
from portal.queries import actors
from portal.services import proofs

#: 三明 and one place of each level in it; 启东 is the neighbour who may see none of it.
SANMING, MINGXI = "/35/3504/", "/35/3504/350421/"
QIDONG = "/32/3206/320681/"
#: Where each role sits when a test does not say.
SEATS = {
    "village": "350421100202",
    "township": "350421100",
    "county": "350421",
    "city": "350400",
    "province": "350000",
}
SUPPORTER_KINDS = ("individual", "enterprise", "charity")
_number = itertools.count(1)


def everything():
    """Return the scope in which factories write."""
    return unit_of_work.system_scope("factories of the tests")


def account(name: str = "", *, verified: bool = True) -> Actor:
    """Make an account with no role and no supporter."""
    with unit_of_work.transaction(everything()):
        user = _user(name, verified=verified)
        user_id = user.id
    return actors.by_user(user_id)


def staff(role: Role | str, unit: str | None = None, *, until: date | None = None) -> Actor:
    """Make a person with ``role`` at the unit of a code (by default where the role belongs)."""
    role = Role(role)
    with unit_of_work.transaction(everything()):
        place = db.session.scalar(select(Unit).where(Unit.code == (unit or seat(role))))
        user = _user(role.value)
        db.session.add(
            RoleGrant(
                user_id=user.id, role=role.value, unit_id=place.id, unit_path=place.path,
                tenant_path=place.tenant_path, valid_to=until,
                valid_from=clock.today() - timedelta(days=30),
            )
        )  # fmt: skip
        user_id = user.id
    return actors.by_user(user_id)


def also(actor: Actor, role: Role | str, unit: str) -> Actor:
    """Give a person a second role at the unit of a code."""
    role = Role(role)
    with unit_of_work.transaction(everything()):
        place = db.session.scalar(select(Unit).where(Unit.code == unit))
        db.session.add(
            RoleGrant(
                user_id=actor.user_id, role=role.value, unit_id=place.id, unit_path=place.path,
                tenant_path=place.tenant_path, valid_from=clock.today() - timedelta(days=30),
            )
        )  # fmt: skip
    return actors.by_user(actor.user_id)


def seat(role: Role) -> str:
    """Return the code of the unit where a role sits by default."""
    levels = ROLE_LEVELS[role]
    return next((SEATS[level] for level in SEATS if level in levels), SEATS["county"])


def supporter(
    kind: str = "enterprise", *, status: str = "approved", tenant: str = SANMING
) -> Actor:
    """Make a supporter of an authority and the person who speaks for it."""
    with unit_of_work.transaction(everything()):
        user = _user(kind)
        approved = status == "approved"
        row = Supporter(
            kind=kind, status=status, tier=1 if approved else 0, tenant_path=tenant,
            unit_path=MINGXI if tenant == SANMING else tenant, name=f"爱心{user.email}",
            county_code="350421" if tenant == SANMING else "320681", created_by=user.id,
            approved_at=clock.now() if approved else None,
            valid_to=clock.today() + timedelta(days=700) if approved else None,
            pledge_version="1", privacy_version="1",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add(SupporterMember(supporter_id=row.id, user_id=user.id))
        user_id = user.id
    return actors.by_user(user_id)


def sign_in(client: FlaskClient, actor: Actor) -> FlaskClient:
    """Give the client a live session of this person, as signing in would."""
    token = secrets.token_urlsafe(16)
    with unit_of_work.transaction(everything()):
        db.session.add(
            UserSession(
                user_id=actor.user_id, token_hash=actors.token_hash(token),
                created_at=clock.now(), expires_at=clock.now() + timedelta(days=400),
                last_seen_at=clock.now(), stage="open",
            )
        )  # fmt: skip
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def prove(client: FlaskClient, act: str, thing: object = "") -> FlaskClient:
    """Let the client's session have proved anew who it is, for one act on one thing, just now."""
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with client.application.app_context(), unit_of_work.transaction(everything()):
        proofs.record(actors.session_of(token).id, act, str(thing))
    return client


def _user(name: str, *, verified: bool = True) -> User:
    number = next(_number)
    user = User(
        email=f"{name or 'person'}{number}@example.org",
        name=f"测试{number}",
        email_verified_at=clock.now() if verified else None,
    )
    db.session.add(user)
    db.session.flush()
    return user
