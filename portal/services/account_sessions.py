"""Sessions that the server can end: half open after the password, open after the second factor.

Whoever holds a role proves a second factor, or sets one up before anything else; a supporter does
when they have one. Nothing goes round this: a reset, an invitation and a mailed link end at the
sign-in page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from portal.core import facts, scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Invalid, NotFound, Unavailable
from portal.extensions import db
from portal.models.accounts import User, UserSession
from portal.models.factors import KnownDevice
from portal.queries import actors, factors, units
from portal.queries.actors import SessionRow
from portal.services import account_factors, accounts, limits

OPEN, HALF, ENROL = "open", "half", "enrol"
STAFF_SESSION = timedelta(hours=12)
SUPPORTER_SESSION = timedelta(days=30)
HALF_OPEN = timedelta(minutes=10)
SETTING_UP = timedelta(minutes=30)
#: Staff: without a request for so long the session ends (security.md 3, row 19).
IDLE = timedelta(minutes=15)
#: A session's last request is written at most so often.
SEEN_EVERY = timedelta(minutes=1)
_DEVICE_LENGTH = 200
_AGAIN = "请重新登录"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session's token on its way into a cookie, and what the session may do."""

    token: str = field(repr=False)
    stage: str


@dataclass(frozen=True, slots=True)
class Device:
    """The browser at the other end: its address, its name, the random number it carries."""

    address: str
    name: str = ""
    token: str = field(default="", repr=False)


def begin(user_id: UUID, device: Device) -> Opened:
    """Open what the first proof (password, SMS code, WeChat) opens.

    A supporter without a second factor is in; with a factor the session is half open for ten
    minutes; staff without one have half an hour to set one up. Raises Invalid for an account
    that is closed.
    """
    actor = _actor(user_id)
    if factors.has_any(user_id):
        return Opened(_write(user_id, device, HALF, HALF_OPEN), HALF)
    if actor.is_staff:
        return Opened(_write(user_id, device, ENROL, SETTING_UP), ENROL)
    return Opened(open_session(user_id, device), OPEN)


def finish_by_code(half: SessionRow, code: str, device: Device) -> Opened:
    """Turn a half-open session into an open one by a code; the half-open one ends.

    Raises Invalid on ``otp``, TooMany after five wrong codes.
    """
    if half.stage != HALF:
        raise NotFound
    account_factors.accept_code(half.user_id, code, address=device.address)
    return finish(half, device)


def finish(half: SessionRow, device: Device) -> Opened:
    """Open the session of who has proved or just set up the second factor; callers checked it."""
    taken = db.session.execute(
        update(UserSession)
        .where(UserSession.id == half.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(UserSession.id)
    ).one_or_none()
    if taken is None:
        raise Invalid(_AGAIN)
    return Opened(open_session(half.user_id, device), OPEN)


def open_session(user_id: UUID, device: Device) -> str:
    """Open a session for somebody who has proved everything; return the cookie's token.

    Staff stay 12 hours and leave after 15 idle minutes, supporters stay 30 days. A browser that
    was never seen with this account is told to its owner.
    """
    actor = _actor(user_id)
    limits.forgive(accounts.login_claims(actor.email, device.address))
    span = STAFF_SESSION if actor.is_staff else SUPPORTER_SESSION
    seen_before = _ever_signed_in(user_id)
    token = _write(user_id, device, OPEN, span, idle_of(actor) if actor.is_staff else None)
    facts.publish("account.sign_in", actor=actor, subject=_row(token))
    _note_device(actor, device, tell=seen_before)
    return token


def idle_of(actor: Actor) -> timedelta:
    """Return how long a person may stay idle: the strictest of their authorities, at most IDLE."""
    tenants = {grant.tenant_path for grant in actor.grants if grant.tenant_path}
    minutes = [units.settings(path).idle_minutes for path in tenants]
    return min([IDLE, *(timedelta(minutes=each) for each in minutes)])


def touch(row: SessionRow) -> None:
    """Note that somebody is there, at most once a minute, in a transaction of its own.

    A page may be read while the database takes no writes: then the note waits for the next one.
    """
    now = clock.now()
    if row.last_seen_at > now - SEEN_EVERY:
        return
    values = {"last_seen_at": now}
    if row.idle_until is not None:
        values["idle_until"] = now + (row.idle_until - row.last_seen_at)
    try:
        with unit_of_work.transaction(scope.NOTHING) as session:
            session.execute(
                update(UserSession)
                .where(UserSession.id == row.id, UserSession.last_seen_at < now)
                .values(**values)
            )
    except (OperationalError, Unavailable):
        return


def close_session(actor: Actor, token: str) -> None:
    """End the session of a token, wherever its cookie may be."""
    row = db.session.scalar(
        select(UserSession).where(
            UserSession.token_hash == actors.token_hash(token),
            UserSession.user_id == actor.user_id,
            UserSession.revoked_at.is_(None),
        )
    )
    if row is not None:
        _end(actor, row)


def end_one(actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions; NotFound for anybody else's."""
    row = db.session.get(UserSession, session_id)
    if row is None or row.user_id != actor.user_id or row.revoked_at is not None:
        raise NotFound
    _end(actor, row)


def end_others(actor: Actor, *, spare: str) -> None:
    """End every session of one's own but this."""
    if actor.user_id is None:
        raise NotFound
    accounts.close_other_sessions(actor.user_id, spare=spare)
    facts.publish("account.sign_out_others", actor=actor, subject=_user(actor.user_id))


def _end(actor: Actor, row: UserSession) -> None:
    row.revoked_at = clock.now()
    facts.publish("account.sign_out", actor=actor, subject=row)


def _write(
    user_id: UUID, device: Device, stage: str, span: timedelta, idle: timedelta | None = None
) -> str:
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        UserSession(
            user_id=user_id, token_hash=actors.token_hash(token), created_at=now,
            expires_at=now + span, device=device.name[:_DEVICE_LENGTH], stage=stage,
            last_seen_at=now, idle_until=now + idle if idle else None,
        )
    )  # fmt: skip
    db.session.flush()
    return token


def _note_device(actor: Actor, device: Device, *, tell: bool) -> None:
    if not device.token:
        return
    hashed, now = actors.token_hash(device.token), clock.now()
    known = db.session.scalar(
        select(KnownDevice).where(
            KnownDevice.user_id == actor.user_id, KnownDevice.token_hash == hashed
        )
    )
    if known is not None:
        known.last_seen_at = now
        return
    db.session.add(
        KnownDevice(user_id=actor.user_id, token_hash=hashed, first_seen_at=now, last_seen_at=now)
    )
    if tell and actor.user_id is not None:
        facts.publish("account.new_device", actor=actor, subject=_user(actor.user_id))


def _ever_signed_in(user_id: UUID) -> bool:
    earlier = select(UserSession.id).where(
        UserSession.user_id == user_id, UserSession.stage == OPEN
    )
    return db.session.scalar(earlier.limit(1)) is not None


def _row(token: str) -> UserSession:
    return db.session.scalars(
        select(UserSession).where(UserSession.token_hash == actors.token_hash(token))
    ).one()


def _user(user_id: UUID) -> User:
    return db.session.get_one(User, user_id)


def _actor(user_id: UUID) -> Actor:
    actor = actors.by_user(user_id)
    if actor is None:
        raise Invalid(_AGAIN)
    return actor
