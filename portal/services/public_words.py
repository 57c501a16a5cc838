"""Words of a service that a certificate prints: read by the linter before they may count."""

from __future__ import annotations

from uuid import UUID

from portal.domain.errors import Invalid
from portal.domain.hours import ACTIVITY_WORDS
from portal.domain.screening import Finding
from portal.domain.screening_words import SENTENCES, Kind
from portal.queries import screening

#: A venue may be named: many a service takes place at a school.
_VENUE = frozenset({Kind.PLACE, Kind.SCHOOL})


def refuse_told(title: str, place: str, tenant_path: str) -> None:
    """Refuse what its teller must take out, whoever the child is; raise Invalid by field.

    No file is asked: a supporter could try names out here.
    """
    _refuse(
        _told(screening.in_public(title, tenant_path)),
        [one for one in screening.in_public(place, tenant_path) if one.kind not in _VENUE],
    )


def refuse_confirmed(title: str, place: str, supporter_id: UUID, tenant_path: str) -> None:
    """Refuse to confirm words that say who one of the helped children is; raise Invalid."""
    found = screening.of_helper(place, supporter_id, tenant_path)
    _refuse(
        _told(screening.of_helper(title, supporter_id, tenant_path)),
        [one for one in found if one.kind not in _VENUE],
    )


def _told(found: tuple[Finding, ...]) -> list[Finding]:
    """Leave the official words of a kind of service out (心理疏导 is one)."""
    return [one for one in found if one.text not in ACTIVITY_WORDS.values()]


def _refuse(title: list[Finding], place: list[Finding]) -> None:
    problems = {}
    for name, found in (("title", title), ("place", place)):
        if found:
            matter = SENTENCES[found[0].kind][0].format(text=found[0].text)
            problems[name] = f"{matter}，证明上不能出现，请删去"
    if problems:
        raise Invalid("{what}", problems, what="；".join(problems.values()))
