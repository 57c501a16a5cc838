"""The only INSERT into the fact table: who did what, when, to what (invariant 9)."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.base import time_ordered_id
from portal.models.records import Fact, FactNote

request_id: ContextVar[str] = ContextVar("request_id", default="")

_PENDING = "facts_of_this_transaction"


def publish(
    kind: str,
    *,
    actor: Actor,
    subject: Any = None,
    unit_path: str | None = None,
    before: str | None = None,
    after: str | None = None,
    note: str = "",
    **data: str | int | list[str] | None,
) -> Fact:
    """Write one fact in the running transaction.

    An act in a role that a colleague handed over says whose (``on_behalf_of``). ``data`` holds
    ids, codes and numbers only; a person's words go to ``note``, which can be
    erased later. The unit is the subject's unless given.
    """
    session = db.session()
    path = unit_path or getattr(subject, "unit_path", None) or "/"
    data.update(_behalf(actor, path))
    fact = Fact(
        id=time_ordered_id(),
        at=clock.now(),
        actor_id=actor.user_id,
        kind=kind,
        subject_type=type(subject).__name__ if subject is not None else "",
        subject_id=_id_of(subject),
        unit_path=path,
        before=before,
        after=after,
        data=data,
        request_id=request_id.get(),
    )
    session.add(fact)
    if note:
        session.add(FactNote(fact=fact, unit_path=path, text=note))
    session.info.setdefault(_PENDING, []).append((fact, subject))
    return fact


def publish_many(
    kind: str,
    *,
    actor: Actor,
    subject_type: str,
    subjects: Sequence[tuple[UUID, str]],
    after: str | None = None,
    **data: str | int | None,
) -> None:
    """Write one fact per (id, unit path) in one statement, for an act on many rows at once.

    Nobody is mailed about them: the act itself publishes a fact that notices may read.
    """
    if not subjects:
        return
    at = clock.now()
    rows = [
        {
            "id": time_ordered_id(), "at": at, "actor_id": actor.user_id, "kind": kind,
            "subject_type": subject_type, "subject_id": subject_id, "unit_path": path,
            "after": after, "data": {**data, **_behalf(actor, path)},
            "request_id": request_id.get(),
        }
        for subject_id, path in subjects
    ]  # fmt: skip
    db.session().execute(insert(Fact), rows)


def _behalf(actor: Actor, path: str) -> dict[str, str]:
    holder = access.stood_in_for(actor, path)
    return {} if holder is None else {"on_behalf_of": str(holder)}


def take_pending(session: Any) -> list[tuple[Fact, Any]]:
    """Return and forget the facts published since the last commit (for the notices)."""
    pending: list[tuple[Fact, Any]] = session.info.pop(_PENDING, [])
    return pending


def _id_of(subject: Any) -> UUID | None:
    identifier = getattr(subject, "id", None)
    return identifier if isinstance(identifier, UUID) else None
