"""A finding, and the views of one text that the detectors share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.domain import textforms
from portal.domain.screening_words import Kind, Severity
from portal.domain.textforms import View


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in the typed text (``start`` to ``end``) and what is the matter with it."""

    kind: Kind
    severity: Severity
    start: int
    end: int
    text: str


class Texts:
    """One typed text and its views, each made once."""

    def __init__(self, typed: str) -> None:
        self.typed = typed

    @cached_property
    def folded(self) -> View:
        """Half-width lower case, nothing invisible."""
        return textforms.folded(self.typed)

    @cached_property
    def compact(self) -> View:
        """Letters, digits and Chinese characters only."""
        return textforms.compact(self.typed)

    @cached_property
    def digits(self) -> View:
        """All numerals as 0–9."""
        return textforms.digits(self.typed)

    @cached_property
    def latin(self) -> View:
        """Latin letters without tone marks."""
        return textforms.latin(self.typed)

    def mark(
        self, kind: Kind, view: View, start: int, end: int, severity: Severity = Severity.BLOCK
    ) -> Finding:
        """Return a finding for a span of a view, placed in the typed text."""
        first, last = view.span(start, end)
        return Finding(kind, severity, first, last, self.typed[first:last])

    def each(
        self,
        kind: Kind,
        view: View,
        pattern: re.Pattern[str],
        severity: Severity = Severity.BLOCK,
    ) -> Iterator[Finding]:
        """Yield a finding for every match of a pattern in a view (group 1 if there is one)."""
        group = 1 if pattern.groups else 0
        for match in pattern.finditer(view.text):
            yield self.mark(kind, view, match.start(group), match.end(group), severity)

    def word(
        self, kind: Kind, view: View, word: str, severity: Severity = Severity.BLOCK
    ) -> Iterator[Finding]:
        """Yield a finding for every place where a word stands in a view."""
        at = view.text.find(word) if word else -1
        while at >= 0:
            yield self.mark(kind, view, at, at + len(word), severity)
            at = view.text.find(word, at + len(word))
