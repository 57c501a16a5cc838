"""The words of the passport's codes, in one bundle for its templates (message ids)."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain import vetting
from portal.domain.passport import CHECK_LABELS, RESULTS

WORDS: Mapping[str, Mapping[str, str]] = {
    "checks": CHECK_LABELS,
    "results": {code: word for kind in RESULTS.values() for code, word in kind.items()},
    "ties": {**vetting.APPLICANT_TIES, **vetting.STAFF_TIES},
    "staff_ties": vetting.STAFF_TIES,
    "complaints": vetting.COMPLAINT_KINDS,
    "pauses": vetting.PAUSE_REASONS,
    "closes": vetting.CLOSE_REASONS,
    "roles": {"contact": "联系人", "member": "成员", "viewer": "查看者"},
    "states": {
        "good": "齐", "missing": "缺", "expired": "已过期", "failed": "未通过", "short": "时长不足",
    },
}  # fmt: skip
TONES: Mapping[str, str] = {
    "good": "ok", "missing": "neutral", "expired": "warn", "failed": "danger", "short": "warn",
}  # fmt: skip
