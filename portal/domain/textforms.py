"""Views of a text with the tricks taken out, each character traced back to where it stood.

People hide numbers and names with spaces, zero-width characters, full-width or Chinese digits and
emoji. The linter looks at these views and marks its findings in the text as typed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: Characters that carry no meaning of their own: format, marks, controls, surrogates, unassigned.
_INVISIBLE = {"Cf", "Mn", "Me", "Cc", "Cs", "Co", "Cn"}
_VISIBLE_SPACE = {"\n", "\t", "\r"}
_FILLERS = {"\u3164", "\u115f", "\u1160", "\uffa0", "\u2800"}
#: Spoken and written numerals, the radio words (洞幺两拐勾) and financial forms included.
_NUMERALS: dict[str, str] = {
    sign: str(value)
    for value, signs in enumerate(
        [
            "零〇洞○",
            "一壹幺妖弌",
            "二贰两俩贰弍",
            "三叁仨弎",
            "四肆",
            "五伍",
            "六陆",
            "七柒拐",
            "八捌",
            "九玖勾",
        ]
    )
    for sign in signs
}


@dataclass(frozen=True, slots=True)
class View:
    """A transformed text; ``origin[i]`` is the index in the typed text of character ``i``."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the typed text that a span of this view came from."""
        return self.origin[start], self.origin[end - 1] + 1


def holds_han(text: str) -> bool:
    """Tell words from codes and ids: whether a text holds a Chinese character."""
    return any("\u3400" <= sign <= "\u9fff" for sign in text)


def folded(text: str) -> View:
    """Return the text in half-width lower case without invisible characters; spaces remain."""
    return _view(text, _fold)


def compact(text: str) -> View:
    """Return letters, digits and Chinese characters only: nothing stands between them."""
    return _view(text, _fold_word)


def digits(text: str) -> View:
    """Return the folded text with every kind of digit written 0–9; same places as ``folded``."""
    return _view(text, _fold_digit)


def latin(text: str) -> View:
    """Return the Latin letters only, without tone marks (``Lín Xiǎo-yǔ`` → ``linxiaoyu``)."""
    return _view(text, _fold_latin)


def _view(text: str, fold: object) -> View:
    out: list[str] = []
    origin: list[int] = []
    for index, sign in enumerate(text):
        for folded_sign in fold(sign):  # type: ignore[operator]
            out.append(folded_sign)
            origin.append(index)
    return View("".join(out), tuple(origin))


@lru_cache(maxsize=20_000)
def _fold(sign: str) -> str:
    if sign in _VISIBLE_SPACE:
        return " "
    if sign in _FILLERS or unicodedata.category(sign) in _INVISIBLE:
        return ""
    if sign == "\U0001f51f":
        return "10"
    plain = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(part for part in plain if unicodedata.category(part) not in _INVISIBLE)


@lru_cache(maxsize=20_000)
def _fold_word(sign: str) -> str:
    return "".join(part for part in _fold(sign) if part.isalnum())


@lru_cache(maxsize=20_000)
def _fold_digit(sign: str) -> str:
    return "".join(_digit(part) for part in _fold(sign))


@lru_cache(maxsize=20_000)
def _fold_latin(sign: str) -> str:
    plain = unicodedata.normalize("NFKD", _fold(sign))
    return "".join(part for part in plain if "a" <= part <= "z")


def _digit(sign: str) -> str:
    if sign in _NUMERALS:
        return _NUMERALS[sign]
    value = unicodedata.numeric(sign, -1.0)
    single = value in range(10) and not unicodedata.category(sign).startswith("L")
    return str(int(value)) if single else sign
