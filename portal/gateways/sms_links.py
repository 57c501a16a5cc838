"""Links by SMS: the same providers as codes, with a template whose text holds the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from portal.config import Settings
from portal.domain import clock
from portal.gateways.sms import AliyunSms, SmsSender, TencentSms
from portal.models.base import time_ordered_id

_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class ConsoleLinks:
    """Keeps links where the developer's letter box finds them."""

    folder: Path
    address: str

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Write a letter with the address that the token opens."""
        letter = EmailMessage()
        letter["To"] = f"{phone}@sms.invalid"
        letter["From"] = "weiguang@sms.invalid"
        letter["Subject"] = "监护人链接短信"
        letter["Date"] = format_datetime(clock.now())
        days = minutes // _MINUTES_A_DAY
        letter.set_content(
            f"【微光】打开 {self.address}/g/{code} 可查看和撤回您的同意，"
            f"{days}天内有效，打开时核对您的手机号后四位。请勿转发。\n"
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{time_ordered_id()}.eml").write_bytes(letter.as_bytes())


def from_settings(settings: Settings, codes: SmsSender | None) -> SmsSender | None:
    """Return who sends links: the provider of the codes with the template for links, or None.

    The template is registered with the provider; its one variable ends the address
    ``PUBLIC_URL/g/``.
    """
    if isinstance(codes, (AliyunSms, TencentSms)):
        template = settings.sms_link_template
        return replace(codes, template=template) if template else None
    if codes is None or settings.mail_backend == "memory":
        return codes
    return ConsoleLinks(settings.mail_dir, settings.public_url.rstrip("/"))
