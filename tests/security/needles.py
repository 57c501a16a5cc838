"""Looking for many known facts in many bytes, however they are written there."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from urllib.parse import unquote_to_bytes

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
_BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-_.·,，、]+")

#: An id of chance (UUID 4 or 7): once in some runs its digits are somebody's birthday.
_RANDOM = re.compile(rb"\b[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")


class Needles:
    """Facts by their first two characters, so that one pass over a text asks for all of them."""

    def __init__(self, facts: Iterable[tuple[str, str]]) -> None:
        self._kinds = {fact: kind for kind, fact in facts}
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for fact in self._kinds:
            self._by_start[fact[:2]].append(fact)
        self._seen: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._kinds)

    def found(self, body: bytes) -> set[tuple[str, str]]:
        """Return (kind, fact) for every fact in a body; lines met before are not read again."""
        hits: set[tuple[str, str]] = set()
        for line in body.split(b"\n"):
            if line in self._seen:
                continue
            self._seen.add(line)
            for text in views(_RANDOM.sub(b"~", line)):
                hits.update(self._in(text))
        return hits

    def _in(self, text: str) -> Iterator[tuple[str, str]]:
        starts = self._by_start
        for at, pair in enumerate(map("".join, pairwise(text))):
            for fact in starts.get(pair, ()):
                if text.startswith(fact, at):
                    yield self._kinds[fact], fact


def views(line: bytes) -> set[str]:
    """Return a line in every way in which it might be meant."""
    found = {line.decode("utf-8", "ignore"), line.decode("gb18030", "ignore")}
    if not line.isascii():
        found |= {line[at:].decode(code, "ignore") for code in ("utf-16-le", "utf-16-be") for at in (0, 1)}  # fmt: skip
    if b"%" in line:
        raw = unquote_to_bytes(line)
        found |= {raw.decode("utf-8", "ignore"), raw.decode("gb18030", "ignore")}
    found |= set(_packed(line))
    found |= {html.unescape(text) for text in found if "&" in text}
    found |= {_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) for text in found if "\\u" in text}
    # What somebody spaced out or wrote in full width is still there.
    return found | {_BETWEEN.sub("", unicodedata.normalize("NFKC", text)) for text in found}


def _packed(line: bytes) -> Iterator[str]:
    for token in _BASE64.findall(line):
        for at in range(4):
            piece = token[at:].translate(bytes.maketrans(b"-_", b"+/"))
            whole = piece[:-1] if len(piece) % 4 == 1 else piece
            raw = base64.b64decode(whole + b"=" * (-len(whole) % 4))
            yield raw.decode("utf-8", "ignore")
    for token in _HEX.findall(line):
        try:
            yield binascii.unhexlify(token).decode("utf-8", "ignore")
        except binascii.Error:
            continue


def ways_of_a_day(day: date) -> set[str]:
    """Return a date as people and programs write it, to the day and to the month."""
    return {
        day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y年%m月%d日}", f"{day:%Y年%m月}",
        f"{day.year}年{day.month}月", f"{day.year}-{day.month}-{day.day}",
    }  # fmt: skip
