"""Tencent Cloud's request signature, version 3 (TC3-HMAC-SHA256), and a call signed by it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from portal.domain import clock
from portal.gateways.http import Caller, Sending

_ALGORITHM = "TC3-HMAC-SHA256"
_TYPE = "application/json; charset=utf-8"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def authorization(
    key: tuple[str, str], *, service: str, headers: Mapping[str, str], body: bytes, timestamp: int
) -> str:
    """Return the Authorization of a POST; ``headers`` are the ones signed, in lower case.

    ``key`` is (SecretId, SecretKey); ``timestamp`` is in seconds, its UTC day is part of the key.
    """
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    digest = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\n{lines}\n{names}\n{digest}"
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    place = f"{day}/{service}/tc3_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join((_ALGORITHM, str(timestamp), place, hashed))
    day_key = _hmac(f"TC3{key[1]}".encode(), day)
    signing = _hmac(_hmac(day_key, service), "tc3_request")
    signature = hmac.new(signing, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{_ALGORITHM} Credential={key[0]}/{place}, SignedHeaders={names}, Signature={signature}"


@dataclass(frozen=True, slots=True)
class Tencent:
    """One product of Tencent Cloud: where it lives, its name and version, with whose key."""

    endpoint: str
    service: str
    version: str
    region: str
    key: tuple[str, str]
    caller: Caller

    def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = False
    ) -> dict[str, Any]:
        """Return the ``Response`` of an action; Unavailable when there is none."""
        found = self.caller.json(lambda: self._signed(action, parameters), repeatable=repeatable)
        answer = found.get("Response")
        return answer if isinstance(answer, dict) else {}

    def _signed(self, action: str, parameters: Mapping[str, Any]) -> Sending:
        base = urlsplit(self.endpoint)
        body = json.dumps(parameters, ensure_ascii=False).encode()
        signed = {"content-type": _TYPE, "host": base.netloc, "x-tc-action": action.lower()}
        timestamp = int(clock.now().timestamp())
        headers = {
            "content-type": _TYPE,
            "host": base.netloc,
            "x-tc-action": action,
            "x-tc-version": self.version,
            "x-tc-timestamp": str(timestamp),
            "x-tc-region": self.region,
            "authorization": authorization(
                self.key, service=self.service, headers=signed, body=body, timestamp=timestamp
            ),
        }
        return Sending("POST", f"{base.scheme}://{base.netloc}/", headers, body)
