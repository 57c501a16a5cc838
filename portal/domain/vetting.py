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
#: Days before an end on which people are told, once each.
REMIND_DAYS = (30, 7, 1)
#: Days in which somebody may appeal, the day after the decision being the first (SV).
APPEAL_DAYS = 15
#: What applicants are asked before they meet children, and what staff say of themselves.
APPLICANT_TIES: Mapping[str, str] = {
    "relative_of_child": "本地区受关爱儿童的亲属",
    "works_for_bureau": "在民政部门工作或有亲属在民政部门工作",
}
STAFF_TIES: Mapping[str, str] = {
    "relative": "我与申请人是亲属",
    "referee": "我是申请人的推荐人",
    "interest": "我与申请人有其他利害关系",
}
#: What a login is called in the organisation it speaks for.
MEMBER_ROLES: Mapping[str, str] = {"contact": "联系人", "member": "成员", "viewer": "查看者"}
COMPLAINT_KINDS: Mapping[str, str] = {
    "conduct": "行为不当",
    "privacy": "泄露儿童信息",
    "money": "索要或给予钱款",
    "promise": "承诺不兑现",
    "incident": "涉及儿童安全的事件",
    "other": "其他",
}
#: Why a pairing pauses by itself, in the words of the page.
PAUSE_REASONS: Mapping[str, str] = {
    "identity_expired": "身份核对到期",
    "offence_expired": "背景核查到期",
    "interview_expired": "面谈到期",
    "training_expired": "培训到期",
    "pledge_expired": "儿童保护承诺到期",
    "standing_expired": "资格到期",
    "suspended": "资格暂停",
    "complaint": "有一件投诉正在核实",
    "offence": "背景核查没有通过",
    "checks_changed": "核查内容有变化",
    "withdrawn": "接触儿童的资格已终止",
    "revoked": "资格已撤销",
    "rejected": "资格未通过",
    "missed": "连续两个月没有联系",
    "moved": "孩子迁入新的县，等当地办理资格",
    "other": "其他原因",
}
CLOSE_REASONS: Mapping[str, str] = {
    "aged_out": "孩子已年满 18 周岁",
    "moved": "孩子迁出",
    "goal_met": "目标已达成",
    "mentor_quit": "结对人退出",
    "safeguarding": "出于儿童保护",
    "declined": "建议没有采纳，或家庭没有同意",
    "consent": "监护人撤回了同意",
}
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


def appeal_until(decided: date) -> date:
    """Return the last day on which a decision of that day may be appealed."""
    return decided + timedelta(days=APPEAL_DAYS)
