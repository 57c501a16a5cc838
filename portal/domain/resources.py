"""What the resource directory holds (资源链接, S1-2.3.6): kinds, units, what an offer must say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.errors import Invalid
from portal.domain.pool import DAYS

KINDS: Mapping[str, str] = {
    "goods": "物资",
    "venue": "场地",
    "service": "服务",
    "profession": "专业力量",
}
UNITS: tuple[str, ...] = ("件", "套", "间", "场", "人次", "小时")
CAPACITY_MAX = 100_000
TITLE_LENGTH, DESCRIPTION_LENGTH = 40, 300


class SubjectType(StrEnum):
    """What an offer may be taken for."""

    WISH = "wish"
    PAIRING = "pairing"
    PROGRAMME = "programme"


SUBJECT_LABELS: Mapping[str, str] = {
    SubjectType.WISH: "微心愿",
    SubjectType.PAIRING: "结对",
    SubjectType.PROGRAMME: "活动",
}


@dataclass(frozen=True, slots=True)
class OfferInput:
    """An offer as its form gives it; days inclusive, counties by code."""

    kind: str
    title: str
    unit: str
    capacity: int
    counties: tuple[str, ...]
    description: str = ""
    days: tuple[str, ...] = ()
    from_on: date | None = None
    to_on: date | None = None
    contact_name: str = ""
    contact_phone: str = ""


def check(offer: OfferInput, reachable: Iterable[str], today: date, *, used: int = 0) -> None:
    """Raise Invalid with a sentence beside each field that cannot stand."""
    problems = _words(offer) | _places(offer, reachable)
    if not 1 <= offer.capacity <= CAPACITY_MAX:
        problems["capacity"] = "数量要在1到100000之间"
    elif offer.capacity < used:
        problems["capacity"] = "数量不能少于已经用掉的"
    if offer.to_on is not None and offer.to_on < today:
        problems["to_on"] = "截止日不能早于今天"
    if offer.from_on and offer.to_on and offer.to_on < offer.from_on:
        problems["to_on"] = "截止日不能早于开始日"
    if problems:
        raise Invalid("还没有保存，改好后请再提交一次", problems)


def _words(offer: OfferInput) -> dict[str, str]:
    problems = {}
    if offer.kind not in KINDS:
        problems["kind"] = "请选择类别"
    if offer.unit not in UNITS:
        problems["unit"] = "请选择单位"
    if not offer.title.strip() or len(offer.title.strip()) > TITLE_LENGTH:
        problems["title"] = "请用40个字以内说清楚提供什么"
    if len(offer.description.strip()) > DESCRIPTION_LENGTH:
        problems["description"] = "说明最多300个字"
    if not offer.contact_name.strip() or not offer.contact_phone.strip():
        problems["contact_name"] = "请填写联系人和电话，只有工作人员看得到"
    return problems


def _places(offer: OfferInput, reachable: Iterable[str]) -> dict[str, str]:
    problems = {}
    if not offer.counties or set(offer.counties) - set(reachable):
        problems["counties"] = "请从列表中选择至少一个县（市、区）"
    if set(offer.days) - set(DAYS):
        problems["days"] = "请从列表中选择"
    return problems
