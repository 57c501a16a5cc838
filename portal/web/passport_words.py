"""The words of the passport's codes, in one bundle for its templates (message ids)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain import vetting
from portal.domain.passport import CHECK_LABELS, RESULTS, STATE_LABELS

WORDS: Mapping[str, Mapping[str, str]] = {
    "checks": CHECK_LABELS,
    "results": {code: word for kind in RESULTS.values() for code, word in kind.items()},
    "ties": {**vetting.APPLICANT_TIES, **vetting.STAFF_TIES},
    "staff_ties": vetting.STAFF_TIES,
    "complaints": vetting.COMPLAINT_KINDS,
    "pauses": vetting.PAUSE_REASONS,
    "closes": vetting.CLOSE_REASONS,
    "roles": vetting.MEMBER_ROLES,
    "states": STATE_LABELS,
}
TONES: Mapping[str, str] = {
    "good": "ok", "missing": "neutral", "expired": "warn", "failed": "danger", "short": "warn",
}  # fmt: skip


def bundle() -> dict[str, Any]:
    """Return both tables by the names under which the templates ask for them."""
    return {"words": WORDS, "tones": TONES}
