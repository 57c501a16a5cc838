"""Patterns for a birth date on file, in digits and in Chinese numerals."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_CHINESE = (
    "[零〇洞○]", "[一壹幺]", "[二贰两]", "[三叁]", "[四肆]",
    "[五伍]", "[六陆]", "[七柒]", "[八捌]", "[九玖]",
)  # fmt: skip


def born_on(day: date) -> re.Pattern[str]:
    """Return a pattern for a birth date in digits."""
    sep = r"[^\d\n]{0,3}"
    year = rf"(?:{day.year}|{day.year % 100:02d})"
    return re.compile(
        rf"(?<!\d){year}{sep}0?{day.month}{sep}0?{day.day}(?!\d)(?:日|号)?"
        rf"|(?<!\d)0?{day.month}月{day.day}[日号](?=.{{0,4}}(?:生日|出生|生的))"
        rf"|(?:生日|出生).{{0,4}}?(?<!\d)0?{day.month}月{day.day}[日号]"
    )


def _in_words(number: int) -> str:
    """Return a pattern for a number below 40 in Chinese (十五, 廿五, 二十五, 卅)."""
    ten, one = divmod(number, 10)
    if ten in (2, 3):
        lead = {2: "(?:[二贰][十拾]|廿|卄)", 3: "(?:[三叁][十拾]|卅)"}[ten]
    else:
        lead = "[一壹]?[十拾]" if ten else "[零〇初]?"
    return lead + (_CHINESE[one] if one else "")


@lru_cache(maxsize=4096)
def born_in_words(day: date) -> re.Pattern[str]:
    """Return a pattern for a birth date in Chinese numerals, wholly or beside digits."""
    century = "".join(_CHINESE[int(sign)] for sign in f"{day.year // 100:02d}")
    short = "".join(_CHINESE[int(sign)] for sign in f"{day.year % 100:02d}")
    year = rf"(?:(?:{century})?{short}|(?:{day.year // 100})?{day.year % 100:02d})"
    month = rf"(?:(?<![十拾]){_in_words(day.month)}|(?<!\d)0?{day.month})"
    number = rf"(?:{_in_words(day.day)}|0?{day.day})(?![一二三四五六七八九十\d])"
    return re.compile(
        rf"{year}年?{month}月{number}[日号]?"
        rf"|{month}月{number}(?=[日号]?.{{0,4}}(?:生日|出生|生的|生$|日生|号生))"
        rf"|(?:生日|出生).{{0,4}}?{month}月{number}"
    )
