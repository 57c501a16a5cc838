"""Who speaks for an organisation: invited by mail, accepted by the person, removed at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.core import access, facts, outbox
from portal.domain import clock
from portal.domain.actor import CONTACT, MEMBER, VIEWER, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, TooMany
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.supporters import Supporter, SupporterMember
from portal.services import accounts, limits, tokens

ROLES = (CONTACT, MEMBER, VIEWER)
#: Members and open invitations of one organisation.
MOST = 50
_NAME_LENGTH, _ADDRESS_LENGTH = 60, 254
_DAY = timedelta(days=1)
#: Mails one organisation sends in a day, and mails of this kind into one mailbox, whoever asks.
INVITE_FIRM = limits.Limit("invite:firm", 20, _DAY)
INVITE_ADDRESS = limits.Limit("invite:address", 3, _DAY)


def invite(actor: Actor, supporter_id: UUID, *, email: str, name: str, role: str) -> UUID:
    """Invite somebody to speak for an organisation; nothing is theirs until they accept.

    An address without an account gets one, and the mail sets its password. The answer is the
    same either way: who has an account is told to nobody. Returns the invitation. Raises
    NotFound for who is no contact, Invalid, Conflict for a member already or too many, TooMany
    beyond the mails of a day. Call it before anything else of a request.
    """
    address = accounts.normal_email(email)
    _check(_managed(actor, supporter_id), address, name, role)
    _count(supporter_id, address)
    # Counting has let go of the row: it is locked anew.
    supporter = _managed(actor, supporter_id)
    row = _invitation(supporter, _account(actor, address, name), actor)
    row.role = role
    db.session.flush()
    facts.publish("supporter.invite_member", actor=actor, subject=supporter, role=role)
    return row.id


def accept(actor: Actor, member_id: UUID) -> UUID:
    """Take up an invitation of one's own; return the supporter one speaks for from now on."""
    row = _open_invitation(actor, member_id)
    if not actor.email_verified:
        raise Invalid("请先点开邮件里的链接，确认您的邮箱")
    row.invited_at = None
    facts.publish("supporter.join", actor=actor, subject=row, role=row.role)
    return row.supporter_id


def decline(actor: Actor, member_id: UUID) -> UUID:
    """Refuse an invitation of one's own."""
    row = _open_invitation(actor, member_id)
    row.ended_at = clock.now()
    facts.publish("supporter.decline_member", actor=actor, subject=row)
    return row.id


def change_role(actor: Actor, supporter_id: UUID, member_id: UUID, *, role: str) -> UUID:
    """Give a member another role; the last contact keeps theirs."""
    supporter = _managed(actor, supporter_id)
    if role not in ROLES:
        raise Invalid("请选择在单位里的身份", {"role": "请选择在单位里的身份"})
    row = _member(supporter, member_id)
    if role != CONTACT:
        _not_the_last_contact(row)
    row.role = role
    facts.publish("supporter.change_member", actor=actor, subject=row, role=role)
    return row.id


def remove(actor: Actor, supporter_id: UUID, member_id: UUID) -> UUID:
    """End a membership at once; a contact removes anybody, anybody removes themselves.

    The next request of the removed person speaks for the supporter no more. Raises Conflict for
    the last contact.
    """
    supporter: Supporter | None = db.session.scalar(_locked(supporter_id))
    if supporter is None or supporter_id not in actor.supporter_ids:
        raise NotFound
    row = _member(supporter, member_id)
    if row.user_id != actor.user_id:
        access.require(actor, Permission.MEMBER_MANAGE, supporter)
    _not_the_last_contact(row)
    row.ended_at = clock.now()
    facts.publish("supporter.remove_member", actor=actor, subject=row)
    return row.id


def _locked(supporter_id: UUID) -> Select[Supporter]:
    # Two contacts who remove each other queue up here: one of them stays.
    return select(Supporter).where(Supporter.id == supporter_id).with_for_update(key_share=True)


def _managed(actor: Actor, supporter_id: UUID) -> Supporter:
    supporter: Supporter | None = db.session.scalar(_locked(supporter_id))
    if supporter is None or supporter_id not in actor.supporter_ids:
        raise NotFound
    access.require(actor, Permission.MEMBER_MANAGE, supporter)
    if supporter.kind == "individual":
        raise Invalid("个人登记只由本人使用；单位才有成员")
    return supporter


def _count(supporter_id: UUID, address: str) -> None:
    """Count the mail before it is owed; raise TooMany in words that say what is too many."""
    try:
        limits.reserve([(INVITE_FIRM, str(supporter_id)), (INVITE_ADDRESS, address)])
    except TooMany as refusal:
        hours = -(-refusal.retry_after // 3600)
        raise TooMany(
            "今天寄出的邀请已到上限（每个单位{firm}封，每个邮箱{address}封），请在{hours}小时后再邀请",
            refusal.retry_after,
            firm=INVITE_FIRM.most,
            address=INVITE_ADDRESS.most,
            hours=hours,
        ) from refusal


def _check(supporter: Supporter, address: str, name: str, role: str) -> None:
    problems = {}
    if "@" not in address or len(address) > _ADDRESS_LENGTH:
        problems["email"] = "请填写完整的邮箱地址"
    if not 0 < len(name.strip()) <= _NAME_LENGTH:
        problems["name"] = "请填写姓名"
    if role not in ROLES:
        problems["role"] = "请选择在单位里的身份"
    if problems:
        raise Invalid("请修改后再邀请：{why}", problems, why="；".join(problems.values()))
    held = db.session.scalar(
        select(func.count()).where(
            SupporterMember.supporter_id == supporter.id, SupporterMember.ended_at.is_(None)
        )
    )
    if (held or 0) >= MOST:
        raise Conflict("成员和邀请已到上限（{most}人），请先移除不再参与的人", most=MOST)


def _account(actor: Actor, address: str, name: str) -> User:
    """Return the account of an address, opened when there is none, and owe it the mail."""
    user = db.session.scalar(select(User).where(User.email == address))
    if user is None:
        user = User(email=address, name=name.strip(), created_by=actor.user_id)
        db.session.add(user)
        db.session.flush()
        facts.publish("account.open", actor=actor, subject=user)
    if not user.password_hash:
        tokens.mail(user, "invite", actor, template="member_invited")
    else:
        outbox.owe(
            "member_invited",
            recipient=user.email,
            key=f"{user.id}:member_invited:{clock.today()}",
            user_id=user.id,
            path="/me/profile",
            name=user.name,
        )
    return user


def _invitation(supporter: Supporter, user: User, actor: Actor) -> SupporterMember:
    row = db.session.scalar(
        select(SupporterMember).where(
            SupporterMember.supporter_id == supporter.id, SupporterMember.user_id == user.id
        )
    )
    if row is None:
        row = SupporterMember(supporter_id=supporter.id, user_id=user.id, created_by=actor.user_id)
        db.session.add(row)
    elif row.ended_at is None and row.invited_at is None:
        raise Conflict("这个人已经是成员")
    row.invited_at, row.ended_at = clock.now(), None
    return row


def _open_invitation(actor: Actor, member_id: UUID) -> SupporterMember:
    row = db.session.get(SupporterMember, member_id)
    if (
        row is None
        or row.user_id != actor.user_id
        or row.ended_at is not None
        or row.invited_at is None
    ):
        raise NotFound
    return row


def _member(supporter: Supporter, member_id: UUID) -> SupporterMember:
    row = db.session.get(SupporterMember, member_id)
    if row is None or row.supporter_id != supporter.id or row.ended_at is not None:
        raise NotFound
    return row


def _not_the_last_contact(row: SupporterMember) -> None:
    if row.role != CONTACT or row.invited_at is not None:
        return
    others = db.session.scalar(
        select(func.count()).where(
            SupporterMember.supporter_id == row.supporter_id,
            SupporterMember.id != row.id,
            SupporterMember.role == CONTACT,
            SupporterMember.invited_at.is_(None),
            SupporterMember.ended_at.is_(None),
        )
    )
    if not others:
        raise Conflict("这是最后一位联系人，请先请另一位同事担任联系人")
