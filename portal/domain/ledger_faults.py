"""The sentences of the ledger check that take more than one look at a cell."""

from __future__ import annotations

import re

from portal.domain.identity import IdNumber, Sex
from portal.domain.ledger import Cell, Message, RawRow, RegionMatch, ResolveRegion, Weight, message
from portal.domain.ledger_normalise import BirthMonth, Parsed, squeeze, text_of

_NO_MATCH = RegionMatch()
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_PHONE_LIST = re.compile(r"[、,;/|\s]+")
_SPACED_DIGITS = re.compile(r"(?<=\d)[\s\-](?=\d)")
_LONGEST_PHONE = 12
_MOBILE_LENGTH = 11
_MOST_NAMED = 5


def is_plain_mobile(text: str, *, fictitious: bool) -> bool:
    """Recognise the everyday mobile number fast: eleven plain digits."""
    return (
        len(text) == _MOBILE_LENGTH
        and text.isascii()
        and text.isdigit()
        and text[0] == "1"
        and (text[1] in "3456789" or (fictitious and text[1] == "2"))
    )


def phones_in(text: str) -> list[str]:
    """Return the numbers of one cell, closing the gaps inside a number (138 0013 8000)."""
    half = text.translate({0xFF0C: ",", 0xFF1B: ";", 0x3000: " "})
    closed = _SPACED_DIGITS.sub("", half)
    one_number = len(closed) <= _LONGEST_PHONE or not closed.isdigit()
    return [squeeze(part) for part in _PHONE_LIST.split(closed if one_number else half) if part]


def phone_note(phone: str, others: list[str]) -> Message:
    """Say how a telephone cell was read, and which further numbers were left out."""
    if others:
        text = "只记一个号码：取“{phone}”，没有读入：{others}"
        return message("phone.first_of", text, phone=phone, others="、".join(others))
    return message("phone.read_as", "读作“{phone}”", phone=phone)


def id_cell_fault(cell: Cell, number: str) -> Message | None:
    """Refuse an empty ID cell and one typed as a number, whose last digits are lost."""
    if isinstance(cell, (int, float)) or _SCIENTIFIC.fullmatch(number):
        text = "号码按数字存放，最后几位已经丢失；请把单元格设为文本，对照证件重新填写"
        return message("id.typed_as_number", text)
    if not number:
        return message("id.missing", "没有填写公民身份证号码")
    return None


def sex_against(identity: IdNumber, typed: Sex | None, cell: Cell) -> tuple[Weight, Message] | None:
    """Compare the typed sex with the ID number's; an empty cell is filled from the number."""
    word = identity.sex.word
    if typed is not None:
        text = "与身份证号码不符：按号码应为“{word}”"
        return Weight.FAULT, message("sex.contradicts_id", text, word=word)
    if text_of(cell).strip():
        return None
    return Weight.NOTE, message("sex.filled", "空着，按身份证号码补为“{word}”", word=word)


def birth_against(
    identity: IdNumber, typed: BirthMonth | None, cell: Cell
) -> tuple[Weight, Message] | None:
    """Compare the typed month with the ID number's; an empty cell is filled from the number."""
    birth = identity.birth
    if typed is None:
        if text_of(cell).strip():
            return None
        text = "空着，按身份证号码补为“{shown}”"
        return Weight.NOTE, message("birth.filled", text, shown=f"{birth:%Y年%m月}")
    if typed.year != birth.year or birth.month not in typed.months:
        text = "与身份证号码不符：按号码应为“{shown}”"
        return Weight.FAULT, message("birth.contradicts_id", text, shown=f"{birth:%Y年%m月}")
    if typed.day is not None and typed.day != birth.day:
        text = "日与身份证号码不同，以号码上的 {day} 日为准"
        return Weight.NOTE, message("birth.day_differs", text, day=birth.day)
    return None


def read_region(resolve: ResolveRegion, cell: Cell) -> Parsed[RegionMatch]:
    """Read a region cell with the bureau's resolver."""
    text = text_of(cell)
    if not squeeze(text):
        return Parsed(_NO_MATCH, fault=message("region.missing", "没有填写地区"))
    match = resolve(text)
    return Parsed(match, _region_note(match, text), _region_fault(match))


def _region_note(match: RegionMatch, text: str) -> Message | None:
    """Say how a region was read when it was not typed in full."""
    if match.rest:
        said = "读作“{name}”；“{rest}”没有读入"
        return message("region.rest", said, name=match.text, rest=match.rest)
    if match.code and match.text != text:
        return message("region.read_as", "读作“{name}”", name=match.text)
    return None


def _region_fault(match: RegionMatch) -> Message | None:
    """Say why a region text names no unit that a child can belong to."""
    if match.code and not match.too_coarse:
        return None
    if match.too_coarse:
        return message("region.too_coarse", "请至少写到乡镇（街道），最好写到村（居）")
    if match.outside:
        return message("region.outside", "不在{bureau}的辖区之内", bureau=match.text)
    if match.candidates:
        names = "、".join(match.candidates)
        return message("region.ambiguous", "不能确定是哪一处，可能是：{names}", names=names)
    return message("region.unknown", "在行政区划里找不到这个地方")


def duplicate_fault(row: RawRow, owner: RawRow | None, others: list[RawRow]) -> Message:
    """Say which other rows carry the same ID number, and whose it is if that is clear."""
    if owner is not None:
        text = "与{place}的号码相同；那一行的性别和出生年月与号码相符，这一行不符"
        return message("id.duplicate", text, place=_place(owner, row))
    places = "、".join(_place(other, row) for other in others[:_MOST_NAMED])
    text = "与{place}的号码相同，分不清号码属于谁；请核对后只留一行"
    return message("id.duplicate_unclear", text, place=places)


def _place(other: RawRow, seen_from: RawRow) -> str:
    sheet = "" if other.sheet == seen_from.sheet else f"工作表“{other.sheet}”"
    return f"{sheet}第 {other.number} 行"
