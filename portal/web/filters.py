"""How values look: dates, money, words for stored codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext

from portal.domain import (
    catalogue,
    clock,
    contacts,
    fact_words,
    needs,
    programmes,
    sight,
    texts,
)
from portal.domain.actor import ROLE_LABELS
from portal.domain.honours import REASONS
from portal.domain.hours import ACTIVITY_WORDS, hours
from portal.domain.ledger import CATEGORY_WORDS, SERVICE_WORDS
from portal.domain.lifecycles import MACHINES, requests
from portal.domain.lifecycles.commitments import METHODS
from portal.domain.pool import DAYS, LANGUAGES, SKILLS
from portal.domain.resources import KINDS, SUBJECT_LABELS
from portal.domain.windows import OCCASION_LABELS
from portal.domain.words import CONSENT_WORDS, GENDER_WORDS

_BY_NOUN = {machine.noun: machine for machine in MACHINES}
_FEN = 100
#: A tone of the lifecycles and the style that shows it, where the names differ.
_CSS_TONES = {"good": "ok", "bad": "danger"}


def day(value: date | datetime | None) -> str:
    """Write a day as 2026年6月1日; an em dash for none."""
    if value is None:
        return "—"
    moment = clock.local(value).date() if isinstance(value, datetime) else value
    return f"{moment.year}年{moment.month}月{moment.day}日"


def moment(value: datetime | None) -> str:
    """Write an instant in Shanghai time as 2026-06-01 09:30."""
    return "—" if value is None else clock.local(value).strftime("%Y-%m-%d %H:%M")


def yuan(fen: int | None) -> str:
    """Write 分 as 元, without needless decimals."""
    if fen is None:
        return "—"
    return f"{fen // _FEN}元" if fen % _FEN == 0 else f"{fen / _FEN:.2f}元"


def state_label(status: str, noun: str) -> str:
    """Return the Chinese word of a stored status."""
    return gettext(_BY_NOUN[noun].states[status].label)


def state_tone(status: str, noun: str) -> str:
    """Return how a stored status looks."""
    tone = _BY_NOUN[noun].states[status].tone.value
    return _CSS_TONES.get(tone, tone)


def _words(pairs: Mapping[Any, str]) -> Callable[[str], str]:
    """Make a filter that turns a stored code into its word; an unknown code stays visible."""
    words = {str(code): word for code, word in pairs.items()}
    return lambda code: gettext(words[code]) if code in words else code


def item_word(code: str) -> str:
    """Return the catalogue's name of an item, as staff know it."""
    return gettext(catalogue.item(code).name)


def fact_word(kind: str) -> str:
    """Return what a kind of fact is called."""
    return gettext(fact_words.words_of(kind))


def fact_state(state: str | None, subject_type: str) -> str:
    """Return the word of a state that a fact moved from or to."""
    word = fact_words.words_of_state(subject_type, state)
    return gettext(word) if word else ""


#: Filters that turn a stored code into its word.
_CODES: Mapping[str, Mapping[Any, str]] = {
    "activity_word": ACTIVITY_WORDS,
    "method_word": METHODS,
    "category_word": CATEGORY_WORDS,
    "consent_word": CONSENT_WORDS,
    "contact_word": contacts.KINDS,
    "mood_word": contacts.MOODS,
    "grievance_word": requests.CATEGORIES,
    "request_word": requests.KINDS,
    "request_field": {**CONSENT_WORDS, **requests.FIELDS},
    "text_word": texts.KINDS,
    "gender_word": GENDER_WORDS,
    "honour_word": REASONS,
    "skill_word": SKILLS,
    "language_word": LANGUAGES,
    "day_kind_word": DAYS,
    "resource_kind_word": KINDS,
    "subject_word": SUBJECT_LABELS,
    "occasion_word": OCCASION_LABELS,
    "role_word": ROLE_LABELS,
    "service_word": SERVICE_WORDS,
    "sight_basis": sight.BASIS_LABELS,
    "sight_field": sight.FIELD_LABELS,
    "sight_reason": sight.REASON_LABELS,
    "helper_word": needs.HELPERS,
    "need_kind_word": {code: kind.label for code, kind in needs.KINDS.items()},
    "rhythm_word": {code: one.label for code, one in needs.RHYTHMS.items()},
    "sex_rule_word": needs.SEX_RULES,
    "topic_word": programmes.TOPICS,
    "part_word": programmes.PARTS,
}


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update({name: _words(pairs) for name, pairs in _CODES.items()})
    app.jinja_env.filters.update(
        fact_state=fact_state,
        fact_word=fact_word,
        hours=hours,
        item_word=item_word,
        day=day,
        moment=moment,
        yuan=yuan,
        state_label=state_label,
        state_tone=state_tone,
    )
    app.jinja_env.globals.update(
        pledge_sentences=texts.pledge_sentences, today=clock.today, now=clock.now
    )
