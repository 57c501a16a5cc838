"""A supporter lost phone, passkey and paper: whoever vets them lets them in again, a day later.

The clerk has seen that it is really them. The person is written to at once and has a day to say
no, by the mail or on their security page: a clerk who was talked into it opens nobody's account
unseen. Accounts of staff are not reset here: that is an administrator's (factor_resets).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from portal.core import access, facts, scope
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.factor_resets import FactorReset
from portal.models.supporters import Supporter, SupporterMember
from portal.queries import actors, factors
from portal.queries import factor_resets as resets
from portal.services import account_factors, accounts, tokens

#: How long the person may stop it; the link in the mail lives as long (tokens.LIVES).
WAIT = timedelta(hours=24)
KEEP = "keep_factors"
DONE, KEPT, VOID = "done", "kept", "void"
_SHORTEST_REASON = 4


def ask(actor: Actor, supporter_id: UUID, user_id: UUID, *, reason: str) -> UUID:
    """Let a supporter's login set up its second factors anew in 24 hours, unless it says no.

    Raises NotFound for a supporter one does not vet and a login that does not speak for it,
    NotAllowed for staff, Invalid on ``reason``, Conflict when nothing is to be reset or it waits
    already.
    """
    supporter = _vetted(actor, supporter_id)
    person = _login_of(supporter_id, user_id)
    if person.is_staff:
        raise NotAllowed("对方也是工作人员，请单位管理员重置登录验证方式")
    if len(reason.strip()) < _SHORTEST_REASON:
        raise Invalid("请写明怎样核对了是本人", {"reason": "请写明怎样核对了是本人"})
    if not factors.has_any(user_id):
        raise Conflict("对方没有设置登录验证，用密码就能登录")
    if resets.waits_until(user_id) is not None:
        raise Conflict("已经在办，到时自动重置")
    now = clock.now()
    row = FactorReset(user_id=user_id, supporter_id=supporter_id, asked_at=now, due_at=now + WAIT)
    db.session.add(row)
    user = db.session.get_one(User, user_id)
    tokens.mail(user, KEEP, actor)
    facts.publish(
        "supporter.factors_ask", actor=actor, subject=supporter, note=reason.strip(),
        login=str(user_id),
    )  # fmt: skip
    return UUID(str(row.id))


def keep(*, token: str) -> UUID:
    """Stop it with the mailed link; NotFound when the link is no good or it is over."""
    user = tokens.use(token, KEEP)
    return _keep(user.id)


def keep_own(actor: Actor) -> UUID:
    """Stop it from one's own security page; NotFound when nothing waits."""
    if actor.user_id is None:
        raise NotFound
    return _keep(actor.user_id)


def carry_out_due() -> int:
    """Reset what nobody stopped within the day; return how many logins (a periodic job).

    Whoever became staff, or left, meanwhile is left alone.
    """
    waiting = db.session.execute(
        select(FactorReset.id, FactorReset.user_id, FactorReset.supporter_id)
        .where(FactorReset.ended_at.is_(None), FactorReset.due_at <= clock.now())
        .order_by(FactorReset.due_at, FactorReset.id)
    ).all()
    return sum(_carry_out(row.id, row.user_id, row.supporter_id) for row in waiting)


def _carry_out(row_id: UUID, user_id: UUID, supporter_id: UUID) -> bool:
    person = actors.by_user(user_id)
    stands = person is not None and not person.is_staff and supporter_id in person.supporter_ids
    if not _end(FactorReset.id == row_id, DONE if stands else VOID) or not stands:
        return False
    account_factors.forget_all(user_id)
    accounts.close_other_sessions(user_id)
    facts.publish("account.factors_reset", actor=SYSTEM, subject=db.session.get_one(User, user_id))
    supporter = db.session.get_one(Supporter, supporter_id)
    facts.publish("supporter.factors_reset", actor=SYSTEM, subject=supporter, login=str(user_id))
    return True


def _keep(user_id: UUID) -> UUID:
    supporter_id = _end(FactorReset.user_id == user_id, KEPT)
    if supporter_id is None:
        raise NotFound
    own = scope.Scope(supporters=(supporter_id,), reason="the fact at one's own supporter")
    with scope.within(own, db.session()):
        supporter = db.session.scalars(select(Supporter).where(Supporter.id == supporter_id)).one()
        facts.publish("supporter.factors_keep", actor=Actor(user_id=user_id), subject=supporter)
    return user_id


def _end(which: ColumnElement[bool], outcome: str) -> UUID | None:
    """End a waiting row in one statement and return its supporter: of two ends one counts."""
    ended = db.session.execute(
        update(FactorReset)
        .where(which, FactorReset.ended_at.is_(None))
        .values(ended_at=clock.now(), outcome=outcome)
        .returning(FactorReset.supporter_id)
    ).one_or_none()
    return UUID(str(ended.supporter_id)) if ended else None


def _vetted(actor: Actor, supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    return supporter


def _login_of(supporter_id: UUID, user_id: UUID) -> Actor:
    speaks = db.session.scalar(
        select(SupporterMember.id).where(
            SupporterMember.supporter_id == supporter_id,
            SupporterMember.user_id == user_id,
            SupporterMember.ended_at.is_(None),
            SupporterMember.invited_at.is_(None),
        )
    )
    person = actors.by_user(user_id) if speaks else None
    if person is None:
        raise NotFound
    return person
