"""Opening what is masked, and the leaves to do so, in a story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.services import sight, sight_requests, sight_watch

VERBS: Mapping[str, Callable[..., Any]] = {
    "child.look": sight.look,
    "child.reveal": sight.open_field,
    "sight.ask": sight_requests.ask,
    "sight.break_glass": sight_requests.break_glass,
    "sight.decide": sight_requests.decide,
    "sight.open": sight_requests.open_granted,
    "sight.outliers": sight_watch.find_outliers,
    "supporter.reveal": sight.open_supporter,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {}
