"""How people type form 1, and what is meant: one reading function per column.

Each returns ``Parsed``: the value, a note when something was changed on the way, a fault when
nothing can be made of it. Nothing is changed without a note (invariant 7).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from portal.domain.identity import Sex
from portal.domain.ledger import (
    CATEGORY_WORDS,
    SERVICE_SEPARATOR,
    SERVICE_WORDS,
    Category,
    Cell,
    Message,
    ServiceType,
    message,
)

T = TypeVar("T")


class Parsed(NamedTuple, Generic[T]):
    """A value with what has to be said about it."""

    value: T
    note: Message | None = None
    fault: Message | None = None


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\ufeff]")
_SPACE = re.compile(r"\s+")
_DIRTY_WORD = re.compile(r"[\s\u0000-\u001f\u00ad\u200b-\u200f\uff01-\uff5e\ufeff•・‧∙]")
_DOTS = str.maketrans("•・‧∙", "····")
_BETWEEN_HAN = re.compile(r"(?<=[\u2e80-\U0003ffff·])\s+(?=[\u2e80-\U0003ffff·])")
_FORMULA = re.compile(r"^[\s\u0000-\u001f\ufeff]*[=+\-@＝＋－＠]")
# The everyday case: Han characters, letters, digits and full stops, with nothing to tidy.
_CLEAN_TEXT = re.compile(r"[\u4e00-\u9fffA-Za-z0-9、。,;:“”()]*")
LONGEST_WORD = 60
LONGEST_TEXT = 2000

_TIDIED = message("tidied", "去掉了多余的空格或全角字符")


def text_of(cell: Cell) -> str:
    """Return a cell as people see it; whole numbers lose their ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def squeeze(text: str) -> str:
    """Make full-width characters half-width and drop every space and invisible character."""
    return _SPACE.sub("", _INVISIBLE.sub("", text.translate(_HALF_WIDTH)))


def _half(text: str) -> str:
    return text.translate(_HALF_WIDTH)


def read_word(cell: Cell) -> Parsed[str]:
    """Read a short text such as a name: no odd spaces, one kind of middle dot."""
    text = cell if isinstance(cell, str) else text_of(cell)
    if len(text) <= LONGEST_WORD and not _DIRTY_WORD.search(text):
        return Parsed(text)
    clean = _INVISIBLE.sub("", text.translate(_HALF_WIDTH).translate(_DOTS)).strip()
    clean = _SPACE.sub(" ", _BETWEEN_HAN.sub("", clean))
    return Parsed(
        clean, _TIDIED if clean and clean != text else None, _too_long(clean, LONGEST_WORD)
    )


def read_text(cell: Cell) -> Parsed[str]:
    """Read free text: keep it as typed but for its edges; a formula stays a text."""
    text = text_of(cell)
    if len(text) <= LONGEST_TEXT and _CLEAN_TEXT.fullmatch(text):
        return Parsed(text)
    clean = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _FORMULA.match(clean):
        note = message("formula.kept", "看起来像公式，已按文字保存，不会计算")
        return Parsed(clean, note, _too_long(clean, LONGEST_TEXT))
    return Parsed(clean, _TIDIED if clean != text else None, _too_long(clean, LONGEST_TEXT))


def _too_long(text: str, longest: int) -> Message | None:
    if len(text) <= longest:
        return None
    return message("too_long", "太长了，最多 {count} 个字", count=longest)


_SEX_WORDS = {"男": Sex.MALE, "女": Sex.FEMALE}
_SEX_ALIASES = {
    "男性": Sex.MALE,
    "男孩": Sex.MALE,
    "男童": Sex.MALE,
    "女性": Sex.FEMALE,
    "女孩": Sex.FEMALE,
    "女童": Sex.FEMALE,
}


def read_sex(cell: Cell) -> Parsed[Sex | None]:
    """Read 男 or 女 and the usual ways to write them; an empty cell is ``None``."""
    text = text_of(cell)
    exact = _SEX_WORDS.get(text)
    if exact:
        return Parsed(exact)
    word = squeeze(text)
    if not word:
        return Parsed(None)
    sex = _SEX_WORDS.get(word) or _SEX_ALIASES.get(word)
    if sex is None:
        return Parsed(None, fault=message("sex.unknown", "性别只能填“男”或“女”"))
    return Parsed(sex, message("sex.read_as", "读作“{word}”", word=sex.word))


_CATEGORIES = {word: category for category, word in CATEGORY_WORDS.items()}
_CATEGORY_ALIASES = {
    "社会散居孤儿": Category.SCATTERED_ORPHAN,
    "散居孤儿": Category.SCATTERED_ORPHAN,
    "孤儿儿童": Category.SCATTERED_ORPHAN,
    "事实无人抚养": Category.DE_FACTO_UNATTENDED,
    "事实无人抚养的儿童": Category.DE_FACTO_UNATTENDED,
    "事实孤儿": Category.DE_FACTO_UNATTENDED,
    "孤独症": Category.AUTISM,
    "自闭症": Category.AUTISM,
    "自闭症儿童": Category.AUTISM,
    "其它困境儿童": Category.OTHER,
    "其他困境": Category.OTHER,
    "困境儿童": Category.OTHER,
}
_LIST_SEPARATORS = re.compile(r"[、,;/|\n\r+&]+")


def read_category(cell: Cell) -> Parsed[Category | None]:
    """Read the category; of several the first in the order of the form counts (D-5)."""
    text = text_of(cell)
    exact = _CATEGORIES.get(text)
    if exact:
        return Parsed(exact)
    words = [squeeze(word) for word in _LIST_SEPARATORS.split(_half(text)) if word.strip()]
    if not words:
        return Parsed(None, fault=message("category.missing", "没有填写类别"))
    found = {_CATEGORIES.get(word) or _CATEGORY_ALIASES.get(word) for word in words}
    if None in found:
        choices = SERVICE_SEPARATOR.join(CATEGORY_WORDS.values())
        fault = message("category.unknown", "不在四个类别之内，应为：{choices}", choices=choices)
        return Parsed(None, fault=fault)
    primary = next(category for category in Category if category in found)
    if len(found) > 1:
        text_ = "一名儿童只计一个主要类别，取“{word}”"
        return Parsed(primary, message("category.primary", text_, word=primary.word))
    return Parsed(primary, message("category.read_as", "读作“{word}”", word=primary.word))


_SERVICES = {word: service for service, word in SERVICE_WORDS.items()}
_SERVICE_ALIASES = {
    "探访": ServiceType.VISITING_CARE,
    "探访关爱服务": ServiceType.VISITING_CARE,
    "结对": ServiceType.PAIRING,
    "结对子": ServiceType.PAIRING,
    "结对关爱": ServiceType.PAIRING,
    "心理辅导": ServiceType.COUNSELLING,
    "心理关爱": ServiceType.COUNSELLING,
    "暑期关爱": ServiceType.HOLIDAY_CARE,
    "寒暑假关爱": ServiceType.HOLIDAY_CARE,
    "法律援助": ServiceType.JUDICIAL_AID,
    "助学": ServiceType.STUDY_SUPPORT,
    "微心愿": ServiceType.MICRO_WISH,
    "实施微心愿": ServiceType.MICRO_WISH,
    "其他": ServiceType.OTHER,
    "其它": ServiceType.OTHER,
    "其它服务": ServiceType.OTHER,
}
_QUOTES = re.compile(r"[“”\"'‘’「」『』《》〝〞]")


_LONGEST_FIRST = sorted(
    {_QUOTES.sub("", word) for word in (*_SERVICES, *_SERVICE_ALIASES)}, key=len, reverse=True
)


def read_services(cell: Cell) -> Parsed[tuple[ServiceType, ...]]:
    """Read the list of services in the order typed; each counts once."""
    text = text_of(cell)
    words = [word.strip() for word in _LIST_SEPARATORS.split(_half(text)) if word.strip()]
    if not words:
        return Parsed((), message("services.empty", "服务内容空着，请尽快补上"))
    services: list[ServiceType] = []
    for word in words:
        for service in _services_in(word):
            if service is None:
                return Parsed((), fault=_unknown_service(word))
            if service not in services:
                services.append(service)
    joined = SERVICE_SEPARATOR.join(service.word for service in services)
    note = message("services.read_as", "读作“{words}”", words=joined) if joined != text else None
    return Parsed(tuple(services), note)


def _services_in(word: str) -> list[ServiceType | None]:
    """Return what one word means; a space may stand inside a word or between two."""
    whole = _service(word)
    if whole:
        return [whole]
    rest, found = _QUOTES.sub("", squeeze(word)), list[ServiceType | None]()
    while rest:
        head = next((known for known in _LONGEST_FIRST if rest.startswith(known)), "")
        if not head:
            return [None]
        found.append(_service(head))
        rest = rest[len(head) :]
    return found


def _service(word: str) -> ServiceType | None:
    bare = _QUOTES.sub("", squeeze(word))
    return _SERVICES.get(word) or _SERVICES.get(bare) or _SERVICE_ALIASES.get(bare)


def _unknown_service(word: str) -> Message:
    choices = SERVICE_SEPARATOR.join(SERVICE_WORDS.values())
    text = "“{word}”不在九项服务之内，应为：{choices}"
    return message("services.unknown", text, word=word, choices=choices)


class BirthMonth(NamedTuple):
    """A year with the months it may mean (``2015.1`` may be October), and a day if given."""

    year: int
    months: tuple[int, ...]
    day: int | None = None


_BIRTH_EXACT = re.compile(r"(\d{4})年(\d{2})月")
_BIRTH_PARTS = re.compile(
    r"(\d{4})[年./\-_、。,](\d{1,2})(?:月|(?:[月./\-_、。,](\d{1,2})[日号]?))?"
)
_BIRTH_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIALS = range(20000, 80000)
_SERIAL_ZERO = date(1899, 12, 30)
_TEN = 10
_MONTHS = range(1, 13)


def read_birth(cell: Cell) -> Parsed[BirthMonth | None]:
    """Read the month of birth however it was typed; an empty cell is ``None``."""
    if isinstance(cell, (datetime, date)):
        birth = BirthMonth(cell.year, (cell.month,), cell.day if cell.day > 1 else None)
        return Parsed(birth, _birth_note(birth))
    text = text_of(cell)
    exact = _BIRTH_EXACT.fullmatch(text)
    if exact and int(exact[2]) in _MONTHS:
        return Parsed(BirthMonth(int(exact[1]), (int(exact[2]),)))
    word = squeeze(text)
    if not word:
        return Parsed(None)
    found = _birth_in(word)
    if found is None:
        fault = message("birth.unreadable", "看不出是哪年哪月，应写成 2015年06月")
        return Parsed(None, fault=fault)
    return Parsed(found, _birth_note(found))


def _birth_in(word: str) -> BirthMonth | None:
    if word.isdigit() and int(word) in _SERIALS:
        day = _SERIAL_ZERO + timedelta(days=int(word))
        return BirthMonth(day.year, (day.month,))
    found = _BIRTH_PARTS.fullmatch(word) or _BIRTH_DIGITS.fullmatch(word)
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    if month not in _MONTHS:
        return None
    if re.fullmatch(r"\d{4}\.1", word):
        # A spreadsheet that took 2015.10 for a number shows 2015.1; the ID number decides.
        return BirthMonth(year, (1, _TEN))
    return BirthMonth(year, (month,), int(found[3]) if found[3] else None)


def _birth_note(birth: BirthMonth) -> Message:
    shown = "或".join(f"{birth.year}年{month:02d}月" for month in birth.months)
    return message("birth.read_as", "读作“{shown}”", shown=shown)
