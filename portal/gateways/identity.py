"""Does this ID number belong to this name: by hand, Alibaba Cloud, Tencent Cloud.

What comes back is one of three verdicts; the provider keeps the number only for the call, we keep
result, time and a masked number (stack.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portal.config import Settings
from portal.domain.errors import Unavailable
from portal.gateways.aliyun import Aliyun
from portal.gateways.http import Caller, Refused
from portal.gateways.tencent import Tencent

_ALIYUN = "https://cloudauth.aliyuncs.com"
_TENCENT = "https://faceid.tencentcloudapi.com"
_OURS = "实名核验服务没有设置好，已请管理员处理；可以先用证件原件人工核对"
_NUMBER = "姓名或身份证号的格式不对，请先更正再核验"
_LATER = "权威数据源暂时不能查询，请稍后再试，或用证件原件人工核对"
_DAILY = "这个号码今天核验的次数已满，请明天再试，或用证件原件人工核对"


class Verdict(StrEnum):
    """What a comparison of name and number says."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"


class IdentityVerifier(Protocol):
    """What the portal asks of whoever compares a name with a number."""

    @property
    def provider(self) -> str:
        """Return the name under which a result is kept: manual, aliyun, tencent."""

    def compare(self, name: str, id_number: str) -> Verdict:
        """Return the verdict; Refused or Unavailable with a sentence when there is none."""


@dataclass(frozen=True, slots=True)
class ManualIdentity:
    """A clerk compares with the document itself; no machine has an answer."""

    provider: str = "manual"

    def compare(self, name: str, id_number: str) -> Verdict:
        """Say that a person must look."""
        raise Unavailable("本系统没有接通实名核验服务，请用证件原件人工核对")


@dataclass(frozen=True, slots=True)
class AliyunIdentity:
    """Id2MetaVerify of Alibaba Cloud (2019-03-07)."""

    cloud: Aliyun
    provider: str = "aliyun"

    def compare(self, name: str, id_number: str) -> Verdict:
        """Ask once more after a failure: a comparison changes nothing."""
        answer = self.cloud.call(
            "Id2MetaVerify",
            {"ParamType": "normal", "IdentifyNum": id_number, "UserName": name},
            repeatable=True,
        )
        code = str(answer.get("Code", ""))
        if code != "200":
            words = {"401": _NUMBER, "402": _LATER, "403": _DAILY, "500": _LATER}
            raise Refused(words.get(code, _OURS), code)
        result = answer.get("ResultObject") or {}
        verdicts = {"1": Verdict.MATCH, "2": Verdict.MISMATCH, "3": Verdict.NO_RECORD}
        found = verdicts.get(str(result.get("BizCode", "")))
        if found is None:
            raise Refused(_LATER, str(result.get("BizCode", "")))
        return found


@dataclass(frozen=True, slots=True)
class TencentIdentity:
    """IdCardVerification of Tencent Cloud (2018-03-01)."""

    cloud: Tencent
    provider: str = "tencent"

    def compare(self, name: str, id_number: str) -> Verdict:
        """Ask once more after a failure: a comparison changes nothing."""
        answer = self.cloud.call(
            "IdCardVerification", {"IdCard": id_number, "Name": name}, repeatable=True
        )
        if "Error" in answer:
            raise Refused(_OURS, str(answer["Error"].get("Code", "")))
        result = str(answer.get("Result", ""))
        verdicts = {"0": Verdict.MATCH, "-1": Verdict.MISMATCH, "-5": Verdict.NO_RECORD}
        if result in verdicts:
            return verdicts[result]
        words = {"-2": _NUMBER, "-3": _NUMBER, "-4": _LATER, "-6": _LATER, "-7": _DAILY}
        raise Refused(words.get(result, _LATER), result)


def from_settings(settings: Settings, caller: Caller) -> IdentityVerifier:
    """Return the chosen verifier."""
    key = (settings.identity_key_id, settings.identity_key_secret.get_secret_value())
    if settings.identity_provider == "aliyun":
        where = settings.identity_endpoint or _ALIYUN
        return AliyunIdentity(Aliyun(where, "2019-03-07", key, caller))
    if settings.identity_provider == "tencent":
        where = settings.identity_endpoint or _TENCENT
        cloud = Tencent(where, "faceid", "2018-03-01", "ap-guangzhou", key, caller)
        return TencentIdentity(cloud)
    return ManualIdentity()
