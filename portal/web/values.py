"""Values that arrive in an address or a hidden field; what cannot be one is simply not found."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date
from uuid import UUID

from flask import request

from portal.domain import versions
from portal.domain.errors import NotFound


def uuid_of(text: str) -> UUID:
    """Return the id a text stands for; NotFound for any other text."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def maybe_uuid(text: str | None) -> UUID | None:
    """Return the id, or None for an empty text; NotFound for any other text."""
    return uuid_of(text) if text else None


def maybe_date(text: str | None) -> date | None:
    """Return the day of an ISO text, or None when it is none."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    # The ends of the calendar have no instant in every time zone.
    return day if MINYEAR < day.year < MAXYEAR else None


def ticked(texts: list[str]) -> list[tuple[UUID, int]]:
    """Return the rows of ticked boxes, ``<id>:<version>`` each; NotFound for any other text."""
    found = []
    for text in dict.fromkeys(texts):
        identifier, _, version = text.partition(":")
        if not version.isdecimal():
            raise NotFound
        found.append((uuid_of(identifier), int(version)))
    return found


def shown_version() -> int:
    """Return the version of the row that the form was made from; none counts as a stale one."""
    return versions.shown(request.form.get("version"))
