"""The permission table. Absent means denied; a predicate is ``(actor, subject) -> bool``, pure.

Without a subject a predicate answers "could this person ever"; with one, "may they now, here".
Who may not do both of two steps (two keys) is said by guards in the lifecycles, in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from portal.domain.actor import Actor, Role

Predicate = Callable[[Actor, Any], bool]


class Permission(StrEnum):
    """``<noun>:<verb>``, alphabetical; ``label`` is what a refusal calls it."""

    BATCH_RELEASE = "batch:release"
    CATALOGUE_MANAGE = "catalogue:manage"
    CHILD_READ = "child:read"
    COMMITMENT_APPROVE = "commitment:approve"
    COMMITMENT_CARRY = "commitment:carry"
    COMMITMENT_READ = "commitment:read"
    COMMITMENT_RECEIVE = "commitment:receive"
    DESK_ENTER = "desk:enter"
    FACT_READ = "fact:read"
    GRANT_MANAGE = "grant:manage"
    JOB_READ = "job:read"
    LEDGER_EXPORT = "ledger:export"
    LEDGER_IMPORT = "ledger:import"
    ROLE_MATRIX_READ = "role_matrix:read"
    SUPPORTER_READ = "supporter:read"
    SUPPORTER_REGISTER = "supporter:register"
    SUPPORTER_REVOKE = "supporter:revoke"
    SUPPORTER_VET = "supporter:vet"
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
    Permission.CATALOGUE_MANAGE: "维护物品目录",
    Permission.CHILD_READ: "查看儿童档案（脱敏）",
    Permission.COMMITMENT_APPROVE: "批准认领",
    Permission.COMMITMENT_CARRY: "履行自己的认领",
    Permission.COMMITMENT_READ: "查看认领",
    Permission.COMMITMENT_RECEIVE: "在交接点收货",
    Permission.DESK_ENTER: "进入工作台",
    Permission.FACT_READ: "查看操作记录",
    Permission.GRANT_MANAGE: "管理人员与岗位",
    Permission.JOB_READ: "查看后台任务",
    Permission.LEDGER_EXPORT: "导出台账",
    Permission.LEDGER_IMPORT: "导入台账",
    Permission.ROLE_MATRIX_READ: "查看岗位权限表",
    Permission.SUPPORTER_READ: "查看爱心人士资料",
    Permission.SUPPORTER_REGISTER: "登记为爱心人士",
    Permission.SUPPORTER_REVOKE: "撤销爱心人士资格",
    Permission.SUPPORTER_VET: "审核爱心人士",
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

POLICY: Mapping[Permission, Predicate] = {
    Permission.BATCH_RELEASE: _BUREAU,
    Permission.CATALOGUE_MANAGE: _BUREAU,
    Permission.CHILD_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.COMMITMENT_APPROVE: _COUNTY,
    Permission.COMMITMENT_CARRY: own_supporter,
    Permission.COMMITMENT_READ: any_of(
        _FIELD, role_at(Role.CITY_STAFF, Role.HANDOVER_STAFF), its_supporter
    ),
    Permission.COMMITMENT_RECEIVE: role_at(Role.HANDOVER_STAFF, Role.COUNTY_STAFF),
    Permission.DESK_ENTER: role_at(*Role),
    Permission.FACT_READ: role_at(Role.COUNTY_STAFF, Role.CITY_STAFF, Role.AUDITOR),
    Permission.GRANT_MANAGE: role_at(Role.PLATFORM_ADMIN),
    Permission.JOB_READ: role_at(*Role),
    Permission.LEDGER_EXPORT: _BUREAU,
    Permission.LEDGER_IMPORT: _BUREAU,
    Permission.ROLE_MATRIX_READ: role_at(Role.PLATFORM_ADMIN, Role.AUDITOR),
    Permission.SUPPORTER_READ: any_of(_BUREAU, its_supporter),
    Permission.SUPPORTER_REGISTER: all_of(signed_in, not_staff),
    Permission.SUPPORTER_REVOKE: _BUREAU,
    Permission.SUPPORTER_VET: _BUREAU,
    Permission.WINDOW_MANAGE: _BUREAU,
    Permission.WISH_APPROVE: _COUNTY,
    Permission.WISH_ARCHIVE: _COUNTY,
    Permission.WISH_CLAIM: all_of(own_supporter, not_staff),
    Permission.WISH_DRAFT: role_at(Role.CHILD_DIRECTOR),
    Permission.WISH_HAND_OVER: role_at(Role.CHILD_DIRECTOR),
    Permission.WISH_READ: any_of(_FIELD, role_at(Role.CITY_STAFF)),
    Permission.WISH_SCREEN: role_at(Role.CHILD_SUPERVISOR),
    Permission.WISH_WITHDRAW: _FIELD,
}


def with_only(actor: Actor, permission: Permission) -> Actor:
    """Return the actor with just the grants whose role carries ``permission``.

    A person with two roles reads, through a page of one of them, only where that role sits: a
    village director who is also an administrator of the county does not read the county's files.
    """
    rule = POLICY[permission]
    carrying = tuple(
        grant
        for grant in actor.grants
        if rule(replace(actor, grants=(grant,), supporter_ids=()), None)
    )
    return replace(actor, grants=carrying)
