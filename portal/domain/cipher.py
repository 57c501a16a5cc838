"""The field cipher and its blind index (security.md L11; stack.md 3).

A sealed value reads ``v1:<key id>:<nonce>:<ciphertext>`` in URL-safe base64. The associated data
is the table and column, so that a value moved to another column does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class CipherError(Exception):
    """A sealed value that no key opens, or a key ring that cannot work."""


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class KeyRing:
    """Keys by id: the first writes, all read; the index key is separate and never rotates alone."""

    keys: Mapping[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    _ciphers: dict[str, AESGCM] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.keys:
            msg = "no field key"
            raise CipherError(msg)
        for key_id, key in self.keys.items():
            if len(key) != _KEY_BYTES or ":" in key_id:
                msg = f"field key {key_id!r} must be 32 bytes and its id without a colon"
                raise CipherError(msg)
            self._ciphers[key_id] = AESGCM(key)

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read ``id:base64,id:base64,index:base64`` as the FIELD_KEYS setting holds it."""
        pairs = dict(part.strip().split(":", 1) for part in text.split(",") if part.strip())
        try:
            decoded = {name: _unb64(value) for name, value in pairs.items()}
        except ValueError as error:
            msg = "FIELD_KEYS is not base64"
            raise CipherError(msg) from error
        index_key = decoded.pop("index", b"")
        if len(index_key) != _KEY_BYTES:
            msg = "FIELD_KEYS needs an 'index' key of 32 bytes"
            raise CipherError(msg)
        return cls(decoded, index_key)

    @classmethod
    def generate(cls) -> str:
        """Return a fresh FIELD_KEYS text with one writing key and an index key."""
        return f"k1:{_b64(os.urandom(_KEY_BYTES))},index:{_b64(os.urandom(_KEY_BYTES))}"

    @property
    def write_id(self) -> str:
        """Return the id of the key that seals new values."""
        return next(iter(self.keys))

    @property
    def prefix(self) -> str:
        """Return how every value begins that the writing key sealed."""
        return f"{_VERSION}:{self.write_id}:"

    def seal(self, plain: str, place: str) -> str:
        """Encrypt ``plain`` for ``place`` ("table.column")."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.write_id].encrypt(nonce, plain.encode(), place.encode())
        return f"{self.prefix}{_b64(nonce)}:{_b64(sealed)}"

    def unseal(self, sealed: str, place: str) -> str:
        """Decrypt; raise CipherError when the key is missing or the value was changed."""
        try:
            version, key_id, nonce, body = sealed.split(":")
            if version != _VERSION:
                msg = f"unknown cipher version {version!r}"
                raise CipherError(msg)
            plain = self._ciphers[key_id].decrypt(_unb64(nonce), _unb64(body), place.encode())
        except (ValueError, KeyError, InvalidTag) as error:
            msg = f"cannot open a value of {place}"
            raise CipherError(msg) from error
        return plain.decode()

    def blind_index(self, value: str, purpose: str) -> str:
        """Return the keyed hash by which equal values find each other (64 hex digits)."""
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self.index_key, message, hashlib.sha256).hexdigest()

    def keyed_number(self, *parts: str) -> int:
        """Return a keyed 62-bit number, for orders that nobody outside can reproduce (A2)."""
        message = "\0".join(("order", *parts)).encode()
        digest = hmac.new(self.index_key, message, hashlib.sha256).digest()
        return int.from_bytes(digest[:8], "big") >> 2


_ring: KeyRing | None = None


def install(ring: KeyRing) -> None:
    """Make ``ring`` the process's key ring; create_app calls this once."""
    global _ring  # noqa: PLW0603 -- one ring per process, set at start before any query
    _ring = ring


def ring() -> KeyRing:
    """Return the installed ring; CipherError when the application was not created."""
    if _ring is None:
        msg = "no key ring installed"
        raise CipherError(msg)
    return _ring
