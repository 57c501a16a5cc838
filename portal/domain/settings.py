"""What an authority may set for itself, with the defaults of domain.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

#: k is never lowered under this (security.md, decisions).
MIN_K = 5


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """An authority's settings; unknown names are ignored, missing ones take the default."""

    k: int = 10
    wish_cap_fen: int = 30_000
    #: Live claims at once, per kind of supporter.
    quota_individual: int = 3
    quota_enterprise: int = 20
    quota_charity: int = 20
    claim_hours: int = 72
    lapses_allowed: int = 3
    block_days: int = 90
    max_rolls: int = 2
    #: A batch needs this many cards, so that its day says nothing about one wish (A2).
    batch_min: int = 3
    handover_point: str = "县民政局儿童福利窗口"
    mailbox: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> TenantSettings:
        """Read the stored JSON; k stays at or above MIN_K."""
        known = {field.name for field in fields(cls)}
        chosen = {name: value for name, value in stored.items() if name in known}
        if "k" in chosen:
            chosen["k"] = max(int(chosen["k"]), MIN_K)
        return cls(**chosen)

    def quota(self, kind: str) -> int:
        """Return how many live claims a kind of supporter may hold."""
        return int(getattr(self, f"quota_{kind}", self.quota_individual))
