"""A passkey in software: keys of its own, a count, and answers as a browser sends them."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One credential of one site; ``verified`` says whether its owner unlocked it."""

    host: str
    origin: str
    count: int = 0
    verified: bool = True
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, options: str) -> str:
        """Return the answer to the options for a new passkey."""
        client = self._client("webauthn.create", options)
        numbers = self._private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        named = bytes(16) + len(self.id).to_bytes(2) + self.id + encode_cbor(public)
        data = self._data(_ATTESTED) + named
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=client, attestationObject=attested)

    def sign(self, options: str) -> str:
        """Return the answer to the options for signing in or proving anew; the count goes on."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data()
        signed = self._private.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _client(self, kind: str, options: str) -> bytes:
        given = {
            "type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin
        }  # fmt: skip
        return json.dumps(given).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.id)
        response = {key: bytes_to_base64url(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
