"""A run of the matching as it is kept: ids, points and sentences as JSON, no names (PN)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.domain.matches import Left, Moved, Outcome, Proposal, Sentence, Served, Siblings


def dump(outcome: Outcome, moved: Iterable[Moved]) -> str:
    """Return what is kept of a run; the numbers stand in columns of their own."""
    return json.dumps(
        {
            "proposals": [_proposal(one) for one in outcome.proposals],
            "left": [[str(one.need_id), one.fitting, _sentences(one.why)] for one in outcome.left],
            "moved": [[str(one.need_id), _text(one.before), _text(one.after)] for one in moved],
            "families": [[str(need) for need in family] for family in outcome.families],
            "siblings": list(outcome.siblings),
            "impossible": [
                [str(need), str(person), _sentences((why,))]
                for need, person, why in outcome.impossible
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def load(
    text: str, *, candidates: int, best: Served, greedy: Served
) -> tuple[Outcome, tuple[Moved, ...]]:
    """Return a kept run with its numbers as it was made."""
    kept = json.loads(text)
    outcome = Outcome(
        proposals=tuple(_read(one) for one in kept["proposals"]),
        left=tuple(
            Left(UUID(need), fitting, _read_all(why)) for need, fitting, why in kept["left"]
        ),
        candidates=candidates,
        best=best,
        greedy=greedy,
        families=tuple(tuple(map(UUID, family)) for family in kept["families"]),
        impossible=tuple(
            (UUID(need), UUID(person), _read_all(why)[0])
            for need, person, why in kept["impossible"]
        ),
        # A run from before families were looked at has none.
        siblings=Siblings(*kept.get("siblings", ())),
    )
    return outcome, tuple(
        Moved(UUID(need), _id(before), _id(after)) for need, before, after in kept["moved"]
    )


def plain(sentence: Sentence) -> str:
    """Return a sentence in Chinese, as a proposal keeps it for good; points at the end."""
    said = sentence.message.format(**{name: _shown(one) for name, one in sentence.params.items()})
    return f"{said}（{sentence.points:+d}分）" if sentence.points else said


def _shown(value: object) -> object:
    return "、".join(value) if isinstance(value, list | tuple) else value


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "need": str(one.need_id),
        "person": str(one.person_id),
        "score": one.score,
        "why": _sentences(one.why),
        "others": [[str(person), score] for person, score in one.others],
        "forced": one.forced,
    }


def _read(kept: Mapping[str, Any]) -> Proposal:
    return Proposal(
        UUID(kept["need"]),
        UUID(kept["person"]),
        kept["score"],
        _read_all(kept["why"]),
        tuple((UUID(person), score) for person, score in kept["others"]),
        kept["forced"],
    )


def _sentences(sentences: Iterable[Sentence]) -> list[list[Any]]:
    return [[one.factor, one.message, dict(one.params), one.points] for one in sentences]


def _read_all(kept: Iterable[list[Any]]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(factor, message, {name: _frozen(value) for name, value in params.items()}, points)
        for factor, message, params, points in kept
    )


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _text(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
