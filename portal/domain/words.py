"""The Chinese words of codes that several pages, mails and exports show."""

from __future__ import annotations

from collections.abc import Mapping

GENDER_WORDS: Mapping[str, str] = {"male": "男", "female": "女"}

#: What a guardian may agree to, one by one (L03).
CONSENT_WORDS: Mapping[str, str] = {
    "wish": "微心愿",
    "pairing": "结对帮扶",
    "camp": "活动",
    "photo": "照片",
    "data": "信息登记",
    "share": "与合作机构共享",
}
