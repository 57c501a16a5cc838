"""What a guardian may be handed about a child: never a place that is to stay unknown."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.ledger import CATEGORY_WORDS, SERVICE_WORDS
from portal.domain.windows import OCCASION_LABELS
from portal.domain.words import CONSENT_WORDS, GENDER_WORDS
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.rights import ChildProtection
from portal.queries import guardians, subject_needs
from portal.queries.subject_sections import (
    Section,
    SubjectData,
    pairs,
    place,
    requests,
    section,
    state,
)

_OCCASIONS = {str(code): word for code, word in OCCASION_LABELS.items()}
_SERVICES = {str(code): word for code, word in SERVICE_WORDS.items()}
#: Whereabouts are read in person, never in what a guardian is handed on-line.
IN_PERSON = "为了孩子的安全，住址、学校和现在的住处不在这里显示，请带身份证件当面查阅"


def of_child(child_id: UUID, guardian_id: UUID | None, *, in_person: bool = False) -> SubjectData:
    """Return what is held about a child, for a guardian.

    Whereabouts are in it only for reading in person, and never while they are protected.
    """
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None:
        raise NotFound
    page = guardians.page(child_id)
    shows_places = in_person and not _is_protected(child_id)
    sections = (
        _child(child),
        _whereabouts(child, shows_places=shows_places),
        _guardian(guardian_id),
        _consents(page),
        Section(
            "wishes", "微心愿", ("物品", "时段", "状态"),
            tuple(
                (
                    guardians.item_name(each.item_code),
                    f"{each.year} {_OCCASIONS.get(each.occasion, each.occasion)}",
                    state("wish", each.status),
                )
                for each in page.wishes
            ),
        ),
        subject_needs.of_child(child_id),
        Section(
            "services", "年度服务", ("年度", "服务"),
            tuple(
                (str(year), "、".join(_SERVICES.get(kind, kind) for kind in kinds))
                for year, kinds in guardians.years_of_care(child_id)
            ),
        ),
        requests(page.requests),
    )  # fmt: skip
    return SubjectData("孩子的资料", place(child.tenant_path), clock.now(), sections)


def _child(child: ChildFile) -> Section:
    return pairs(
        "child", "孩子",
        (("名", guardians.given_name(child.name)), ("性别", GENDER_WORDS.get(child.gender)),
         ("出生年月", f"{child.birth_date:%Y年%m月}"),
         ("类别", CATEGORY_WORDS.get(child.primary_category)),  # type: ignore[call-overload]  # a StrEnum's text
         ("状态", state("child", child.status)), ("建档时间", child.created_at)),
    )  # fmt: skip


def _whereabouts(child: ChildFile, *, shows_places: bool) -> Section:
    if not shows_places:
        return Section("places", "住址与学校", ("说明",), ((IN_PERSON,),))
    return pairs(
        "places", "住址与学校",
        (("所在", place(child.unit_path)), ("住址", child.home_address), ("学校", child.school)),
    )  # fmt: skip


def _guardian(guardian_id: UUID | None) -> Section:
    own = db.session.get(GuardianLink, guardian_id) if guardian_id else None
    told = ((own.name, own.relation, own.phone),) if own is not None else ()
    return section("guardian", "您本人", ("姓名", "与孩子的关系", "电话"), told)


def _consents(page: guardians.ChildPage) -> Section:
    told = (
        (CONSENT_WORDS[each.scope], "同意" if each.agreed else "没有同意", each.number,
         each.given_on, each.withdrawn_at)
        for each in page.purposes
    )  # fmt: skip
    return section("consents", "同意", ("用途", "现在", "文本版本", "同意日期", "撤回"), told)


def _is_protected(child_id: UUID) -> bool:
    standing = select(ChildProtection.id).where(
        ChildProtection.child_id == child_id,
        ChildProtection.guardian_id.is_(None),
        ChildProtection.lifted_at.is_(None),
    )
    return db.session.scalar(standing) is not None
