"""Acts that ask for a fresh proof of who one is, whatever the session already showed.

A proof counts for one act on one thing, for ten minutes (security.md 3, row 10; stack.md 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

PROOF_LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Act:
    """What is about to be done, in the words of the page that asks for the proof."""

    words: str
    #: The act answers with a file: the page stays, so it offers a link instead of moving on.
    downloads: bool = False
    #: The act's own form asks for the password: who has no second factor is not asked twice.
    asks_password: bool = False


ACTS: Mapping[str, Act] = {
    "account.close": Act("删除自己的账号"),
    "archive.export": Act("导出微心愿档案", downloads=True),
    "audit.export": Act("导出操作记录", downloads=True),
    "certificate.revoke": Act("作废一份证明"),
    "child.break_glass": Act("紧急查看一份儿童档案"),
    "child.reveal": Act("查看儿童档案里的完整信息"),
    "directory.export": Act("导出爱心家长或资源名录", downloads=True),
    "factors.reset": Act("重置一位同事的登录验证方式"),
    "factors.return": Act("重置一位爱心人士的登录验证方式"),
    "grant.change": Act("改动人员与岗位"),
    "hours.export": Act("导出志愿服务时长", downloads=True),
    "keys.change": Act("改动自己的登录验证方式"),
    "ledger.export": Act("导出探访关爱服务台账"),
    "password.change": Act("更换登录密码", asks_password=True),
    "pairing.export": Act("导出结对名单", downloads=True),
    "rights.export": Act("导出一个人的个人信息", downloads=True),
    "roster.export": Act("导出活动花名册", downloads=True),
    "supporter.reveal": Act("查看爱心人士的完整号码"),
    "tenant.change": Act("改动单位的设置"),
    "unit.change": Act("改动单位"),
}
