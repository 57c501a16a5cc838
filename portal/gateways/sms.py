"""Codes by SMS: a Protocol, the developer's letter box, Alibaba Cloud and Tencent Cloud."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from portal.config import Settings
from portal.domain import clock
from portal.gateways.aliyun import Aliyun
from portal.gateways.http import Caller, Refused
from portal.gateways.tencent import Tencent
from portal.models.base import time_ordered_id

_ALIYUN = "https://dysmsapi.aliyuncs.com"
_TENCENT = "https://sms.tencentcloudapi.com"
_BUSY = "这个号码收到的短信太多，请过一小时再试"
_DAY = "这个号码今天收到的短信太多，请明天再试"
_NUMBER = "短信服务说这个号码收不到短信，请检查号码"
_OURS = "短信服务没有设置好，已请管理员处理"
#: What the providers' refusals mean to whoever waits for a code; anything else is our fault.
_WORDS: Mapping[str, str] = {
    "isv.BUSINESS_LIMIT_CONTROL": _BUSY,
    "isv.DAY_LIMIT_CONTROL": _DAY,
    "isv.MOBILE_NUMBER_ILLEGAL": _NUMBER,
    "isv.MOBILE_COUNT_OVER_LIMIT": _NUMBER,
    "isv.BLACK_KEY_CONTROL_LIMIT": _NUMBER,
    "FailedOperation.PhoneNumberInBlacklist": _NUMBER,
    "InvalidParameterValue.IncorrectPhoneNumber": _NUMBER,
    "LimitExceeded.PhoneNumberDailyLimit": _DAY,
    "LimitExceeded.PhoneNumberOneHourLimit": _BUSY,
    "LimitExceeded.PhoneNumberThirtySecondLimit": _BUSY,
    "LimitExceeded.DeliveryFrequencyLimit": _BUSY,
}


class SmsSender(Protocol):
    """What the portal asks of an SMS provider."""

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Send a code to a mainland number of 11 digits; Refused or Unavailable with a sentence."""


def refusal(code: str) -> Refused:
    """Return a provider's refusal as a sentence."""
    return Refused(_WORDS.get(code, _OURS), code)


@dataclass(frozen=True, slots=True)
class ConsoleSms:
    """Keeps codes where the developer's letter box finds them, as if they were mails."""

    folder: Path

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Write a letter with the code."""
        letter = EmailMessage()
        letter["To"] = f"{phone}@sms.invalid"
        letter["From"] = "weiguang@sms.invalid"
        letter["Subject"] = "短信验证码"
        letter["Date"] = format_datetime(clock.now())
        letter.set_content(f"【微光】验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。\n")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{time_ordered_id()}.eml").write_bytes(letter.as_bytes())


class MemorySms:
    """Keeps codes in memory (tests)."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Remember number and code."""
        self.sent.append((phone, code))


@dataclass(frozen=True, slots=True)
class AliyunSms:
    """SendSms of Alibaba Cloud (2017-05-25)."""

    cloud: Aliyun
    sign: str
    template: str

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Send once: a message that may have left is not sent again."""
        answer = self.cloud.call(
            "SendSms",
            {
                "PhoneNumbers": phone,
                "SignName": self.sign,
                "TemplateCode": self.template,
                "TemplateParam": json.dumps({"code": code}),
            },
        )
        if answer.get("Code") != "OK":
            raise refusal(str(answer.get("Code", "")))


@dataclass(frozen=True, slots=True)
class TencentSms:
    """SendSms of Tencent Cloud (2021-01-11)."""

    cloud: Tencent
    app_id: str
    sign: str
    template: str

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Send once: a message that may have left is not sent again."""
        answer = self.cloud.call(
            "SendSms",
            {
                "PhoneNumberSet": [f"+86{phone}"],
                "SmsSdkAppId": self.app_id,
                "SignName": self.sign,
                "TemplateId": self.template,
                "TemplateParamSet": [code, str(minutes)],
            },
        )
        if "Error" in answer:
            raise refusal(str(answer["Error"].get("Code", "")))
        outcome = (answer.get("SendStatusSet") or [{}])[0]
        if outcome.get("Code") != "Ok":
            raise refusal(str(outcome.get("Code", "")))


def from_settings(settings: Settings, caller: Caller) -> SmsSender | None:
    """Return the chosen sender; None in production without a provider: no code leaves it."""
    if settings.sms_provider == "aliyun":
        key = (settings.sms_aliyun_key_id, settings.sms_aliyun_key_secret.get_secret_value())
        cloud = Aliyun(settings.sms_endpoint or _ALIYUN, "2017-05-25", key, caller)
        return AliyunSms(cloud, settings.sms_sign, settings.sms_aliyun_template)
    if settings.sms_provider == "tencent":
        key = (settings.sms_tencent_key_id, settings.sms_tencent_key_secret.get_secret_value())
        where = settings.sms_endpoint or _TENCENT
        service = Tencent(where, "sms", "2021-01-11", "ap-guangzhou", key, caller)
        return TencentSms(
            service, settings.sms_tencent_app_id, settings.sms_sign, settings.sms_tencent_template
        )
    if settings.environment == "production":
        return None
    return MemorySms() if settings.mail_backend == "memory" else ConsoleSms(settings.mail_dir)
