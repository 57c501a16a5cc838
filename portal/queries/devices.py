"""The devices somebody is signed in on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock, devices
from portal.extensions import db
from portal.models.accounts import UserSession


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One open session: on what, since when, last seen when, and whether it is this one."""

    id: UUID
    words: str
    since: datetime
    last_seen_at: datetime
    here: bool


def of_user(user_id: UUID, this: UUID) -> tuple[DeviceRow, ...]:
    """Return the open sessions of an account, this one first, then the last seen."""
    now = clock.now()
    rows = db.session.execute(
        select(UserSession.id, UserSession.device, UserSession.created_at, UserSession.last_seen_at)
        .where(
            UserSession.user_id == user_id,
            UserSession.stage == "open",
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            or_(UserSession.idle_until.is_(None), UserSession.idle_until > now),
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    found = [
        DeviceRow(
            row.id, devices.words(row.device), row.created_at, row.last_seen_at, row.id == this
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda device: not device.here))
