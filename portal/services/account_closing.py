"""Closing an account that never became a supporter: nothing hangs on it, so its owner does it."""

from __future__ import annotations

from portal.core import facts, outbox
from portal.domain.actor import Actor
from portal.domain.errors import NotFound, WrongState
from portal.extensions import db
from portal.models.accounts import User
from portal.queries import account_closing as reading
from portal.services import erasure


def close(actor: Actor) -> None:
    """Erase one's own account and say so in a last mail (PIPL 47).

    Raises WrongState for staff, past or present, and for whoever speaks for a supporter: their
    data is deleted on the page of rights, and answered in writing.
    """
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotFound
    if not reading.may_close(actor):
        raise WrongState("这个账号有登记资料或者岗位，请在“我的权利”里申请删除，由工作人员答复")
    address = user.email
    facts.publish("account.close", actor=actor, subject=user)
    erasure.account(user.id, "asked")
    outbox.owe("account_closed", recipient=address, key=f"{user.id}:account_closed", path="/")
