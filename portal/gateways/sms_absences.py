"""Absences by SMS: the same providers as codes, with a template whose text holds the hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from portal.config import Settings
from portal.domain import clock
from portal.gateways.sms import AliyunSms, SmsSender, TencentSms
from portal.models.base import time_ordered_id


@dataclass(frozen=True, slots=True)
class ConsoleAbsences:
    """Keeps the messages where the developer's letter box finds them."""

    folder: Path

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Write a letter with the hour of the session (``code``); no name stands in it."""
        letter = EmailMessage()
        letter["To"] = f"{phone}@sms.invalid"
        letter["From"] = "weiguang@sms.invalid"
        letter["Subject"] = "缺席提醒短信"
        letter["Date"] = format_datetime(clock.now())
        letter.set_content(
            f"【微光】您的孩子没有来参加今天 {code} 的活动，请马上联系老师或儿童主任。"
            "有危险请拨打 110。\n"
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{time_ordered_id()}.eml").write_bytes(letter.as_bytes())


def from_settings(settings: Settings, codes: SmsSender | None) -> SmsSender | None:
    """Return who tells guardians: the codes' provider with the template for it, or None."""
    if isinstance(codes, (AliyunSms, TencentSms)):
        template = settings.sms_absence_template
        return replace(codes, template=template) if template else None
    if codes is None or settings.mail_backend == "memory":
        return codes
    return ConsoleAbsences(settings.mail_dir)
