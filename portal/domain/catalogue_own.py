"""Items an authority adds to the catalogue: closed lists and the linter keep every card anonymous.

Needs and categories stay the shipped ones, choices are lists that a shipped item already shows,
pictures are shipped drawings. Nothing here can imply a health or a family fact: the words must
come out of the screening linter without a finding, and a second person reads them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain import catalogue
from portal.domain.bands import AgeRange
from portal.domain.catalogue import CatalogueItem
from portal.domain.errors import Invalid
from portal.domain.screening import Gazetteer, advice, screen
from portal.domain.sizes import SizeKind

#: Shipped codes are two letters and two digits; an own one can never be taken for one.
OWN_CODE = re.compile(r"ZB[0-9a-f]{16}")
YOUNGEST, OLDEST = 3, 17
#: An own item is made for at least so many years of age: a narrow one points at few children.
_NARROWEST = 3
_NAME_LENGTH, _WORDS_LENGTH = 20, 60
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,2}")
#: Categories that name a diagnosis or a family fact stay with the shipped items.
CATEGORIES: tuple[str, ...] = tuple(
    one for one in catalogue.CATEGORIES if one not in ("康复训练", "亲情连线")
)


@dataclass(frozen=True, slots=True)
class OwnItem:
    """An own item as the form gives it. Cost in 分; ages inclusive."""

    name: str
    unit: str
    category: str
    need: str
    illustration: str
    cost_fen: int
    words: str = ""
    choices_of: str = ""
    size_kind: str = ""
    needs_sex: bool = False
    youngest: int = YOUNGEST
    oldest: int = OLDEST
    is_service: bool = False


def new_code() -> str:
    """Return a code that no item has."""
    return f"ZB{secrets.token_hex(8)}"


def choice_lists() -> dict[str, tuple[str, ...]]:
    """Return the lists of choices that shipped cards show, by the code of one item that has it."""
    found: dict[tuple[str, ...], str] = {}
    for one in catalogue.faces():
        if one.choices and one.spec_public:
            found.setdefault(one.choices, one.code)
    return {code: choices for choices, code in found.items()}


def illustrations() -> tuple[str, ...]:
    """Return the drawings an own item may use."""
    return tuple(sorted({one.illustration for one in catalogue.faces()}))


def check(item: OwnItem, gazetteer: Gazetteer, cap_fen: int) -> None:
    """Raise Invalid with a sentence beside each field that cannot stand."""
    problems = _lists(item) | _span(item, cap_fen) | _words(item, gazetteer)
    if problems:
        raise Invalid("还没有提交，改好后请再试一次", problems)


def fields(item: OwnItem) -> dict[str, Any]:
    """Return what is stored of an item, in the names of the shipped file's fields."""
    return {
        "category": item.category,
        "need": item.need,
        "name": item.name.strip(),
        "unit": item.unit.strip(),
        "words": item.words.split(),
        "size_kind": item.size_kind,
        "choices": list(choice_lists().get(item.choices_of, ())),
        "needs_sex": item.needs_sex,
        "ages": [item.youngest, item.oldest],
        "cost_fen": item.cost_fen,
        "is_service": item.is_service,
        "illustration": item.illustration,
    }


def read(code: str, stored: Mapping[str, Any]) -> CatalogueItem:
    """Return the catalogue item that ``fields`` stored; it has a face of its own."""
    low, high = stored["ages"]
    return CatalogueItem(
        code=code,
        category=stored["category"],
        need=stored["need"],
        name=stored["name"],
        public_name=stored["name"],
        unit=stored["unit"],
        words=tuple(stored["words"]),
        size_kind=SizeKind(stored["size_kind"]) if stored["size_kind"] else None,
        choices=tuple(stored["choices"]),
        spec_public=True,
        needs_sex=stored["needs_sex"],
        ages=AgeRange(low, high),
        cost_fen=stored["cost_fen"],
        is_service=stored["is_service"],
        implies="",
        public_as="",
        illustration=stored["illustration"],
    )


def _lists(item: OwnItem) -> dict[str, str]:
    known = {
        "category": (item.category, CATEGORIES),
        "need": (item.need, catalogue.NEEDS),
        "illustration": (item.illustration, illustrations()),
        "choices_of": (item.choices_of, ("", *choice_lists())),
        "size_kind": (item.size_kind, ("", *SizeKind)),
    }
    return {
        name: "请从列表中选择" for name, (value, values) in known.items() if value not in values
    }


def _span(item: OwnItem, cap_fen: int) -> dict[str, str]:
    problems = {}
    if not YOUNGEST <= item.youngest <= item.oldest <= OLDEST:
        problems["youngest"] = "年龄要在3到17岁之间，从小到大"
    elif item.oldest - item.youngest + 1 < _NARROWEST:
        problems["oldest"] = "年龄范围至少三岁，太窄会让人猜到是哪个孩子"
    if not 0 <= item.cost_fen <= cap_fen:
        problems["cost"] = "常用费用不能超过本局的上限"
    if item.cost_fen == 0 and not item.is_service:
        problems["cost"] = "物品请填写常用费用；只有服务可以是0元"
    return problems


def _words(item: OwnItem, gazetteer: Gazetteer) -> dict[str, str]:
    problems = {}
    if not item.name.strip() or len(item.name.strip()) > _NAME_LENGTH:
        problems["name"] = "请用20个字以内写出物品名"
    if len(item.words) > _WORDS_LENGTH:
        problems["words"] = "搜索用词最多60个字"
    if not _UNIT.fullmatch(item.unit.strip()):
        problems["unit"] = "请填写一两个字的量词，如“个”“套”"
    for name, text in (("name", item.name), ("words", item.words)):
        found = screen(text, gazetteer=gazetteer).findings
        if found:
            matter, suggestion = advice(found[0])
            said = matter.template.format(**matter.params)
            problems[name] = f"{said}；{suggestion.template}"
    return problems
