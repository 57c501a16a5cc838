"""Signing in by WeChat: the page that asks, and the exchange of its code for an openid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, urlencode

from portal.config import Settings
from portal.gateways.http import Caller, Refused, Sending

_AGAIN = "这次微信授权已经用过或已过期，请重新从微信登录"
_OURS = "微信登录没有设置好，请先用其他方式登录"
#: WeChat's error numbers whose cure is to start over.
_WORDS: Mapping[str, str] = {"40029": _AGAIN, "40163": _AGAIN, "42003": _AGAIN, "45011": _AGAIN}


class WeChat(Protocol):
    """What the portal asks of WeChat."""

    @property
    def app_id(self) -> str:
        """Return the application; an openid means nothing outside it."""

    def ask_url(self, redirect_uri: str, state: str) -> str:
        """Return where to send a browser that wants to sign in."""

    def openid(self, code: str) -> str:
        """Exchange a code, once; Refused or Unavailable with a sentence."""


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """The web sign-in of a certified service account (snsapi_base: an openid and no profile)."""

    app_id: str
    secret: str = field(repr=False)
    open_url: str
    api_url: str
    caller: Caller

    @classmethod
    def from_settings(cls, settings: Settings, caller: Caller) -> OfficialAccount:
        """Return the account that the settings name."""
        return cls(
            settings.wechat_app_id,
            settings.wechat_app_secret.get_secret_value(),
            settings.wechat_open_url,
            settings.wechat_api_url,
            caller,
        )

    def ask_url(self, redirect_uri: str, state: str) -> str:
        """Return the authorize address; WeChat refuses it when the order is another."""
        return (
            f"{self.open_url}/connect/oauth2/authorize?appid={self.app_id}"
            f"&redirect_uri={quote(redirect_uri, safe='')}&response_type=code"
            f"&scope=snsapi_base&state={state}#wechat_redirect"
        )

    def openid(self, code: str) -> str:
        """Exchange the code; it works once, so a request that may have arrived is not repeated."""
        parameters = urlencode(
            {
                "appid": self.app_id,
                "secret": self.secret,
                "code": code,
                "grant_type": "authorization_code",
            }
        )
        asked = Sending("GET", f"{self.api_url}/sns/oauth2/access_token?{parameters}")
        answer = self.caller.json(lambda: asked)
        found = answer.get("openid")
        if not isinstance(found, str) or not found:
            number = str(answer.get("errcode", ""))
            raise Refused(_WORDS.get(number, _OURS), number)
        return found
