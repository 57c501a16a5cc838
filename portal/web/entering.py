"""Letting somebody in who has proved the first factor some other way than by a password."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.web import signing


def enter(user_id: UUID) -> ResponseReturnValue:
    """Open a session, or lead to the second factor of whoever has or needs one."""
    return signing.begin(user_id)
