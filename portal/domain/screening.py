"""The screening linter: what in a text would make a child findable, or breaks the house rules.

It reads a child's own words and any free sentence before people do (MW screening, S0-4.8a; the
corpus of security.md T-AN5 is its test). Patterns find numbers, accounts and facts on file nearly
always; nicknames and strangers' names they mostly miss, which is why two people read as well and
why a card is made of catalogue words in any case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.explanations import Sentence
from portal.domain.screening_names import Gazetteer, KnownFacts, find_facts, find_others
from portal.domain.screening_numbers import find_numbers
from portal.domain.screening_spans import Finding, Texts
from portal.domain.screening_vocabulary import find_vocabulary
from portal.domain.screening_words import SENTENCES, Severity

__all__ = [
    "Finding",
    "Gazetteer",
    "KnownFacts",
    "Screening",
    "Segment",
    "Severity",
    "advice",
    "screen",
    "segments",
]

_NOTHING_KNOWN = KnownFacts()
_NOWHERE = Gazetteer(())


@dataclass(frozen=True, slots=True)
class Screening:
    """The findings of one text, in the order in which they stand in it."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Tell whether something must be taken out before this text may be public."""
        return any(one.severity is Severity.BLOCK for one in self.findings)

    @property
    def clean(self) -> bool:
        """Tell whether nothing at all was found."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text for display: plain, or with the finding that marks it."""

    text: str
    finding: Finding | None = None


def screen(
    text: str, facts: KnownFacts = _NOTHING_KNOWN, gazetteer: Gazetteer = _NOWHERE
) -> Screening:
    """Return everything the linter finds; ``facts`` and ``gazetteer`` add what is on file."""
    texts = Texts(text)
    found = [
        *find_numbers(texts, facts),
        *find_facts(texts, facts),
        *gazetteer.find(texts),
        *find_others(texts),
        *find_vocabulary(texts),
    ]
    return Screening(text, tuple(_without_nested(found)))


def advice(finding: Finding) -> tuple[Sentence, Sentence]:
    """Say what is the matter with a finding and what to do about it."""
    matter, suggestion = SENTENCES[finding.kind]
    return Sentence(matter, {"text": finding.text}), Sentence(suggestion)


def segments(screening: Screening) -> list[Segment]:
    """Cut the text at its findings, so that a page can mark them where they stand."""
    pieces: list[Segment] = []
    at = 0
    for finding in screening.findings:
        start = max(finding.start, at)
        if start >= finding.end:
            continue
        if start > at:
            pieces.append(Segment(screening.text[at:start]))
        pieces.append(Segment(screening.text[start : finding.end], finding))
        at = finding.end
    if at < len(screening.text):
        pieces.append(Segment(screening.text[at:]))
    return pieces


def _without_nested(found: Iterable[Finding]) -> list[Finding]:
    """Keep the widest finding where several cover the same place, blocking ones before warnings."""
    kept: list[Finding] = []
    ranked = sorted(
        set(found),
        key=lambda one: (one.severity is not Severity.BLOCK, one.start - one.end, one.start),
    )
    for one in ranked:
        if not any(other.start <= one.start and one.end <= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.start, one.end))
