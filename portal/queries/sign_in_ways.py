"""What of somebody's other ways to sign in may be shown: a masked number, a linked WeChat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain import masking
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.sign_in_ways import ConfirmedPhone, PhoneCode, WeChatIdentity


@dataclass(frozen=True, slots=True)
class OtherWays:
    """A person's confirmed number (masked) and linked WeChat, each with its time."""

    phone: str = ""
    phone_since: datetime | None = None
    wechat_since: datetime | None = None


def of(actor: Actor) -> OtherWays:
    """Return a person's other ways to sign in."""
    phone = db.session.execute(
        select(ConfirmedPhone.phone, ConfirmedPhone.confirmed_at).where(
            ConfirmedPhone.user_id == actor.user_id
        )
    ).one_or_none()
    wechat = db.session.scalar(
        select(WeChatIdentity.linked_at).where(WeChatIdentity.user_id == actor.user_id)
    )
    if phone is None:
        return OtherWays(wechat_since=wechat)
    return OtherWays(masking.mask_phone(phone.phone), phone.confirmed_at, wechat)


def failure_of(actor: Actor, code_id: UUID | None) -> str:
    """Return why a code this person asked for did not leave; an empty text when it did.

    Only for the confirmation of one's own number: at sign-in it would tell who is known.
    """
    found = db.session.scalar(
        select(PhoneCode.failure).where(
            PhoneCode.id == code_id,
            PhoneCode.purpose == "confirm",
            PhoneCode.user_id == actor.user_id,
        )
    )
    return found or ""
