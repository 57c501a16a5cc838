"""Hashing passwords with argon2id; the only place that knows the hasher.

Callers hash while no transaction is open: 64 MiB and a quarter of a second must not hold SQLite's
one writer.
"""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.domain import passwords

_hasher: PasswordHasher | None = None
_nobodys_hash = ""


def install(memory_kib: int) -> PasswordHasher:
    """Make the process's hasher; create_app calls this once."""
    global _hasher, _nobodys_hash  # noqa: PLW0603 -- one hasher per process, set at start
    _hasher = PasswordHasher(memory_cost=memory_kib)
    _nobodys_hash = _hasher.hash(secrets.token_urlsafe(32))
    return _hasher


def _installed() -> PasswordHasher:
    if _hasher is None:
        msg = "no password hasher installed"
        raise RuntimeError(msg)
    return _hasher


def hashed(password: str) -> str:
    """Return the argon2id hash of a password in its NFKC form."""
    return _installed().hash(passwords.normalise(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether ``password`` is the one of ``stored``.

    Without a stored hash (no such account, no password yet) the same work is done on a hash of
    nobody's, so that known and unknown accounts take the same time.
    """
    try:
        _installed().verify(stored or _nobodys_hash, passwords.normalise(password))
    except (Argon2Error, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _installed().check_needs_rehash(stored)
