"""What an application holds, what may be sent back, and why one is refused (domain.md 4, SV)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

#: What applicants of each kind are asked, in the order of the page.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "individual": ("name", "id_number", "phone"),
    "enterprise": ("name", "uscc", "contact_name", "phone", "business_licence"),
    "charity": (
        "name", "uscc", "contact_name", "phone", "registration_certificate", "fundraising_no",
    ),
}  # fmt: skip
KIND_LABELS: Mapping[str, str] = {
    "individual": "个人",
    "enterprise": "爱心企业",
    "charity": "慈善组织",
}
DOCUMENT_KINDS = frozenset({"business_licence", "registration_certificate"})
#: Why an application is refused for good or a standing taken away; each goes on the block-list.
REASON_CODES: Mapping[str, str] = {
    "offence_record": "有不宜接触未成年人的违法犯罪记录",
    "false_documents": "材料或身份不真实",
    "pledge_broken": "违反守护承诺",
    "unlicensed": "证照无效或已被注销",
}
#: Working days in which an application is looked at, and decided (SV).
FIRST_LOOK_DAYS, DECISION_DAYS = 5, 10
EXPIRY_NOTICE = timedelta(days=30)
_FRIDAY = 4
#: Registration authorities mark social organisations with a leading 5 (GB 32100).
_SOCIAL_ORGANISATION = "5"


def uscc_mismatch(kind: str, uscc: str) -> str:
    """Return why a valid code cannot be this kind of organisation's, or an empty text."""
    is_social = uscc.startswith(_SOCIAL_ORGANISATION)
    if kind == "charity" and not is_social:
        return "慈善组织的代码以 5 开头；企业请改用“爱心企业”登记"
    if kind == "enterprise" and is_social:
        return "这是社会组织的代码；慈善组织请改用“慈善组织”登记"
    return ""


def months_after(day: date, months: int) -> date:
    """Return the same day some months on; the 31st becomes a month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def working_days_after(day: date, days: int) -> date:
    """Return the working day so many days on, weekends left out."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day
