"""Settings of what the portal asks of others: SMS, WeChat, real-name checks, the audit's anchor.

All of it is off, or done by hand, until an operator fills it in. A half-filled provider stops the
start with a sentence that names what is missing.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings


def setting(name: str, meaning: str, default: Any = PydanticUndefined, **limits: int) -> Any:
    """Declare a setting: its environment variable, and the sentence an operator reads."""
    return Field(default, validation_alias=name, description=meaning, **limits)  # type: ignore[call-overload]  # limits are numbers


_NONE = SecretStr("")


class OutsideSettings(BaseSettings):
    """What Settings says about services outside the house."""

    sms_provider: Literal["console", "aliyun", "tencent"] = setting(
        "SMS_PROVIDER",
        "console (codes lie in /mailbox, development only), aliyun or tencent",
        "console",
    )
    sms_aliyun_key_id: str = setting("SMS_ALIYUN_KEY_ID", "AccessKey ID", "")
    sms_aliyun_key_secret: SecretStr = setting(
        "SMS_ALIYUN_KEY_SECRET", "AccessKey secret, allowed to send SMS and nothing else", _NONE
    )
    sms_aliyun_template: str = setting(
        "SMS_ALIYUN_TEMPLATE", "template code; its text holds `${code}`", ""
    )
    sms_tencent_key_id: str = setting("SMS_TENCENT_KEY_ID", "SecretId", "")
    sms_tencent_key_secret: SecretStr = setting("SMS_TENCENT_KEY_SECRET", "SecretKey", _NONE)
    sms_tencent_app_id: str = setting("SMS_TENCENT_APP_ID", "SdkAppId of the SMS application", "")
    sms_tencent_template: str = setting(
        "SMS_TENCENT_TEMPLATE", "template number; its text holds `{1}` code and `{2}` minutes", ""
    )
    sms_sign: str = setting("SMS_SIGN", "signature both providers print before the text", "")
    sms_endpoint: str = setting(
        "SMS_ENDPOINT", "another address of the provider (private cloud, tests)", ""
    )
    sms_link_template: str = setting(
        "SMS_LINK_TEMPLATE",
        "template for guardians' links; its one variable ends PUBLIC_URL/g/; empty: paper only",
        "",
    )
    sms_absence_template: str = setting(
        "SMS_ABSENCE_TEMPLATE",
        "template that tells a guardian of an absence; its one variable is the hour; empty: none",
        "",
    )
    wechat_app_id: str = setting(
        "WECHAT_APP_ID", "AppID of the certified service account; empty: no WeChat sign-in", ""
    )
    wechat_app_secret: SecretStr = setting("WECHAT_APP_SECRET", "AppSecret", _NONE)
    wechat_open_url: str = setting(
        "WECHAT_OPEN_URL", "where WeChat asks its user", "https://open.weixin.qq.com"
    )
    wechat_api_url: str = setting(
        "WECHAT_API_URL", "where a WeChat code is exchanged", "https://api.weixin.qq.com"
    )
    identity_provider: Literal["manual", "aliyun", "tencent"] = setting(
        "IDENTITY_PROVIDER",
        "who compares name and ID number: manual (a clerk with the document), aliyun, tencent",
        "manual",
    )
    identity_key_id: str = setting("IDENTITY_KEY_ID", "key of the chosen identity provider", "")
    identity_key_secret: SecretStr = setting(
        "IDENTITY_KEY_SECRET", "its secret; not the one that sends SMS", _NONE
    )
    identity_endpoint: str = setting(
        "IDENTITY_ENDPOINT", "another address of the provider (private cloud, tests)", ""
    )
    outside_timeout: int = setting(
        "OUTSIDE_TIMEOUT", "seconds to wait for an SMS, WeChat or identity service", 8, ge=1, le=60
    )
    audit_anchor_url: str = setting(
        "AUDIT_ANCHOR_URL",
        "file: and a folder, not the database administrator's, where each seal of the memory is "
        "appended; empty: `anchor` beside STORAGE_URL's folder",
        "",
    )
    audit_anchor_mail: str = setting(
        "AUDIT_ANCHOR_MAIL", "who is mailed the newest seal each day (an auditor elsewhere)", ""
    )

    def missing_outside(self) -> list[str]:
        """Return one sentence per provider that is chosen and not filled in."""
        sentences = []
        for chosen, names in self._wanted().items():
            missing = [name for name, value in names.items() if not value]
            if missing:
                sentences.append(f"{chosen} needs {', '.join(missing)}")
        kind, _, folder = self.audit_anchor_url.partition(":")
        if self.audit_anchor_url and (kind != "file" or not folder.strip("/")):
            sentences.append("AUDIT_ANCHOR_URL must be file: and a folder")
        return sentences

    def _wanted(self) -> dict[str, dict[str, str]]:
        """Return what each chosen provider must have, by the words that chose it."""
        wanted: dict[str, dict[str, str]] = {}
        if self.sms_provider == "aliyun":
            wanted["SMS_PROVIDER=aliyun"] = {
                "SMS_ALIYUN_KEY_ID": self.sms_aliyun_key_id,
                "SMS_ALIYUN_KEY_SECRET": self.sms_aliyun_key_secret.get_secret_value(),
                "SMS_ALIYUN_TEMPLATE": self.sms_aliyun_template,
                "SMS_SIGN": self.sms_sign,
            }
        if self.sms_provider == "tencent":
            wanted["SMS_PROVIDER=tencent"] = {
                "SMS_TENCENT_KEY_ID": self.sms_tencent_key_id,
                "SMS_TENCENT_KEY_SECRET": self.sms_tencent_key_secret.get_secret_value(),
                "SMS_TENCENT_APP_ID": self.sms_tencent_app_id,
                "SMS_TENCENT_TEMPLATE": self.sms_tencent_template,
                "SMS_SIGN": self.sms_sign,
            }
        if self.wechat_app_id or self.wechat_app_secret.get_secret_value():
            wanted["WeChat sign-in"] = {
                "WECHAT_APP_ID": self.wechat_app_id,
                "WECHAT_APP_SECRET": self.wechat_app_secret.get_secret_value(),
            }
        if self.identity_provider != "manual":
            wanted[f"IDENTITY_PROVIDER={self.identity_provider}"] = {
                "IDENTITY_KEY_ID": self.identity_key_id,
                "IDENTITY_KEY_SECRET": self.identity_key_secret.get_secret_value(),
            }
        return wanted
