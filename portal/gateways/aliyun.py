"""Alibaba Cloud's request signature, version 3 (ACS3-HMAC-SHA256), and a call signed by it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from portal.domain import clock
from portal.gateways.http import Caller, Sending

_ALGORITHM = "ACS3-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signed request carries; ``canonical`` is kept for a test to compare."""

    query: str
    headers: dict[str, str]
    canonical: str


def encoded(parameters: Mapping[str, str]) -> str:
    """Return parameters sorted and escaped by RFC 3986, as they are signed and sent."""
    pairs = sorted(parameters.items())
    return "&".join(f"{quote(name, safe='~')}={quote(text, safe='~')}" for name, text in pairs)


def sign(
    key: tuple[str, str],
    *,
    host: str,
    action: str,
    version: str,
    parameters: Mapping[str, str],
    date: str,
    nonce: str,
) -> Signed:
    """Sign a POST without a body: the parameters travel in the query.

    ``key`` is (AccessKey ID, secret); ``date`` is UTC as ``2023-10-26T10:22:32Z``.
    """
    nothing = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": nothing,
        "x-acs-date": date,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    query = encoded(parameters)
    canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{nothing}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(key[1].encode(), f"{_ALGORITHM}\n{digest}".encode(), hashlib.sha256)
    headers["authorization"] = (
        f"{_ALGORITHM} Credential={key[0]},SignedHeaders={names},Signature={signature.hexdigest()}"
    )
    return Signed(query, headers, canonical)


@dataclass(frozen=True, slots=True)
class Aliyun:
    """One product of Alibaba Cloud: where it lives, which version, with whose key."""

    endpoint: str
    version: str
    key: tuple[str, str]
    caller: Caller

    def call(
        self, action: str, parameters: Mapping[str, str], *, repeatable: bool = False
    ) -> dict[str, Any]:
        """Return the answer to an action; Unavailable when there is none."""
        return self.caller.json(lambda: self._signed(action, parameters), repeatable=repeatable)

    def _signed(self, action: str, parameters: Mapping[str, str]) -> Sending:
        base = urlsplit(self.endpoint)
        signed = sign(
            self.key,
            host=base.netloc,
            action=action,
            version=self.version,
            parameters=parameters,
            date=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            nonce=secrets.token_hex(16),
        )
        url = f"{base.scheme}://{base.netloc}/?{signed.query}"
        return Sending("POST", url, signed.headers)
