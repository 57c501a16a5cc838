"""Finding contacts, links, requests for money, and words about health and family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from portal.domain.screening_spans import Finding, Texts
from portal.domain.screening_words import (
    CASH_WORDS,
    CONTACT_EXEMPT,
    CONTACT_WORDS,
    FAMILY_WORDS,
    HEALTH_WORDS,
    LINK_WORDS,
    RELATIVE_EXEMPT,
    RELATIVE_WORDS,
    Kind,
    Severity,
)


def _any_of(words: Iterable[str], exempt: Iterable[str] = ()) -> re.Pattern[str]:
    """Build one pattern for many words, longest first; exempt words are eaten without a group."""
    chosen = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    spared = "|".join(map(re.escape, exempt))
    return re.compile(f"(?:{spared})|({chosen})" if spared else f"({chosen})")


_LATIN_CONTACT = re.compile(r"(?<![a-z])(?:vx|wx|v信|加v|weixin|wechat|qq|email)(?![a-z])")
_HAN_CONTACT = _any_of((w for w in CONTACT_WORDS if not w.isascii()), CONTACT_EXEMPT)
_QQ_SWEET = re.compile(r"qq糖")
_ACCOUNT = re.compile(
    r"(?:微信|薇信|vx|wx|v|qq|扣扣|抖音|快手|id|账号|号)\s?(?:号|是|为)?\s?[::=]\s?"
    r"([a-z0-9][a-z0-9_-]{4,})"
)
_MAIL = re.compile(r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?[.。点]\s?[a-z]{2,})+")
_LINK = re.compile(
    r"https?\s?[::]\s?/\s?/\s?\S+|www\s?[.。点]\s?\S+"
    r"|[a-z0-9][a-z0-9-]{1,63}\s?[.。点]\s?(?:com|cn|net|org|top|xyz|vip|cc|io|me|link|shop|site|club)"
    r"(?![a-z])\S*"
)
_MONEY = re.compile(
    r"(?:给|要|想要|需要|资助|借|打|转|捐|寄|汇|补贴|发)[^,。;\n]{0,6}?"
    r"(\d+(?:\.\d+)?(?:\s?[-~至到]\s?\d+)?\s?(?:元|块钱|块(?![\w])|圆|万元|千元|百元|rmb|人民币))"
)
_AMOUNT = re.compile(r"(?:[¥¥$]\s?\d+|\d{1,12}(?:\.\d{1,4})?\s?(?:元|块钱|圆|rmb|人民币))")
_SPELT_AMOUNT = re.compile(r"[一二两三四五六七八九十百千万]{1,6}(?:元钱|块钱|元)")


def find_vocabulary(texts: Texts) -> Iterator[Finding]:
    """Yield what words alone give away, blocking or (amounts, relatives) for a person's eye."""
    folded, compact = texts.folded, texts.compact
    yield from _spared(texts, Kind.CONTACT, _HAN_CONTACT)
    if not _QQ_SWEET.search(folded.text):
        yield from texts.each(Kind.CONTACT, folded, _LATIN_CONTACT)
    yield from texts.each(Kind.CONTACT, folded, _ACCOUNT)
    yield from texts.each(Kind.CONTACT, folded, _MAIL)
    yield from texts.each(Kind.LINK, folded, _LINK)
    for kind, words in (
        (Kind.LINK, LINK_WORDS),
        (Kind.CASH, CASH_WORDS),
        (Kind.HEALTH, HEALTH_WORDS),
        (Kind.FAMILY, FAMILY_WORDS),
    ):
        for word in words:
            yield from texts.word(kind, compact, word)
    yield from texts.each(Kind.CASH, texts.digits, _MONEY)
    yield from texts.each(Kind.CASH, folded, _AMOUNT, Severity.WARN)
    yield from texts.each(Kind.CASH, folded, _SPELT_AMOUNT, Severity.WARN)
    yield from _spared(texts, Kind.FAMILY, _RELATIVES, Severity.WARN)


_RELATIVES = _any_of(RELATIVE_WORDS, RELATIVE_EXEMPT)


def _spared(
    texts: Texts, kind: Kind, pattern: re.Pattern[str], severity: Severity = Severity.BLOCK
) -> Iterator[Finding]:
    for match in pattern.finditer(texts.compact.text):
        if match.group(1):
            yield texts.mark(kind, texts.compact, match.start(1), match.end(1), severity)
