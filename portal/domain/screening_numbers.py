"""Finding telephone, identity and account numbers, however their digits are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from portal.domain.screening_spans import Finding, Texts
from portal.domain.screening_words import ENGLISH_DIGITS, PINYIN_DIGITS, Kind, Severity

if TYPE_CHECKING:
    from portal.domain.screening_names import KnownFacts

#: Up to four signs that are neither letter nor digit may stand between the digits of one number,
#: and a letter that looks like a digit may stand for it.
_GAP = r"[\W_]{0,4}"
_RUN = re.compile(rf"(?<![a-z])[\doil](?:{_GAP}[\doil]){{6,}}(?:{_GAP}x)?")
_TALKED = re.compile(
    r"(?:电话|手机|短号|号码|联系|拨打|打给|tel|phone|call)[^\d\n]{0,6}(\d(?:[^\w]{0,2}\d){2,})"
)
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}\s?[-./年]\s?(?:0?[1-9]|1[0-2])\s?[-./月]\s?(?:[12]\d|3[01]|0?[1-9])(?!\d)日?"
)
_TIME = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])")
_MEASURE = re.compile(
    r"(?<![\d*x×])\d{1,4}(?:\s?[*x×]\s?\d{1,4}){1,2}\s?(?=cm|mm|厘米|毫米|公分|m\b|米)"
)
_SPOKEN = re.compile(
    rf"(?:(?:{'|'.join(PINYIN_DIGITS)})[^a-z]{{0,3}}){{7,}}"
    rf"|(?:(?:{'|'.join(ENGLISH_DIGITS)})[^a-z]{{0,3}}){{7,}}"
)
_LOOKALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})
_FEWEST_REAL_DIGITS = 7


def find_numbers(texts: Texts, facts: KnownFacts) -> Iterator[Finding]:
    """Yield every number that could be a telephone, an identity card or an account."""
    view = texts.digits
    searched = view.text
    for harmless in (_TIME, _MEASURE):
        searched = harmless.sub(lambda match: "字" * len(match.group()), searched)
    for match in _DATE.finditer(searched):
        yield texts.mark(Kind.BIRTH_DATE, view, *match.span(), Severity.WARN)
    searched = _DATE.sub(lambda match: "字" * len(match.group()), searched)
    for match in _RUN.finditer(searched):
        plain = _plain(match.group())
        if sum(sign.isdigit() for sign in match.group()) >= _FEWEST_REAL_DIGITS:
            yield texts.mark(_kind(plain), view, *match.span())
    yield from texts.each(Kind.PHONE, view, _TALKED)
    yield from texts.each(Kind.PHONE, texts.folded, _SPOKEN)
    for kind, numbers in ((Kind.PHONE, facts.phones), (Kind.ID_NUMBER, facts.id_numbers)):
        for number in filter(None, numbers):
            pattern = _GAP.join(re.escape(sign) for sign in number.casefold() if sign.isalnum())
            yield from texts.each(kind, view, re.compile(pattern))


def _plain(run: str) -> str:
    return "".join(sign for sign in run.translate(_LOOKALIKE) if sign.isdigit() or sign == "x")


#: The shape of a run of digits → what it is; the first that matches counts.
_SHAPES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dx]|\d{14}|\d{15}"),
        Kind.ID_NUMBER,
    ),
    (re.compile(r"(?:86)?1[2-9]\d{9}|0\d{9,11}|[48]00\d{7}|\d{7,8}"), Kind.PHONE),
    (re.compile(r"\d{16,19}"), Kind.BANK),
    (re.compile(r"\d*1[2-9]\d{9}\d*"), Kind.PHONE),
)


def _kind(plain: str) -> Kind:
    return next((kind for shape, kind in _SHAPES if shape.fullmatch(plain)), Kind.NUMBER)
