"""Everything the portal holds about one person, in sections; nothing about anybody else.

What staff wrote in their own words, who of them acted, and what others said stays out.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain import clock, fact_words
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.vetting import KIND_LABELS
from portal.extensions import db
from portal.models.accounts import User, UserSession
from portal.models.pool import PoolTag, PublicityConsent
from portal.models.records import Fact, StoredFile
from portal.models.resources import ResourceOffer
from portal.models.rights import TextAcceptance
from portal.models.service_records import Certificate, ServiceRecord
from portal.models.supporters import Supporter, SupporterDocument, VettingCheck
from portal.models.wishes import Commitment
from portal.queries import rights, subject_needs
from portal.queries.subject_sections import (
    Attachment,
    Section,
    SubjectData,
    pairs,
    place,
    requests,
    section,
    state,
    text,
)

_FACTS = 500


def of_supporter(actor: Actor, supporter_id: UUID) -> SubjectData:
    """Return what is held about an own supporter and the account that asks."""
    row = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if row is None or supporter_id not in actor.supporter_ids:
        raise NotFound
    papers = _papers(supporter_id)
    sections = (
        _account(actor),
        _registered(row),
        Section(
            "documents", "交来的材料", ("类别", "交来时间"), tuple(each[:2] for each in papers)
        ),
        _checks(supporter_id),
        _accepted(supporter_id),
        _promises(supporter_id),
        subject_needs.of_supporter(supporter_id),
        *_elsewhere(supporter_id),
        _asked(actor, supporter_id),
        _devices(actor),
        _events(actor, supporter_id, row.unit_path),
    )
    files = tuple(
        Attachment(f"{number:02d}-{key.rsplit('/', 1)[1][:8]}.{_suffix(mime)}", key)
        for number, (_, _, key, mime) in enumerate(papers, start=1)
    )
    return SubjectData("本人资料", place(row.tenant_path), clock.now(), sections, files)


def _account(actor: Actor) -> Section:
    user = db.session.get(User, actor.user_id)
    if user is None:
        raise NotFound
    return pairs(
        "account", "账号",
        (("姓名", user.name), ("邮箱", user.email), ("手机", user.phone),
         ("邮箱确认时间", user.email_verified_at), ("开设时间", user.created_at)),
    )  # fmt: skip


def _registered(row: Supporter) -> Section:
    return pairs(
        "registration", "登记资料",
        (("身份", KIND_LABELS.get(row.kind, row.kind)), ("名称", row.name),
         ("公民身份号码", row.id_no), ("出生日期", row.birth_date),
         ("统一社会信用代码", row.uscc), ("公开募捐资格证书", row.fundraising_no),
         ("联系人", row.details.get("contact_name")), ("联系电话", row.phone),
         ("住址", row.address), ("教师", "是" if row.is_teacher else "否"),
         ("所在", place(row.unit_path)), ("状态", state("supporter", row.status)),
         ("级别", row.tier), ("提交时间", row.submitted_at), ("有效期到", row.valid_to),
         ("退回时写给您的话", "；".join(row.returned_fields.values()))),
    )  # fmt: skip


def _papers(supporter_id: UUID) -> list[tuple[str, str, str, str]]:
    rows = db.session.execute(
        select(
            SupporterDocument.kind, SupporterDocument.created_at, StoredFile.key, StoredFile.mime
        )
        .join(StoredFile, StoredFile.id == SupporterDocument.file_id)
        .where(SupporterDocument.supporter_id == supporter_id)
        .order_by(SupporterDocument.created_at, SupporterDocument.id)
    )
    words = {"business_licence": "营业执照", "registration_certificate": "登记证书"}
    return [(words.get(row.kind, row.kind), text(row.created_at), row.key, row.mime)
            for row in rows]  # fmt: skip


def _checks(supporter_id: UUID) -> Section:
    words = {
        "identity": "身份核对", "papers": "证照核对", "offence": "违法犯罪记录查询",
        "interview": "面谈", "training": "培训", "pledge": "守护承诺",
    }  # fmt: skip
    rows = db.session.execute(
        select(VettingCheck.kind, VettingCheck.done_on, VettingCheck.expires_on)
        .where(VettingCheck.supporter_id == supporter_id)
        .order_by(VettingCheck.done_on, VettingCheck.id)
    )
    told = ((words.get(row.kind, row.kind), row.done_on, row.expires_on) for row in rows)
    return section("checks", "审核项目", ("项目", "日期", "有效期到"), told)


def _accepted(supporter_id: UUID) -> Section:
    rows = db.session.execute(
        select(TextAcceptance.kind, TextAcceptance.number, TextAcceptance.accepted_at)
        .where(TextAcceptance.supporter_id == supporter_id)
        .order_by(TextAcceptance.accepted_at)
    )
    return section("acceptances", "同意过的新版文本", ("文本", "版本", "时间"), rows)


def _promises(supporter_id: UUID) -> Section:
    rows = db.session.scalars(
        select(Commitment)
        .where(Commitment.supporter_id == supporter_id)
        .order_by(Commitment.claimed_at, Commitment.id)
    )
    told = (
        (row.promise.get("title", ""), row.claimed_at, state("commitment", row.status),
         row.deliver_by, row.delivered_on, row.tracking_no, row.thanks)
        for row in rows
    )  # fmt: skip
    columns = ("心愿", "认领时间", "状态", "送达期限", "送达", "单号", "收到的谢意")
    return section("promises", "认领", columns, told)


def _elsewhere(supporter_id: UUID) -> tuple[Section, ...]:
    """Return what other parts of the portal keep for a supporter, where there is any."""
    mine = ServiceRecord.supporter_id == supporter_id
    services = db.session.execute(
        select(ServiceRecord.served_on, ServiceRecord.title, ServiceRecord.place,
               ServiceRecord.minutes, ServiceRecord.status).where(mine)
        .order_by(ServiceRecord.served_on)
    )  # fmt: skip
    papers = db.session.execute(
        select(Certificate.serial, Certificate.period_from, Certificate.period_to,
               Certificate.minutes, Certificate.issued_on)
        .where(Certificate.supporter_id == supporter_id).order_by(Certificate.created_at)
    )  # fmt: skip
    offers = db.session.execute(
        select(ResourceOffer.title, ResourceOffer.description, ResourceOffer.capacity,
               ResourceOffer.contact_name, ResourceOffer.contact_phone)
        .where(ResourceOffer.supporter_id == supporter_id).order_by(ResourceOffer.created_at)
    )  # fmt: skip
    tags = db.session.execute(
        select(PoolTag.kind, PoolTag.value).where(PoolTag.supporter_id == supporter_id)
        .order_by(PoolTag.kind, PoolTag.value)
    )  # fmt: skip
    publicity = db.session.execute(
        select(PublicityConsent.text_version, PublicityConsent.given_at,
               PublicityConsent.withdrawn_at)
        .where(PublicityConsent.supporter_id == supporter_id)
        .order_by(PublicityConsent.given_at)
    )  # fmt: skip
    found = (
        section("services", "服务记录", ("日期", "内容", "地点", "分钟", "状态"), services),
        section("certificates", "服务证明", ("编号", "自", "至", "分钟", "出具"), papers),
        section("offers", "提供的资源", ("名称", "说明", "数量", "联系人", "电话"), offers),
        section("skills", "爱心家长资料", ("类别", "内容"), tags),
        section("publicity", "公示同意", ("版本", "同意", "撤回"), publicity),
    )
    return tuple(each for each in found if each.rows)


def _asked(actor: Actor, supporter_id: UUID) -> Section:
    return requests(rights.own(actor))


def _devices(actor: Actor) -> Section:
    rows = db.session.execute(
        select(UserSession.created_at, UserSession.device, UserSession.expires_at)
        .where(UserSession.user_id == actor.user_id)
        .order_by(UserSession.created_at)
    )
    return section("devices", "登录过的设备", ("时间", "设备", "失效"), rows)


def _events(actor: Actor, supporter_id: UUID, unit_path: str) -> Section:
    """Return what happened, without the words beside it and without who of the staff acted."""
    own = scope.Scope(paths=(unit_path,), reason="what happened to one's own row")
    with scope.within(own, db.session()):
        rows = db.session.execute(
            select(Fact.at, Fact.kind, Fact.actor_id)
            .where(Fact.subject_id == supporter_id)
            .order_by(Fact.at.desc(), Fact.id)
            .limit(_FACTS)
        ).all()
    told = (
        (row.at, fact_words.words_of(row.kind),
         _by_whom(actor, row.actor_id))
        for row in rows
    )  # fmt: skip
    return section("events", "经过", ("时间", "事项", "由谁"), told)


def _suffix(mime: str) -> str:
    return {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}.get(mime, "bin")


def _by_whom(actor: Actor, actor_id: UUID | None) -> str:
    if actor_id is None:
        return "系统"
    return "本人" if actor_id == actor.user_id else "工作人员"
