"""Guards that several lifecycles share: two keys, and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.domain.actor import Actor
from portal.domain.errors import NotAllowed
from portal.domain.machine import Guard


def another_person_than(*fields: str, doing: str) -> Guard:
    """Refuse whoever stands in one of the subject's ``fields`` (invariant 5, two keys).

    A field holds one person's id or a set of several.
    """

    def guard(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
        for name in fields if actor.user_id is not None else ():
            held = getattr(subject, name)
            if actor.user_id in (held if isinstance(held, frozenset) else (held,)):
                raise NotAllowed(
                    "这一条的前一步是您做的，{doing}需要另一位同事（两人把关）", doing=doing
                )

    return guard


def all_guards(*guards: Guard) -> Guard:
    """Ask every guard in turn."""

    def guard(actor: Actor, subject: Any, answers: Mapping[str, Any]) -> None:
        for each in guards:
            each(actor, subject, answers)

    return guard
