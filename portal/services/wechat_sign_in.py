"""Signing in by WeChat: a state that comes back once, and an identity linked to an account.

An identity is linked by somebody who has signed in another way; an unknown one opens nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from portal import gateways
from portal.core import facts, scope, unit_of_work
from portal.domain import cipher, clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, Unavailable
from portal.extensions import db
from portal.gateways.wechat import WeChat
from portal.models.accounts import User
from portal.models.sign_in_ways import WeChatAsk, WeChatIdentity
from portal.queries.actors import token_hash
from portal.services import limits
from portal.services.limits import Limit

LIVES = timedelta(minutes=10)
ASK_ADDRESS = Limit("wechat:address", 30, timedelta(minutes=15))
ASK_TOTAL = Limit("wechat:total", 1000, timedelta(minutes=5))
_OLD = "这次微信授权已经用过或已过期，请重新从微信登录"
_TAKEN = "这个微信已经关联了另一个账号；请先在那个账号里取消关联"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to send the browser, and what it must keep to be recognised when it comes back."""

    url: str = field(repr=False)
    browser: str = field(repr=False)


def is_open() -> bool:
    """Tell whether this installation knows WeChat."""
    return gateways.installed().wechat is not None


def ask(*, back: str, address: str, actor: Actor | None = None) -> Asked:
    """Begin: ``back`` is the address WeChat returns to; with ``actor`` to link, else to sign in."""
    wechat = _wechat()
    limits.reserve([(ASK_ADDRESS, limits.network(address)), (ASK_TOTAL, "all")])
    state, browser = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    db.session.add(
        WeChatAsk(
            state_hash=token_hash(state),
            browser_hash=token_hash(browser),
            user_id=actor.user_id if actor else None,
            expires_at=clock.now() + LIVES,
        )
    )
    return Asked(wechat.ask_url(back, state), browser)


def sign_in(*, state: str, code: str, browser: str) -> UUID | None:
    """Return whose account came back from WeChat; None for an identity nobody has linked.

    Raises Invalid for a state that is unknown, used, too old or another browser's, Refused or
    Unavailable when WeChat says no. Call it before anything else of a request.
    """
    return _owner(_exchange(state, code, browser, None))


def link(actor: Actor, *, state: str, code: str, browser: str) -> UUID:
    """Link the identity that came back to this account; raises as ``sign_in``, Conflict if taken.

    An account has one WeChat: a second one takes the first one's place.
    """
    known = _exchange(state, code, browser, actor)
    owner = _owner(known)
    if owner is not None and owner != actor.user_id:
        raise Conflict(_TAKEN)
    db.session.execute(delete(WeChatIdentity).where(WeChatIdentity.user_id == actor.user_id))
    db.session.add(WeChatIdentity(user_id=actor.user_id, openid_hmac=known, linked_at=clock.now()))
    user = db.session.get_one(User, actor.user_id)
    facts.publish("account.wechat_linked", actor=actor, subject=user)
    return user.id


def unlink(actor: Actor) -> None:
    """Let WeChat open this account no more; NotFound when it did not."""
    row = db.session.get(WeChatIdentity, actor.user_id)
    if row is None:
        raise NotFound
    db.session.delete(row)
    user = db.session.get_one(User, actor.user_id)
    facts.publish("account.wechat_unlinked", actor=actor, subject=user)


def forget_old() -> int:
    """Delete states that ran out a day ago; return how many (a periodic job)."""
    old = WeChatAsk.expires_at < clock.now() - timedelta(days=1)
    return len(db.session.scalars(delete(WeChatAsk).where(old).returning(WeChatAsk.id)).all())


def _wechat() -> WeChat:
    wechat = gateways.installed().wechat
    if wechat is None:
        raise Unavailable("本站没有开通微信登录，请用其他方式")
    return wechat


def _exchange(state: str, code: str, browser: str, actor: Actor | None) -> str:
    """Use the state up, then ask WeChat with no transaction open; return the keyed identity."""
    wechat = _wechat()
    with unit_of_work.transaction(scope.NOTHING):
        mine = WeChatAsk.user_id == actor.user_id if actor else WeChatAsk.user_id.is_(None)
        taken = db.session.execute(
            update(WeChatAsk)
            .where(
                WeChatAsk.state_hash == token_hash(state),
                WeChatAsk.browser_hash == token_hash(browser),
                WeChatAsk.used_at.is_(None),
                WeChatAsk.expires_at > clock.now(),
                mine,
            )
            .values(used_at=clock.now())
            .returning(WeChatAsk.id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    if taken is None or not code:
        raise Invalid(_OLD)
    return cipher.ring().blind_index(f"{wechat.app_id}:{wechat.openid(code)}", "wechat_openid")


def _owner(known: str) -> UUID | None:
    return db.session.scalar(
        select(WeChatIdentity.user_id)
        .join(User, User.id == WeChatIdentity.user_id)
        .where(WeChatIdentity.openid_hmac == known, User.disabled_at.is_(None))
    )
