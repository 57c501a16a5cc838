"""The version of a row that a page showed, as a form sends it back.

A form that carries a version and comes back without one, or with anything else in its place, was
not made from the row as it stands: it is stale, never unchecked.
"""

from __future__ import annotations

#: Rows begin at version 1: no row ever has this one.
STALE = 0
#: More digits than any row will be written.
_MOST_DIGITS = 9


def shown(text: object) -> int:
    """Return the version a form sends along; STALE for none and for what is no number."""
    written = str(text or "").strip()
    fits = written.isascii() and written.isdecimal() and len(written) <= _MOST_DIGITS
    return int(written) if fits else STALE
