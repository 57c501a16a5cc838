"""Keyset cursors as links carry them: sealed, so that nobody reads or makes one."""

from __future__ import annotations

from uuid import UUID

from portal.domain import cipher

_PLACE = "cursor"


def seal(after: tuple[int, UUID] | None, what: str) -> str:
    """Return the cursor of a list named ``what`` ("" at its end)."""
    if after is None:
        return ""
    return cipher.ring().seal(f"{after[0]}:{after[1].hex}", f"{_PLACE}.{what}")


def unseal(text: str, what: str) -> tuple[int, UUID] | None:
    """Return where to go on; None (the first page) for a cursor that is not of this list."""
    if not text:
        return None
    try:
        number, identifier = cipher.ring().unseal(text, f"{_PLACE}.{what}").split(":")
        return int(number), UUID(identifier)
    except (cipher.CipherError, ValueError):
        return None
