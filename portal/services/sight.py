"""Opening what is masked: a reason, a leave, a row in the same transaction, a quarter of an hour.

No row, no sight: the row is flushed before anything is read, and a page shows a value only where
it finds the row (queries.sight). Whoever cares for the child opens by their own post; the leaves
of others are asked for and given in ``services.sight_requests``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.errors import Invalid, NotAllowed, NotFound, Unavailable
from portal.domain.permissions import Permission
from portal.domain.sight import (
    CHILD_FIELDS,
    CHILD_REASONS,
    FILE,
    LEDGER,
    OPEN_FOR,
    SUPPORTER_FIELDS,
    SUPPORTER_REASONS,
    Basis,
    Field,
    check_reason,
    is_assigned,
    serving_role,
)
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.records import Fact
from portal.models.sight import AccessRow
from portal.models.supporters import Supporter

_EVERY_ROLE = frozenset(Role)


def look(actor: Actor, child_id: UUID) -> datetime:
    """Write that this person looks at a child's file with its masks on; return until when it holds.

    Once per person, file and quarter of an hour. Raises NotFound behind a wall.
    """
    child = child_in_sight(actor, child_id)
    standing = db.session.scalar(
        select(AccessRow.until)
        .where(
            AccessRow.subject_id == child_id,
            AccessRow.actor_id == actor.user_id,
            AccessRow.field == FILE,
            AccessRow.until > clock.now(),
        )
        .limit(1)
    )
    if standing is not None:
        return standing
    row = record(actor, child, FILE, reason="view", basis=Basis.ASSIGNMENT)
    return row.until


def open_field(
    actor: Actor, child_id: UUID, *, field: str, reason: str, words: str = ""
) -> datetime:
    """Open one field of a child's file by one's own post; return until when (L05).

    Raises NotFound behind a wall, Invalid without a reason of the list, NotAllowed for whoever
    reads the file masked and has to ask first, Unavailable when the row cannot be written.
    """
    child = child_in_sight(actor, child_id)
    access.require(actor, Permission.CHILD_REVEAL, child)
    said = check_reason(CHILD_REASONS, reason, words)
    if not is_assigned(actor, _known(CHILD_FIELDS, field), child.unit_path):
        raise NotAllowed("打开这一项要先申请，由负责这份档案的同事批准")
    fact = facts.publish(
        "child.reveal", actor=actor, subject=child, note=said, field=field, reason=reason
    )
    row = record(actor, child, field, reason=reason, basis=Basis.ASSIGNMENT, fact=fact)
    return row.until


def open_supporter(
    actor: Actor, supporter_id: UUID, *, field: str, reason: str, words: str = ""
) -> datetime:
    """Open a number on the dossier of a supporter whom one vets; return until when.

    Raises what ``open_field`` raises.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    _known(SUPPORTER_FIELDS, field)
    said = check_reason(SUPPORTER_REASONS, reason, words)
    fact = facts.publish(
        "supporter.reveal", actor=actor, subject=supporter, note=said, field=field, reason=reason
    )
    row = record(actor, supporter, field, reason=reason, basis=Basis.ASSIGNMENT, fact=fact)
    return row.until


def note_refusal(actor: Actor, child_id: UUID, *, field: str) -> None:
    """Write that somebody tried to open a field without a leave (security.md 3, T5)."""
    child = child_in_sight(actor, child_id)
    facts.publish(
        "child.reveal_refused", actor=actor, subject=child, field=field[: len("guardian_phone")]
    )


def record(
    actor: Actor,
    subject: Any,
    field: str,
    *,
    reason: str,
    basis: Basis,
    until: datetime | None = None,
    sight_id: UUID | None = None,
    fact: Fact | None = None,
) -> AccessRow:
    """Write one access row now, before anything is read; Unavailable when it cannot be written."""
    return _written(
        AccessRow(
            actor_id=actor.user_id, role=_role(actor, subject.unit_path),
            subject_type=type(subject).__name__, subject_id=subject.id,
            unit_path=subject.unit_path, field=field, reason=reason, basis=basis.value,
            until=until or clock.now() + OPEN_FOR, sight_id=sight_id,
            fact_id=fact.id if fact else None,
        )
    )  # fmt: skip


def record_ledger(actor: Actor, bureau_id: UUID, bureau_path: str, fact: Fact) -> None:
    """Write that somebody takes a whole ledger with its numbers along: every child's file in one.

    Raises Unavailable when the row cannot be written; the ledger does not leave then.
    """
    _written(
        AccessRow(
            actor_id=actor.user_id, role=_role(actor, bureau_path), subject_type="Unit",
            subject_id=bureau_id, unit_path=bureau_path, field=LEDGER, reason="report",
            basis=Basis.ASSIGNMENT.value, until=clock.now(), fact_id=fact.id,
        )
    )  # fmt: skip


def _role(actor: Actor, unit_path: str) -> str:
    role = serving_role(actor, _EVERY_ROLE, unit_path)
    return role.value if role else ""


def _written(row: AccessRow) -> AccessRow:
    row.at, row.request_id = clock.now(), facts.request_id.get()
    db.session.add(row)
    try:
        db.session.flush()
    except DBAPIError as error:
        raise Unavailable("查看记录没有写成，所以没有打开，请稍后再试") from error
    return row


def child_in_sight(actor: Actor, child_id: UUID) -> ChildFile:
    """Return a file that this person may see masked; NotFound when absent or behind a wall."""
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None or not access.permits(actor, Permission.CHILD_READ, child):
        raise NotFound
    return child


def _known(fields: Mapping[str, Field], name: str) -> Field:
    if name not in fields:
        raise Invalid("这份档案没有这一项")
    return fields[name]
