"""The doors to the outside: SMS, WeChat, real-name checks. No database behind them.

Each has one Protocol, a default that works without anybody else, and real providers behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.config import Settings
from portal.gateways.http import Caller
from portal.gateways.identity import IdentityVerifier, ManualIdentity
from portal.gateways.identity import from_settings as identity_from
from portal.gateways.sms import SmsSender
from portal.gateways.sms import from_settings as sms_from
from portal.gateways.sms_absences import from_settings as absences_from
from portal.gateways.sms_links import from_settings as links_from
from portal.gateways.wechat import OfficialAccount, WeChat


@dataclass(frozen=True, slots=True)
class Gateways:
    """What this installation may ask of others; None where a door is shut."""

    sms: SmsSender | None
    wechat: WeChat | None
    identity: IdentityVerifier
    #: Sends links to guardians; None where no template for them is registered.
    links: SmsSender | None = None
    #: Tells guardians of an absence; None where no template for it is registered.
    absences: SmsSender | None = None


def from_settings(settings: Settings) -> Gateways:
    """Return the doors that the settings open."""
    caller = Caller(settings.outside_timeout)
    wechat = OfficialAccount.from_settings(settings, caller) if settings.wechat_app_id else None
    sms = sms_from(settings, caller)
    checks = identity_from(settings, caller)
    return Gateways(sms, wechat, checks, links_from(settings, sms), absences_from(settings, sms))


_installed = Gateways(sms=None, wechat=None, identity=ManualIdentity())


def install(gateways: Gateways) -> None:
    """Make the process's doors; create_app calls this once, a test puts its own."""
    global _installed  # noqa: PLW0603 -- one set per process, chosen at start
    _installed = gateways


def installed() -> Gateways:
    """Return the process's doors."""
    return _installed
