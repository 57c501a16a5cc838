"""Finding people, schools and places: those on file surely, strangers' as well as patterns can."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin

from portal.domain import textforms
from portal.domain.masking import COMPOUND_SURNAMES
from portal.domain.screening_dates import born_in_words, born_on
from portal.domain.screening_spans import Finding, Texts
from portal.domain.screening_words import (
    PLACE_EXEMPT,
    SCHOOL_STOP,
    SCHOOL_WORDS,
    SURNAMES,
    TITLES,
    Kind,
    Severity,
)

_HAN = "\u4e00-\u9fff"
_TWO, _THREE = 2, 3
#: Shorter spellings of a place stand in too many words.
_FEWEST_LETTERS = 7
_PLACE_SIGNS = frozenset("村镇乡县区市道委会")


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is on file about this child and the people around: each must never be public."""

    names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    id_numbers: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()


def find_facts(texts: Texts, facts: KnownFacts) -> Iterator[Finding]:
    """Yield names, schools, places, addresses and birth dates that are on file."""
    for name in filter(None, (*facts.names, *facts.other_names)):
        yield from _named(texts, _plain(name))
    for kind, values, forms in (
        (Kind.SCHOOL, facts.schools, _school_forms),
        (Kind.PLACE, facts.places, _place_forms),
        (Kind.ADDRESS, facts.addresses, _address_pieces),
    ):
        for form in {form for value in filter(None, values) for form in forms(_plain(value))}:
            yield from texts.word(kind, texts.compact, form)
    for born in facts.birth_dates:
        yield from texts.each(Kind.BIRTH_DATE, texts.digits, born_on(born))
        yield from texts.each(Kind.BIRTH_DATE, texts.compact, born_in_words(born))
    for surname in {_surname(_plain(name)) for name in facts.names if name}:
        yield from texts.word(Kind.NICKNAME, texts.compact, f"我姓{surname}", Severity.WARN)


def _plain(value: str) -> str:
    return textforms.compact(value).text


def _named(texts: Texts, name: str) -> Iterator[Finding]:
    """Yield a name in full, its given part, usual pet names, pinyin and homophones."""
    yield from texts.word(Kind.NAME, texts.compact, name)
    if len(name) >= _THREE:
        yield from texts.word(Kind.NAME, texts.compact, name[::-1])
        yield from texts.word(Kind.NAME, texts.compact, _given(name) + _surname(name))
    given = _given(name)
    if len(given) >= _TWO:
        yield from texts.word(Kind.NAME, texts.compact, given)
    last = given[-1:]
    for pet in (f"小{last}", f"阿{last}", last * 2, f"{last}{last}儿", f"{last}儿", f"{last}仔"):
        if last:
            yield from texts.word(Kind.NICKNAME, texts.compact, pet, Severity.WARN)
    if texts.latin.text:
        for spelt in _spellings(name):
            yield from texts.word(Kind.NAME, texts.latin, spelt)
    if len(name) >= _THREE:
        yield from _homophones(texts, name)


def _given(name: str) -> str:
    family = _TWO if name[:_TWO] in COMPOUND_SURNAMES and len(name) > _TWO else 1
    return name[family:]


def _surname(name: str) -> str:
    return name[: len(name) - len(_given(name))]


@lru_cache(maxsize=4096)
def _spellings(name: str) -> tuple[str, ...]:
    """Return the name in pinyin, given part alone if long enough; a surname may sound two ways."""
    readings = pinyin(name[0], style=Style.NORMAL, heteronym=True)[0]
    rest = lazy_pinyin(name[1:])
    given = "".join(lazy_pinyin(_given(name)))
    orders = [one + "".join(rest) for one in readings]
    orders += ["".join(rest) + one for one in readings]
    long_enough = 6
    return tuple(dict.fromkeys([*orders, *([given] if len(given) >= long_enough else [])]))


def _homophones(texts: Texts, name: str) -> Iterator[Finding]:
    """Yield places that sound like the whole name and are written otherwise."""
    view = texts.compact
    if len(view.text) < len(name):
        return
    sounds = [_sound(sign) for sign in view.text]
    for start in range(len(sounds) - len(name) + 1):
        window = view.text[start : start + len(name)]
        pairs = zip(sounds[start : start + len(name)], map(_sound, name), strict=True)
        if window != name and all(one == other for one, other in pairs):
            yield texts.mark(Kind.NICKNAME, view, start, start + len(name), Severity.WARN)


@lru_cache(maxsize=20_000)
def _sound(sign: str) -> str:
    return lazy_pinyin(sign)[0]


_SCHOOL_TAIL = re.compile(
    r"(?:中心|实验|希望|完全|九年制|寄宿制|附属)*(?:" + "|".join(SCHOOL_WORDS) + r")$"
)


def _school_forms(school: str) -> set[str]:
    """Return the school's name and its own part (岭头希望小学 → 岭头希望小学, 岭头)."""
    own = _SCHOOL_TAIL.sub("", re.sub(r"^.*?[省市县区乡镇](?=.{3,})", "", school))
    short = re.sub(r"^.*?[省市县区乡镇](?=.{3,})", "", school)
    return {form for form in (school, short, own) if len(form) >= _TWO}


_PLACE_TAIL = re.compile(
    r"(?:村民委员会|居民委员会|村委会|居委会|社区居委会|社区|街道办事处|街道|新村|村|镇|乡|县|市|区)$"
)


def _bare(place: str) -> str:
    """Return a place name without the word for its kind (岭头村委会 → 岭头)."""
    once = _PLACE_TAIL.sub("", place)
    return once if len(once) >= _TWO else place


def _place_forms(place: str) -> set[str]:
    return {form for form in (place, _bare(place)) if len(form) >= _TWO}


def _address_pieces(address: str) -> set[str]:
    """Return every stretch of five signs of an address: any of them would point there."""
    size = 5
    return {address[at : at + size] for at in range(max(len(address) - size + 1, 0))} or {address}


class Gazetteer:
    """Place names down to the village; build it once per bureau and keep it."""

    def __init__(self, names: Iterable[str]) -> None:
        full: set[str] = set()
        for name in map(_plain, names):
            bare = _bare(name)
            full.add(name)
            if name.endswith(("村委会", "村民委员会")):
                full.add(f"{bare}村")
            elif name.endswith(("居委会", "居民委员会", "社区")):
                full.add(f"{bare}社区")
        self._full = frozenset(name for name in full if len(name) > _TWO)
        self._bare = frozenset(
            bare for bare in map(_bare, full) if len(bare) >= _TWO and bare not in PLACE_EXEMPT
        )
        self._longest = max(map(len, self._full), default=0)
        sounded = {name for name in full if len(name) > _TWO and name not in PLACE_EXEMPT}
        self._sounds = frozenset(tuple(map(_sound, name)) for name in sounded)
        self._lengths = frozenset(map(len, self._sounds))
        self._spelt = frozenset("".join(sounds) for sounds in self._sounds)
        self._spelt_lengths = frozenset(
            len(one) for one in self._spelt if len(one) >= _FEWEST_LETTERS
        )

    def find(self, texts: Texts) -> Iterator[Finding]:
        """Yield place names; a bare name (岭头) only where the sentence speaks of a place."""
        view = texts.compact
        for start in range(len(view.text)):
            for end in range(min(start + self._longest, len(view.text)), start + 1, -1):
                word = view.text[start:end]
                if word in self._full and word not in PLACE_EXEMPT:
                    yield texts.mark(Kind.PLACE, view, start, end)
                    break
                if word in self._bare and _spoken_of_as_place(view.text, start, end):
                    yield texts.mark(Kind.PLACE, view, start, end)
                    break
        yield from self._heard(texts)
        yield from self._romanised(texts)

    def _heard(self, texts: Texts) -> Iterator[Finding]:
        """Yield what sounds like a place and is written otherwise (雪锋镇 for 雪峰镇).

        The last sign must be the word for a place: 城喜村 is heard, 成习惯 is not.
        """
        view = texts.compact
        sounds = [_sound(sign) for sign in view.text]
        for end, sign in enumerate(view.text, start=1):
            if sign not in _PLACE_SIGNS:
                continue
            for size in self._lengths:
                if size <= end and tuple(sounds[end - size : end]) in self._sounds:
                    yield texts.mark(Kind.PLACE, view, end - size, end)

    def _romanised(self, texts: Texts) -> Iterator[Finding]:
        """Yield places spelt in letters (xuefeng zhen), spaced or not."""
        view = texts.latin
        for start in range(len(view.text)):
            for size in self._spelt_lengths:
                if view.text[start : start + size] in self._spelt:
                    yield texts.mark(Kind.PLACE, view, start, min(start + size, len(view.text)))


_BEFORE_PLACE = re.compile(r"(?:住在?|家在|来自|从|回到?|老家在?|我在|位于|送到|寄到)$")
_AFTER_PLACE = re.compile(r"(?:人$|这边|那边|的家|老家|上学|读书|街上|村里|镇上)")


def _spoken_of_as_place(text: str, start: int, end: int) -> bool:
    return bool(
        _BEFORE_PLACE.search(text[max(0, start - 3) : start])
        or _AFTER_PLACE.match(text[end : end + 2])
    )


_TITLED = re.compile(rf"([{SURNAMES}][{_HAN}]{{0,2}}?(?:{'|'.join(TITLES)}))")
_INTRODUCED = re.compile(
    rf"(?:我叫|名叫|叫做|姓名是?|名字是|名字叫|小名叫?|外号叫?)\s?([{_HAN}]{{2,3}})"
    rf"|我是([{SURNAMES}][{_HAN}]{{1,2}})(?![{_HAN}])"
)
_SCHOOL = re.compile(
    rf"([{_HAN}]{{2,8}}?(?:{'|'.join(SCHOOL_WORDS)})|[{_HAN}]{{1,4}}[一二三四五六七八九十]中(?![{_HAN}]))"
)
_CLASS = re.compile(
    r"([一二三四五六七八九1-9]年级?\(?[一二三四五六七八九十\d]{1,2}\)?班"
    r"|(?:[初高])?[一二三四五六七八九1-9]\s?[(\[〔【]\s?[一二三四五六七八九十\d]{1,2}\s?[)\]〕】]\s?班)"
)
_SHORT_SCHOOL = re.compile(
    r"((?:实|附|[一二三四五六七八九十])[小中])(?=[初高]?[一二三四五六七八九十\d]{1,3}(?:年|级|班)|的?(?:学生|同学)|上学|读书)"
)
_DWELLING = re.compile(
    rf"([{_HAN}]{{0,6}}(?:路|街|巷|弄)\d{{1,6}}号|\d{{1,6}}(?:号楼|栋|幢|号院|组\d{{0,6}}号)"
    r"|门牌\d+|\d{1,6}单元\d{1,6}室?)"
)
_VILLAGE = re.compile(rf"((?![住在从到去来于是的我他她这那和])[{_HAN}]{{2,3}}(?:村|镇|乡))")


def find_others(texts: Texts) -> Iterator[Finding]:
    """Yield what looks like a person, a school or a place that is not on file."""
    compact = texts.compact
    yield from texts.each(Kind.OTHER_NAME, compact, _TITLED, Severity.WARN)
    for match in _INTRODUCED.finditer(texts.folded.text):
        group = 1 if match.group(1) else 2
        yield texts.mark(Kind.NAME, texts.folded, match.start(group), match.end(group))
    for match in _SCHOOL.finditer(compact.text):
        if (span := _own_school(match)) is not None:
            finding = texts.mark(Kind.SCHOOL, compact, *span)
            if "》" not in finding.text:
                yield finding
    yield from texts.each(Kind.SCHOOL, texts.folded, _CLASS)
    yield from texts.each(Kind.SCHOOL, compact, _SHORT_SCHOOL)
    yield from texts.each(Kind.ADDRESS, texts.digits, _DWELLING)
    for match in _VILLAGE.finditer(compact.text):
        if not any(match.group(1).endswith(word) for word in PLACE_EXEMPT):
            yield texts.mark(Kind.PLACE, compact, match.start(1), match.end(1), Severity.WARN)


def _own_school(match: re.Match[str]) -> tuple[int, int] | None:
    """Return the span of a school's own name, or None for a school in general (上小学)."""
    own = _SCHOOL_TAIL.sub("", match.group(1))
    kept = len(own)
    for at in range(len(own), 0, -1):
        if own[at - 1] in SCHOOL_STOP:
            break
        kept = at - 1
    if len(own) - kept < _TWO and _SCHOOL_TAIL.sub("", match.group(1)) != match.group(1):
        return None
    return match.start(1) + kept, match.end(1)
