"""What an account holds about its own holder, whatever else they are: member, staff, newcomer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain import clock, fact_words
from portal.domain.actor import CONTACT, MEMBER, ROLE_LABELS, VIEWER, Actor, Role
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.accounts import RoleGrant, User, UserSession
from portal.models.factors import CodeGenerator, Passkey
from portal.models.records import Fact
from portal.models.rights import RightsRequest, TextAcceptance
from portal.models.service_records import Certificate, ServiceRecord
from portal.models.sign_in_ways import ConfirmedPhone, WeChatIdentity
from portal.models.supporters import Supporter, SupporterMember
from portal.models.units import Unit
from portal.queries.guardians import RequestRow, request_row
from portal.queries.subject_sections import Section, SubjectData, pairs, requests, section, state

_FACTS = 500
_ROLE_WORDS = {CONTACT: "联系人", MEMBER: "成员", VIEWER: "只看"}


@dataclass(frozen=True, slots=True)
class Home:
    """The unit whose bureau answers a person, and its authority."""

    unit_path: str
    tenant_path: str


@dataclass(frozen=True, slots=True)
class Account:
    """One's own account in short, as the page of rights shows it."""

    name: str
    email: str
    phone: str
    roles: tuple[str, ...]
    memberships: tuple[str, ...]


def home_of(user_id: UUID) -> Home | None:
    """Return who answers this person: where they speak or spoke, else where they work or worked.

    None for an account on which nothing ever hung.
    """
    spoke = _spoken_for(user_id)
    own = scope.Scope(supporters=spoke, reason="whose bureau answers a person")
    with scope.within(own, db.session()):
        found = db.session.execute(
            select(Supporter.unit_path, Supporter.tenant_path)
            .where(Supporter.id.in_(spoke))
            .order_by(Supporter.created_at, Supporter.id)
        ).first()
    if found is not None:
        return Home(*found)
    worked = db.session.execute(
        select(RoleGrant.unit_path, RoleGrant.tenant_path)
        .where(RoleGrant.user_id == user_id, RoleGrant.tenant_path.is_not(None))
        .order_by(RoleGrant.valid_from.desc(), RoleGrant.id)
    ).first()
    return Home(worked.unit_path, str(worked.tenant_path)) if worked else None


def asked(actor: Actor) -> tuple[RequestRow, ...]:
    """Return what this person asked about their own account, the newest first."""
    home = home_of(actor.user_id) if actor.user_id else None
    if home is None:
        return ()
    own = scope.Scope(paths=(home.unit_path,), reason="a person's own requests")
    with scope.within(own, db.session()):
        rows = db.session.scalars(
            select(RightsRequest)
            .where(
                RightsRequest.asker_id == actor.user_id,
                RightsRequest.supporter_id.is_(None),
                RightsRequest.child_id.is_(None),
            )
            .order_by(RightsRequest.received_at.desc(), RightsRequest.id)
        )
        return tuple(request_row(row) for row in rows)


def summary(actor: Actor) -> Account:
    """Return one's own account as the page of rights shows it."""
    user = _user(actor)
    roles = tuple(f"{ROLE_LABELS[one.role]}（{one.unit_name}）" for one in actor.grants)
    spoken = tuple(f"{row[0]}（{row[1]}）" for row in _memberships(actor) if not row[3])
    return Account(user.name, user.email, user.phone or "", roles, spoken)


def of_account(actor: Actor) -> SubjectData:
    """Return everything the portal keeps about the person behind an own account."""
    user, home = _user(actor), home_of(actor.user_id) if actor.user_id else None
    own = scope.Scope(
        paths=(home.unit_path,) if home else (), supporters=_spoken_for(user.id),
        reason="what concerns a person's own account",
    )  # fmt: skip
    with scope.within(own, db.session()):
        sections = _sections(actor, user)
    return SubjectData("本人账号资料", "", clock.now(), sections)


def _sections(actor: Actor, user: User) -> tuple[Section, ...]:
    sections = (
        pairs(
            "account", "账号",
            (("姓名", user.name), ("邮箱", user.email), ("手机", user.phone),
             ("邮箱确认时间", user.email_verified_at), ("开设时间", user.created_at),
             ("密码更改时间", user.password_changed_at)),
        ),
        section("memberships", "代表的单位", ("名称", "身份", "加入", "结束"), _memberships(actor)),
        section("roles", "岗位", ("岗位", "单位", "自", "至"), _roles(user.id)),
        section("ways", "登录方式", ("方式", "名称", "时间"), _ways(user.id)),
        section("devices", "登录过的设备", ("时间", "设备", "失效"), _devices(user.id)),
        *_given(user.id),
        requests(asked(actor)),
        section("events", "由您做的事", ("时间", "事项"), _events(user.id)),
    )  # fmt: skip
    return tuple(one for one in sections if one.rows)


def _user(actor: Actor) -> User:
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotFound
    return user


def _spoken_for(user_id: UUID) -> tuple[UUID, ...]:
    """Return the supporters this person speaks or once spoke for."""
    return tuple(
        db.session.scalars(
            select(SupporterMember.supporter_id)
            .where(SupporterMember.user_id == user_id, SupporterMember.invited_at.is_(None))
            .order_by(SupporterMember.created_at, SupporterMember.id)
        )
    )


def _memberships(actor: Actor) -> list[tuple[str, str, object, object]]:
    rows = db.session.scalars(
        select(SupporterMember)
        .where(SupporterMember.user_id == actor.user_id, SupporterMember.invited_at.is_(None))
        .order_by(SupporterMember.created_at, SupporterMember.id)
    ).all()
    ids = _spoken_for(_user(actor).id)
    own = scope.Scope(supporters=ids, reason="the names of what a person speaks or spoke for")
    with scope.within(own, db.session()):
        names = dict(
            db.session.execute(
                select(Supporter.id, Supporter.name).where(Supporter.id.in_(ids))
            ).all()
        )
    return [
        (names.get(row.supporter_id, ""), _ROLE_WORDS.get(row.role, row.role),
         row.created_at, row.ended_at)
        for row in rows
    ]  # fmt: skip


def _roles(user_id: UUID) -> Iterator[tuple[object, ...]]:
    rows = db.session.execute(
        select(RoleGrant.role, Unit.name, RoleGrant.valid_from, RoleGrant.valid_to)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.user_id == user_id)
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    return ((ROLE_LABELS[Role(row.role)], *row[1:]) for row in rows)


def _ways(user_id: UUID) -> Iterator[tuple[object, ...]]:
    """Name each way to sign in, never its secret."""
    for generator in db.session.scalars(
        select(CodeGenerator).where(
            CodeGenerator.user_id == user_id, CodeGenerator.confirmed_at.is_not(None)
        )
    ):
        yield "验证器", "", generator.confirmed_at
    for key in db.session.scalars(
        select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at)
    ):
        yield "通行密钥", key.name, key.created_at
    phone = db.session.get(ConfirmedPhone, user_id)
    if phone is not None:
        yield "手机号码", phone.phone, phone.confirmed_at
    linked = db.session.get(WeChatIdentity, user_id)
    if linked is not None:
        yield "微信", "", linked.linked_at


def _devices(user_id: UUID) -> Iterator[tuple[object, ...]]:
    rows = db.session.execute(
        select(UserSession.created_at, UserSession.device, UserSession.expires_at)
        .where(UserSession.user_id == user_id)
        .order_by(UserSession.created_at)
    )
    return (tuple(row) for row in rows)


def _given(user_id: UUID) -> tuple[Section, ...]:
    """Return the person's own hours, certificates and acceptances, for whomever they were given."""
    services = db.session.execute(
        select(ServiceRecord.served_on, ServiceRecord.title, ServiceRecord.place,
               ServiceRecord.minutes, ServiceRecord.status)
        .where(ServiceRecord.user_id == user_id).order_by(ServiceRecord.served_on)
    )  # fmt: skip
    papers = db.session.execute(
        select(Certificate.serial, Certificate.period_from, Certificate.period_to,
               Certificate.minutes, Certificate.issued_on)
        .where(Certificate.user_id == user_id).order_by(Certificate.created_at)
    )  # fmt: skip
    accepted = db.session.execute(
        select(TextAcceptance.kind, TextAcceptance.number, TextAcceptance.accepted_at)
        .where(TextAcceptance.user_id == user_id).order_by(TextAcceptance.accepted_at)
    )  # fmt: skip
    told = ((*row[:4], state("service_record", row.status)) for row in services)
    return (
        section("services", "服务记录", ("日期", "内容", "地点", "分钟", "状态"), told),
        section("certificates", "服务证明", ("编号", "自", "至", "分钟", "出具"), papers),
        section("acceptances", "由您同意的文本", ("文本", "版本", "时间"), accepted),
    )


def _events(user_id: UUID) -> Iterator[tuple[object, ...]]:
    """Return what the person did, newest first: when and what kind, never on whose file."""
    rows = db.session.execute(
        select(Fact.at, Fact.kind)
        .where(Fact.actor_id == user_id)
        .order_by(Fact.at.desc(), Fact.id)
        .limit(_FACTS)
    )
    return ((row.at, fact_words.words_of(row.kind)) for row in rows)
