"""A turnstile before the check of a paper: so many asks a minute from one address.

A page that is only read writes nothing, so the asks are counted in this process's memory. That is
enough here: a serial has a hundred random bits, the turnstile only keeps a machine from trying.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from portal.domain.errors import TooMany
from portal.services.limits import network

MOST, SPAN_SECONDS = 120, 60.0
#: Addresses remembered at once; beyond it the memory starts anew.
_REMEMBERED = 10_000
_lock = threading.Lock()
_asks: dict[str, deque[float]] = {}


def turnstile(address: str) -> None:
    """Let one ask pass; TooMany when this address asked MOST times within the span."""
    now, key = time.monotonic(), network(address)
    with _lock:
        if len(_asks) > _REMEMBERED:
            _asks.clear()
        asks = _asks.setdefault(key, deque())
        while asks and asks[0] <= now - SPAN_SECONDS:
            asks.popleft()
        if len(asks) >= MOST:
            wait = int(asks[0] + SPAN_SECONDS - now) + 1
            raise TooMany("查验太频繁，请在 {seconds} 秒后再试", wait, seconds=wait)
        asks.append(now)


def forget() -> None:
    """Forget all asks (tests)."""
    with _lock:
        _asks.clear()
