"""From the facts of a transaction to the mails it owes, in the same transaction (invariant 6).

What one act means for one person is one mail: an enterprise that claims five wishes reads one
letter with five lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from portal.core import facts, outbox, scope
from portal.models.records import Fact
from portal.notices import subjects
from portal.notices.audiences import People, Person
from portal.notices.rule import Rule
from portal.notices.rules import RULES

#: More lines than this are counted, not listed.
LINES = 20


@dataclass(slots=True)
class _Letter:
    """One mail in the making."""

    rule: Rule
    person: Person
    fact_id: UUID
    items: list[dict[str, Any]] = field(default_factory=list)


def owe_mails(session: Session) -> None:
    """Write a row for every mail that the pending facts owe (a before_commit hook)."""
    told = [fact for fact, _ in facts.take_pending(session) if fact.kind in RULES]
    if not told:
        return
    with scope.everywhere("who must be told, beyond what the actor may read", session):
        pending = _that_stand(told)
        for letter in _letters(pending):
            outbox.owe_new(
                letter.rule.template,
                recipient=letter.person.email,
                key=f"{letter.fact_id}:{letter.rule.template}:{letter.person.user_id}",
                user_id=letter.person.user_id,
                context={
                    "name": letter.person.name,
                    "path": letter.rule.path,
                    "items": letter.items[:LINES],
                    "count": len(letter.items),
                },
            )


def _that_stand(told: list[Fact]) -> list[Fact]:
    """Leave out the facts of savepoints that were rolled back: they never happened.

    Going back to a savepoint turns the rows born inside it into ones that no table holds.
    """
    return [fact for fact in told if not inspect(fact).transient]


def _letters(pending: list[Fact]) -> list[_Letter]:
    known = subjects.load(pending)
    people = People()
    letters: dict[tuple[str, UUID], _Letter] = {}
    for fact in pending:
        news = known.get(fact.subject_id) if fact.subject_id else None
        if news is None:
            continue
        for rule in RULES[fact.kind]:
            for person in rule.audience(people, news):
                if rule.tells_actor or person.user_id != fact.actor_id:
                    letter = letters.setdefault(
                        (rule.template, person.user_id), _Letter(rule, person, fact.id)
                    )
                    letter.items.append({k: v for k, v in news.item.items() if k in rule.sees})
    return list(letters.values())
