"""The code by which somebody who fetches a child is known: told once, kept as a slow hash.

PBKDF2 with SHA-256, because a browser can reckon it too: a telephone without signal checks a
code against the hash of today's list (six digits alone would be tried out in no time, ADR 0020).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

DIGITS = 6
ROUNDS = 300_000
_SALT_BYTES = 16
_NAME = "pbkdf2_sha256"
#: Who fetches a child, seen from the child.
RELATIONS: Mapping[str, str] = {
    "father": "父亲",
    "mother": "母亲",
    "grandparent": "祖父母、外祖父母",
    "sibling": "成年兄姐",
    "relative": "其他亲属",
    "neighbour": "邻居",
    "director": "儿童主任",
    "other": "其他",
}


def new_code() -> str:
    """Return six digits that nobody chose."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def hashed(code: str, rounds: int = ROUNDS) -> str:
    """Return ``pbkdf2_sha256$rounds$salt$digest`` of a code, salt and digest in hexadecimal."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{_NAME}${rounds}${salt.hex()}${_digest(code, salt, rounds)}"


def matches(stored: str, code: str) -> bool:
    """Tell whether a code is the one of a stored hash; false for an empty or a strange one."""
    name, _, rest = stored.partition("$")
    rounds, _, rest = rest.partition("$")
    salt, _, digest = rest.partition("$")
    if name != _NAME or not rounds.isdecimal() or not code:
        return False
    return hmac.compare_digest(digest, _digest(code.strip(), bytes.fromhex(salt), int(rounds)))


def _digest(code: str, salt: bytes, rounds: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt, rounds).hex()
