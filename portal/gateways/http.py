"""One call to somebody else's server: time-outs, at most one repetition, errors in a sentence.

Nothing of what is sent or answered is logged: it holds numbers, names and keys.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from portal.domain.errors import DomainError, Unavailable

_AWAY = "对方的服务暂时没有应答，请稍后再试"
_STRANGE = "对方的服务答复有误，请稍后再试"
_SERVER_ERROR = 500

# The client would log every address, and addresses of these services hold numbers and secrets.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Refused(DomainError):
    """The other side answered no; ``code`` is theirs, the sentence is ours (never their words)."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sending:
    """One request, signed and ready."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)


class Caller:
    """Sends requests with a time limit; ``repeatable`` ones a second time after a failure.

    A connection that was never made is tried again in any case: nothing was sent on it. A redirect
    is not followed: a signed request belongs to one host.
    """

    def __init__(self, timeout: float) -> None:
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(timeout, 4.0)), follow_redirects=False
        )

    def json(self, sign: Callable[[], Sending], *, repeatable: bool = False) -> dict[str, Any]:
        """Return the answer's JSON object, whatever its status; Unavailable when there is none.

        Each try is signed anew: a signature counts once.
        """
        answer = self._sent(sign, repeatable=repeatable)
        try:
            found = answer.json()
        except ValueError as error:
            raise Unavailable(_STRANGE) from error
        if not isinstance(found, dict):
            raise Unavailable(_STRANGE)
        return found

    def _sent(self, sign: Callable[[], Sending], *, repeatable: bool) -> httpx.Response:
        for again in (True, False):
            one = sign()
            try:
                answer = self._client.request(
                    one.method, one.url, headers=one.headers, content=one.content
                )
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if again:
                    continue
            except httpx.HTTPError:
                if again and repeatable:
                    continue
            else:
                if answer.status_code >= _SERVER_ERROR and again and repeatable:
                    continue
                return answer
            break
        # Neither the address nor the request: an error report would carry both.
        raise Unavailable(_AWAY) from None
