"""Taking a part of a listed resource for a wish, and giving it back; never more than there is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from portal.core import access, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.resources import LINKS, OFFERS
from portal.domain.permissions import Permission
from portal.domain.resources import SubjectType
from portal.extensions import db
from portal.models.resources import ResourceLink, ResourceOffer
from portal.models.supporters import Supporter
from portal.queries import resource_subjects


def book(
    actor: Actor,
    offer_id: UUID,
    *,
    subject_type: SubjectType,
    subject_id: UUID,
    amount: int,
    on: date | None = None,
) -> UUID:
    """Take ``amount`` of a listed offer for a wish (later a pairing, a programme).

    One conditional statement decides who gets the last of it (invariant 4). Raises NotFound behind
    a wall, WrongState for an offer that does not count now, Conflict when too little is left.
    """
    subject = resource_subjects.find(subject_type, subject_id)
    if subject is None:
        raise NotFound
    access.require(actor, Permission.RESOURCE_LINK, subject)
    offer = db.session.scalar(select(ResourceOffer).where(ResourceOffer.id == offer_id))
    if offer is None:
        raise NotFound
    _usable(offer, subject, amount, on)
    _giver_stands(offer)
    _take(offer, amount)
    link = ResourceLink(
        offer_id=offer.id, supporter_id=offer.supporter_id, tenant_path=offer.tenant_path,
        unit_path=subject.unit_path, subject_type=subject_type.value, subject_id=subject_id,
        amount=amount, on_date=on, created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    transitions.begin(LINKS, link, actor, offer_id=str(offer.id), amount=amount)
    if offer.used >= offer.capacity:
        transitions.fire(OFFERS, offer, "use_up", actor)
    db.session.flush()
    return link.id


def release(actor: Actor, link_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Give a booked part back with a reason; the amount is free again at once."""
    # Two who release it at once come one after the other: the second finds it released.
    link = db.session.scalar(
        select(ResourceLink).where(ResourceLink.id == link_id).with_for_update()
    )
    if link is None or not access.permits(actor, Permission.RESOURCE_LINK, link):
        raise NotFound
    if version is not None and link.version != version:
        raise Conflict("这条使用记录刚刚有变化，请刷新后再看")
    transitions.fire(LINKS, link, "release", actor, {"reason": reason}, amount=link.amount)
    link.released_at = clock.now()
    db.session.flush()
    offer = db.session.scalar(select(ResourceOffer).where(ResourceOffer.id == link.offer_id))
    if offer is None:
        raise NotFound
    _take(offer, -link.amount)
    if offer.status == "used_up":
        transitions.fire(OFFERS, offer, "reopen", actor)
    db.session.flush()
    return link.id


def _usable(
    offer: ResourceOffer, subject: resource_subjects.Subject, amount: int, on: date | None
) -> None:
    today = clock.today()
    if offer.status == "used_up":
        raise Conflict("这条资源已经用完了")
    if offer.status != "listed" or (offer.to_on is not None and offer.to_on < today):
        raise WrongState("这条资源现在不能使用：{state}", state=OFFERS.states[offer.status].label)
    if f" {subject.county_code} " not in offer.reach:
        raise WrongState("这条资源不覆盖这个县（市、区）")
    problems = {}
    if amount < 1:
        problems["amount"] = "数量至少是1"
    if on is not None and not _within(offer, on, today):
        problems["on"] = "这一天不在可用的日期里"
    if problems:
        raise Invalid("还没有保存，改好后请再提交一次", problems)


def _giver_stands(offer: ResourceOffer) -> None:
    """Take nothing from who is suspended, revoked or run out: help comes from who was looked at."""
    giver = db.session.scalar(select(Supporter).where(Supporter.id == offer.supporter_id))
    if giver is None or not giver.stands_on(clock.today()):
        raise WrongState("提供这条资源的一方现在没有有效资格，暂不能使用")


def _within(offer: ResourceOffer, on: date, today: date) -> bool:
    first = max(offer.from_on or today, today)
    return first <= on and (offer.to_on is None or on <= offer.to_on)


def _take(offer: ResourceOffer, amount: int) -> None:
    """Change what is used by one statement that only fits; the row's check is the second lock."""
    fits = [ResourceOffer.used + amount >= 0]
    if amount > 0:
        fits += [
            ResourceOffer.used + amount <= ResourceOffer.capacity,
            ResourceOffer.status == "listed",
        ]
    changed = db.session.execute(
        update(ResourceOffer)
        .where(ResourceOffer.id == offer.id, *fits)
        .values(used=ResourceOffer.used + amount, version=ResourceOffer.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(offer)
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an update has a row count
        left = max(offer.capacity - offer.used, 0)
        raise Conflict("剩下的不够了：还有{left}{unit}", left=left, unit=offer.unit)
