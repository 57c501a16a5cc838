"""The permission table. Absent means denied; a predicate is ``(actor, subject) -> bool``, pure.

Without a subject a predicate answers "could this person ever"; with one, "may they now, here".
Who may not do both of two steps (two keys) is said by guards in the lifecycles, in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from portal.domain.actor import CONTACT, VIEWER, Actor, Grant, Role

Predicate = Callable[[Actor, Any], bool]


class Permission(StrEnum):
    """``<noun>:<verb>``, alphabetical; ``label`` is what a refusal calls it."""

    BATCH_RELEASE = "batch:release"
    CADENCE_CARE = "cadence:care"
    CARD_HOLD = "card:hold"
    CARD_ISSUE = "card:issue"
    CARD_READ = "card:read"
    CATALOGUE_MANAGE = "catalogue:manage"
    CERTIFICATE_ISSUE = "certificate:issue"
    CERTIFICATE_READ = "certificate:read"
    CHILD_READ = "child:read"
    CHILD_REVEAL = "child:reveal"
    CLEARANCE_ASK = "clearance:ask"
    COMMITMENT_APPROVE = "commitment:approve"
    COMMITMENT_CARRY = "commitment:carry"
    COMMITMENT_READ = "commitment:read"
    COMMITMENT_RECEIVE = "commitment:receive"
    CONCERN_ANSWER = "concern:answer"
    CONTACT_VERIFY = "contact:verify"
    CONTACT_WRITE = "contact:write"
    DESK_ENTER = "desk:enter"
    FACT_READ = "fact:read"
    GRANT_MANAGE = "grant:manage"
    GRIEVANCE_ANSWER = "grievance:answer"
    GUARDIAN_LINK = "guardian:link"
    HONOUR_MANAGE = "honour:manage"
    HOURS_ENTER = "hours:enter"
    HOURS_VERIFY = "hours:verify"
    JOB_READ = "job:read"
    LEDGER_EXPORT = "ledger:export"
    LEDGER_IMPORT = "ledger:import"
    LETTER_READ = "letter:read"
    LETTER_RECORD = "letter:record"
    LETTER_REVIEW = "letter:review"
    LETTER_WRITE = "letter:write"
    MATCH_RUN = "match:run"
    MEMBER_MANAGE = "member:manage"
    NEED_APPLY = "need:apply"
    NEED_APPROVE = "need:approve"
    NEED_ASSESS = "need:assess"
    NEED_DRAFT = "need:draft"
    NEED_READ = "need:read"
    NEED_WITHDRAW = "need:withdraw"
    PAIRING_MANAGE = "pairing:manage"
    PAIRING_MEET = "pairing:meet"
    PAIRING_READ = "pairing:read"
    POOL_CORRECT = "pool:correct"
    POOL_READ = "pool:read"
    PROTECTION_SET = "protection:set"
    RESOURCE_LINK = "resource:link"
    RESOURCE_MODERATE = "resource:moderate"
    RESOURCE_OFFER = "resource:offer"
    RESOURCE_READ = "resource:read"
    RETENTION_READ = "retention:read"
    RIGHTS_ANSWER = "rights:answer"
    RIGHTS_ASK = "rights:ask"
    ROLE_MATRIX_READ = "role_matrix:read"
    SETTING_MANAGE = "setting:manage"
    SIGHT_ASK = "sight:ask"
    SIGHT_BREAK_GLASS = "sight:break_glass"
    SIGHT_CONFIRM = "sight:confirm"
    SIGHT_GRANT = "sight:grant"
    SIGHT_OPEN = "sight:open"
    SIGHT_READ = "sight:read"
    SIGHT_WATCH = "sight:watch"
    STAR_GIVE = "star:give"
    SUPPORTER_READ = "supporter:read"
    SUPPORTER_REGISTER = "supporter:register"
    SUPPORTER_REVOKE = "supporter:revoke"
    SUPPORTER_VET = "supporter:vet"
    TEXT_MANAGE = "text:manage"
    UNIT_MANAGE = "unit:manage"
    VOICE_READ = "voice:read"
    VOICE_RECORD = "voice:record"
    VOICE_RELAY = "voice:relay"
    WINDOW_MANAGE = "window:manage"
    WISH_APPROVE = "wish:approve"
    WISH_ARCHIVE = "wish:archive"
    WISH_CLAIM = "wish:claim"
    WISH_DRAFT = "wish:draft"
    WISH_HAND_OVER = "wish:hand_over"
    WISH_READ = "wish:read"
    WISH_SCREEN = "wish:screen"
    WISH_WITHDRAW = "wish:withdraw"

    @property
    def label(self) -> str:
        """Return the Chinese words for this permission (a message id)."""
        return LABELS[self]


LABELS: Mapping[Permission, str] = {
    Permission.BATCH_RELEASE: "发布一批心愿卡",
    Permission.CADENCE_CARE: "免除联系要求，提请复核",
    Permission.CARD_HOLD: "查看自己的联系卡与年册",
    Permission.CARD_ISSUE: "签发联系卡",
    Permission.CARD_READ: "查看联系卡",
    Permission.CATALOGUE_MANAGE: "维护物品目录",
    Permission.CERTIFICATE_ISSUE: "办理服务证明",
    Permission.CERTIFICATE_READ: "查看服务证明与公示",
    Permission.CHILD_READ: "查看儿童档案（脱敏）",
    Permission.CHILD_REVEAL: "填写原因后打开完整信息",
    Permission.CLEARANCE_ASK: "申请接触儿童的资格",
    Permission.COMMITMENT_APPROVE: "批准认领",
    Permission.COMMITMENT_CARRY: "履行自己的认领",
    Permission.COMMITMENT_READ: "查看认领",
    Permission.COMMITMENT_RECEIVE: "在交接点收货",
    Permission.CONCERN_ANSWER: "答复对孩子的担心",
    Permission.CONTACT_VERIFY: "核实联系日志",
    Permission.CONTACT_WRITE: "写联系日志",
    Permission.DESK_ENTER: "进入工作台",
    Permission.FACT_READ: "查看操作记录",
    Permission.GRANT_MANAGE: "管理人员与岗位",
    Permission.GRIEVANCE_ANSWER: "答复投诉举报",
    Permission.GUARDIAN_LINK: "发给监护人链接",
    Permission.HONOUR_MANAGE: "提名与批准荣誉",
    Permission.HOURS_ENTER: "登记自己的服务时长",
    Permission.HOURS_VERIFY: "核实服务时长",
    Permission.JOB_READ: "查看后台任务",
    Permission.LEDGER_EXPORT: "导出台账",
    Permission.LEDGER_IMPORT: "导入台账",
    Permission.LETTER_READ: "查看书信",
    Permission.LETTER_RECORD: "登记孩子的来信与转交",
    Permission.LETTER_REVIEW: "审读书信",
    Permission.LETTER_WRITE: "给结对的孩子写信",
    Permission.MATCH_RUN: "推荐结对人选",
    Permission.MEMBER_MANAGE: "管理单位成员",
    Permission.NEED_APPLY: "申请结对",
    Permission.NEED_APPROVE: "批准结对需求",
    Permission.NEED_ASSESS: "记录亲情缺失的评估",
    Permission.NEED_DRAFT: "起草结对需求",
    Permission.NEED_READ: "查看结对需求",
    Permission.NEED_WITHDRAW: "撤回结对需求",
    Permission.PAIRING_MANAGE: "办理结对",
    Permission.PAIRING_MEET: "登记结对的同意与见面",
    Permission.PAIRING_READ: "查看结对",
    Permission.POOL_CORRECT: "更正爱心家长资料",
    Permission.POOL_READ: "查找爱心家长",
    Permission.PROTECTION_SET: "设定下落保护",
    Permission.RESOURCE_LINK: "使用名录里的资源",
    Permission.RESOURCE_MODERATE: "核对资源",
    Permission.RESOURCE_OFFER: "提供资源和时间",
    Permission.RESOURCE_READ: "查看资源名录",
    Permission.RETENTION_READ: "查看保存期限",
    Permission.RIGHTS_ANSWER: "答复个人信息请求",
    Permission.RIGHTS_ASK: "提出个人信息请求",
    Permission.ROLE_MATRIX_READ: "查看岗位权限表",
    Permission.SETTING_MANAGE: "管理本单位设置",
    Permission.SIGHT_ASK: "申请查看完整信息",
    Permission.SIGHT_BREAK_GLASS: "申请应急查看",
    Permission.SIGHT_CONFIRM: "确认应急查看",
    Permission.SIGHT_GRANT: "批准查看申请",
    Permission.SIGHT_OPEN: "按批准打开完整信息",
    Permission.SIGHT_READ: "查看申请与应急记录",
    Permission.SIGHT_WATCH: "核实每日查看异常",
    Permission.STAR_GIVE: "给结对颁星",
    Permission.SUPPORTER_READ: "查看爱心人士资料",
    Permission.SUPPORTER_REGISTER: "登记为爱心人士",
    Permission.SUPPORTER_REVOKE: "撤销爱心人士资格",
    Permission.SUPPORTER_VET: "审核爱心人士",
    Permission.TEXT_MANAGE: "拟定告知文本",
    Permission.UNIT_MANAGE: "管理单位",
    Permission.VOICE_READ: "查看孩子的话",
    Permission.VOICE_RECORD: "记录孩子的话",
    Permission.VOICE_RELAY: "转达孩子的感谢",
    Permission.WINDOW_MANAGE: "设定征集窗口",
    Permission.WISH_APPROVE: "批准心愿",
    Permission.WISH_ARCHIVE: "归档心愿",
    Permission.WISH_CLAIM: "认领心愿",
    Permission.WISH_DRAFT: "起草心愿",
    Permission.WISH_HAND_OVER: "转交儿童",
    Permission.WISH_READ: "查看心愿",
    Permission.WISH_SCREEN: "审核心愿",
    Permission.WISH_WITHDRAW: "撤回心愿",
}


def role_at(*roles: Role) -> Predicate:
    """Hold one of ``roles`` at the subject's unit or above it (anywhere without a subject)."""

    def rule(actor: Actor, subject: Any) -> bool:
        path = getattr(subject, "unit_path", None) if subject is not None else None
        return any(actor.has(role, path) for role in roles)

    return rule


def signed_in(actor: Actor, subject: Any) -> bool:
    """Be anybody with an account."""
    return not actor.is_anonymous


def not_staff(actor: Actor, subject: Any) -> bool:
    """Hold no role in a bureau: staff do not claim wishes with their staff login."""
    return not actor.is_staff


def own_supporter(actor: Actor, subject: Any) -> bool:
    """Speak for the supporter that the subject is, or belongs to."""
    if subject is None:
        return bool(actor.supporter_ids)
    owner = getattr(subject, "supporter_id", None) or getattr(subject, "id", None)
    return owner in actor.supporter_ids


def claiming(actor: Actor, subject: Any) -> bool:
    """Speak for the supporter as more than a viewer: promise, carry, give back, tell hours."""
    if subject is None:
        return bool(actor.supporter_ids)
    owner = getattr(subject, "supporter_id", None) or getattr(subject, "id", None)
    return owner in actor.supporter_ids and actor.role_in(owner) != VIEWER


def contact_of(actor: Actor, subject: Any) -> bool:
    """Be a contact of the supporter: edit, invite, ask and appeal in its name."""
    if subject is None:
        return bool(actor.supporter_ids)
    owner = getattr(subject, "supporter_id", None) or getattr(subject, "id", None)
    return owner in actor.supporter_ids and actor.role_in(owner) == CONTACT


def its_supporter(actor: Actor, subject: Any) -> bool:
    """Be the supporter this very subject belongs to: no door opens by it, only one's own row."""
    return subject is not None and own_supporter(actor, subject)


def all_of(*rules: Predicate) -> Predicate:
    """Every rule must say yes."""
    return lambda actor, subject: all(rule(actor, subject) for rule in rules)


def any_of(*rules: Predicate) -> Predicate:
    """One rule saying yes is enough."""
    return lambda actor, subject: any(rule(actor, subject) for rule in rules)


_BUREAU = role_at(Role.COUNTY_STAFF, Role.CITY_STAFF)
_COUNTY = role_at(Role.COUNTY_STAFF)
_FIELD = role_at(Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF)
_EMERGENCY = any_of(_BUREAU, role_at(Role.PROTECTION_CENTRE, Role.PLATFORM_ADMIN))

POLICY: Mapping[Permission, Predicate] = {
    Permission.BATCH_RELEASE: _BUREAU,
    Permission.CADENCE_CARE: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.CARD_HOLD: claiming,
    Permission.CARD_ISSUE: _COUNTY,
    Permission.CARD_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.CATALOGUE_MANAGE: _BUREAU,
    Permission.CERTIFICATE_ISSUE: _BUREAU,
    # Publicity is internal: whoever sits in the bureau may read, masked, and object.
    Permission.CERTIFICATE_READ: role_at(
        Role.COUNTY_STAFF, Role.CITY_STAFF, Role.HANDOVER_STAFF, Role.ORGANISER, Role.AUDITOR
    ),
    Permission.CHILD_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    # Whoever cares for the child opens at once; the city is let in to be told to ask first.
    Permission.CHILD_REVEAL: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.CLEARANCE_ASK: all_of(contact_of, not_staff),
    Permission.COMMITMENT_APPROVE: _COUNTY,
    Permission.COMMITMENT_CARRY: claiming,
    Permission.COMMITMENT_READ: any_of(
        _FIELD, role_at(Role.CITY_STAFF, Role.HANDOVER_STAFF), its_supporter
    ),
    Permission.COMMITMENT_RECEIVE: role_at(Role.HANDOVER_STAFF, Role.COUNTY_STAFF),
    # A worry may be about whoever sits in the village: the township and those above answer.
    Permission.CONCERN_ANSWER: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF, Role.CITY_STAFF),
    Permission.CONTACT_VERIFY: _FIELD,
    Permission.CONTACT_WRITE: claiming,
    Permission.DESK_ENTER: role_at(*Role),
    Permission.FACT_READ: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR),
    Permission.GRANT_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.GRIEVANCE_ANSWER: _BUREAU,
    Permission.GUARDIAN_LINK: _FIELD,
    Permission.HONOUR_MANAGE: _BUREAU,
    Permission.HOURS_ENTER: claiming,
    Permission.HOURS_VERIFY: _BUREAU,
    Permission.JOB_READ: role_at(*Role),
    Permission.LEDGER_EXPORT: _BUREAU,
    Permission.LEDGER_IMPORT: _BUREAU,
    Permission.LETTER_READ: _FIELD,
    Permission.LETTER_RECORD: role_at(Role.CHILD_DIRECTOR),
    Permission.LETTER_REVIEW: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.LETTER_WRITE: claiming,
    Permission.MATCH_RUN: _COUNTY,
    Permission.MEMBER_MANAGE: contact_of,
    Permission.NEED_APPLY: all_of(claiming, not_staff),
    Permission.NEED_APPROVE: _COUNTY,
    Permission.NEED_ASSESS: role_at(Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR),
    Permission.NEED_DRAFT: role_at(Role.CHILD_DIRECTOR),
    Permission.NEED_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.NEED_WITHDRAW: _FIELD,
    Permission.PAIRING_MANAGE: _COUNTY,
    Permission.PAIRING_MEET: _FIELD,
    Permission.PAIRING_READ: any_of(_FIELD, role_at(Role.CITY_STAFF), its_supporter),
    Permission.POOL_CORRECT: _BUREAU,
    Permission.POOL_READ: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR),
    Permission.PROTECTION_SET: _COUNTY,
    Permission.RESOURCE_LINK: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.RESOURCE_MODERATE: _BUREAU,
    Permission.RESOURCE_OFFER: all_of(claiming, not_staff),
    Permission.RESOURCE_READ: any_of(_FIELD, role_at(Role.CITY_STAFF, Role.AUDITOR)),
    Permission.RETENTION_READ: role_at(
        Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR, Role.PLATFORM_ADMIN
    ),
    Permission.RIGHTS_ANSWER: _BUREAU,
    Permission.RIGHTS_ASK: contact_of,
    Permission.ROLE_MATRIX_READ: role_at(Role.PLATFORM_ADMIN, Role.AUDITOR),
    Permission.SETTING_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.SIGHT_ASK: role_at(Role.CITY_STAFF),
    Permission.SIGHT_BREAK_GLASS: _EMERGENCY,
    Permission.SIGHT_CONFIRM: _BUREAU,
    Permission.SIGHT_GRANT: _COUNTY,
    Permission.SIGHT_OPEN: _EMERGENCY,
    Permission.SIGHT_READ: any_of(_EMERGENCY, role_at(Role.AUDITOR)),
    Permission.SIGHT_WATCH: any_of(_BUREAU, role_at(Role.AUDITOR)),
    Permission.STAR_GIVE: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.SUPPORTER_READ: any_of(_BUREAU, its_supporter),
    Permission.SUPPORTER_REGISTER: all_of(signed_in, not_staff),
    Permission.SUPPORTER_REVOKE: _BUREAU,
    Permission.SUPPORTER_VET: _BUREAU,
    Permission.TEXT_MANAGE: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.PLATFORM_ADMIN),
    Permission.UNIT_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.VOICE_READ: _FIELD,
    Permission.VOICE_RECORD: role_at(Role.CHILD_DIRECTOR),
    Permission.VOICE_RELAY: role_at(Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF),
    Permission.WINDOW_MANAGE: _BUREAU,
    Permission.WISH_APPROVE: _COUNTY,
    Permission.WISH_ARCHIVE: _COUNTY,
    Permission.WISH_CLAIM: all_of(claiming, not_staff),
    Permission.WISH_DRAFT: role_at(Role.CHILD_DIRECTOR),
    Permission.WISH_HAND_OVER: role_at(Role.CHILD_DIRECTOR),
    Permission.WISH_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.WISH_SCREEN: role_at(Role.CHILD_SUPERVISOR),
    Permission.WISH_WITHDRAW: _FIELD,
}


def carries(actor: Actor, grant: Grant, permission: Permission) -> bool:
    """Tell whether this grant alone would give the actor ``permission``."""
    return POLICY[permission](replace(actor, grants=(grant,), supporter_ids=()), None)


def with_only(actor: Actor, permission: Permission) -> Actor:
    """Return the actor with just the grants whose role carries ``permission``.

    A person with two roles reads, through a page of one of them, only where that role sits: a
    village director who is also an administrator of the county does not read the county's files.
    """
    carrying = tuple(grant for grant in actor.grants if carries(actor, grant, permission))
    return replace(actor, grants=carrying)
