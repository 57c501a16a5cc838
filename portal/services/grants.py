"""Staff: inviting somebody to an account, granting a role at a unit, ending it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import literal, or_, select, update

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import ROLE_LABELS, ROLE_LEVELS, Actor, Grant, Role
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import RoleGrant, User
from portal.models.supporters import SupporterMember
from portal.models.units import Unit
from portal.services import account_factors, accounts, pairing_contacts, tokens

#: Nobody holds a role for longer without being asked again.
LONGEST = timedelta(days=3 * 366)
#: So many administrators of a unit are opened from the command line.
_BY_THE_OPERATOR = 2


def invite(
    actor: Actor, *, email: str, name: str, role: Role, unit_path: str, valid_to: date | None
) -> UUID:
    """Grant a role to the account of an address, opening it and mailing an invitation if new.

    The first role of an account that stands goes through the mailbox too: its old password stops
    working, its sessions end, and the invitation sets a new one. Returns the account. Raises
    what ``grant`` raises.
    """
    address = accounts.normal_email(email)
    user = db.session.scalar(select(User).where(User.email == address))
    fresh = user is None
    if user is None:
        user = User(email=address, name=name.strip(), created_by=actor.user_id)
        db.session.add(user)
        db.session.flush()
        facts.publish("account.open", actor=actor, subject=user)
    elif user.email_verified_at is None or not _ever_held(user.id):
        # Anybody can open an account in a clerk's name, and a supporter's password may be known
        # to more than one: the role waits for who reads the mailbox.
        fresh = True
        _start_anew(user)
    grant(actor, user.id, role=role, unit_path=unit_path, valid_to=valid_to)
    if fresh:
        tokens.mail(user, "invite", actor)
    return user.id


def open_administrator(*, email: str, name: str, unit_code: str) -> UUID:
    """Invite an administrator by the operator's hand, for an installation that has none yet.

    Two keys need two people: the operator opens the first two of a unit, the next ones are granted
    on the page. Raises Conflict when two stand at the unit or above it, Invalid for an
    unknown code, and what ``invite`` does.
    """
    today = clock.today()
    unit = db.session.scalar(select(Unit).where(Unit.code == unit_code))
    if unit is None:
        raise Invalid("没有代码为“{code}”的单位", code=unit_code)
    standing = db.session.scalars(
        select(RoleGrant.user_id).where(
            RoleGrant.role == Role.PLATFORM_ADMIN.value,
            literal(unit.path).startswith(RoleGrant.unit_path),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
    )
    if len(set(standing)) >= _BY_THE_OPERATOR:
        raise Conflict("“{unit}”已有两位管理员，请由他们在“人员与岗位”里办理", unit=unit.name)
    hand = Actor(name="操作员", grants=(Grant(Role.PLATFORM_ADMIN, unit.path, unit.id),))
    return invite(
        hand, email=email, name=name, role=Role.PLATFORM_ADMIN, unit_path=unit.path, valid_to=None
    )


def invite_again(actor: Actor, user_id: UUID) -> UUID:
    """Mail a new invitation to an account that nobody has taken up; the older link stops."""
    user = _managed_user(actor, user_id)
    if user.password_hash:
        raise Conflict("这个账号已经开通，忘记密码请用“找回密码”")
    tokens.mail(user, "invite", actor)
    return user.id


def grant(
    actor: Actor, user_id: UUID, *, role: Role, unit_path: str, valid_to: date | None
) -> UUID:
    """Give a role at a unit from today to a day; return the grant.

    Raises NotFound for a unit outside the administrator's, Invalid for a level where the role
    makes no sense or a date that cannot be, Conflict for the same role there already, NotAllowed
    for granting oneself.
    """
    unit = db.session.scalar(select(Unit).where(Unit.path == unit_path))
    user = db.session.get(User, user_id)
    if unit is None or user is None or not actor.has(Role.PLATFORM_ADMIN, unit_path):
        raise NotFound
    if user_id == actor.user_id:
        raise NotAllowed("不能给自己授予岗位，请另一位管理员办理")
    if unit.valid_to is not None and unit.valid_to <= clock.today():
        raise Invalid("“{unit}”已经撤销", {"unit_path": "这个单位已经撤销"}, unit=unit.name)
    _check(role, unit, valid_to)
    today = clock.today()
    for held in _held(user_id, role, unit_path):
        if held.valid_to is None or held.valid_to >= today:
            raise Conflict("这个人在这里已经有这个岗位")
    row = RoleGrant(
        user_id=user_id, role=role.value, unit_id=unit.id, unit_path=unit.path,
        tenant_path=unit.tenant_path, valid_from=today, valid_to=valid_to,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    accounts.close_other_sessions(user_id)
    facts.publish("grant.begin", actor=actor, subject=row, role=role.value, user_id=str(user_id))
    return row.id


def end(actor: Actor, grant_id: UUID, *, version: int | None = None) -> UUID:
    """End a grant as of yesterday; the row stays as memory. Returns whose it was.

    Raises NotFound outside the administrator's units, Conflict when it ended already or was
    changed meanwhile.
    """
    row = db.session.get(RoleGrant, grant_id)
    if row is None or not actor.has(Role.PLATFORM_ADMIN, row.unit_path):
        raise NotFound
    access.require(actor, Permission.GRANT_MANAGE, row)
    if row.user_id == actor.user_id:
        raise NotAllowed("不能结束自己的岗位，请另一位管理员办理")
    today = clock.today()
    if version is not None and row.version != version:
        raise Conflict("这个岗位刚刚有变化，请刷新后再看")
    if row.valid_to is not None and row.valid_to < today:
        raise Conflict("这个岗位已经结束")
    row.valid_to = today - timedelta(days=1)
    accounts.close_other_sessions(row.user_id)
    facts.publish("grant.end", actor=actor, subject=row, role=row.role, user_id=str(row.user_id))
    db.session.flush()
    pairing_contacts.replace_gone()
    return row.user_id


def _check(role: Role, unit: Unit, valid_to: date | None) -> None:
    if unit.level not in ROLE_LEVELS[role]:
        raise Invalid(
            "“{role}”不能设在“{unit}”这一级",
            {"unit_path": "这个岗位不设在这一级单位"},
            role=ROLE_LABELS[role],
            unit=unit.name,
        )
    today = clock.today()
    if valid_to is not None and not today <= valid_to <= today + LONGEST:
        raise Invalid("到期日应在今天以后、三年以内", {"valid_to": "到期日应在今天以后、三年以内"})


def _held(user_id: UUID, role: Role, unit_path: str) -> list[RoleGrant]:
    return list(
        db.session.scalars(
            select(RoleGrant).where(
                RoleGrant.user_id == user_id,
                RoleGrant.role == role.value,
                RoleGrant.unit_path == unit_path,
            )
        )
    )


def _ever_held(user_id: UUID) -> bool:
    held = select(RoleGrant.id).where(RoleGrant.user_id == user_id)
    return db.session.scalar(held.limit(1)) is not None


def _start_anew(user: User) -> None:
    """Forget what proved the account until now, and what was begun before anybody confirmed it."""
    user.password_hash = ""
    account_factors.forget_all(user.id)
    if user.email_verified_at is None:
        db.session.execute(
            update(SupporterMember)
            .where(SupporterMember.user_id == user.id, SupporterMember.ended_at.is_(None))
            .values(ended_at=clock.now())
        )


def _managed_user(actor: Actor, user_id: UUID) -> User:
    paths = db.session.scalars(select(RoleGrant.unit_path).where(RoleGrant.user_id == user_id))
    user = db.session.get(User, user_id)
    if user is None or not any(actor.has(Role.PLATFORM_ADMIN, path) for path in paths):
        raise NotFound
    return user
