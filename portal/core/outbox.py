"""A mail is a row first: owed in the transaction of the act, sent later by the worker (R4).

At least once: a worker that dies between sending and saying so sends again, under the same
Message-ID. Whoever must tell somebody something calls ``owe``; nobody sends from a request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Update, delete, or_, select, update

from portal.core import jobs
from portal.domain import clock
from portal.extensions import db
from portal.models.records import Message

MAX_ATTEMPTS = 8
#: The longest wait between two tries; eight tries then span about a day.
_LONGEST_WAIT = timedelta(hours=12)
_PENDING = "messages_of_this_transaction"


@dataclass(frozen=True, slots=True)
class Owed:
    """A leased mail. ``attempts`` is also the fence: a later lease makes this one stale."""

    id: UUID
    recipient: str
    template: str
    context: dict[str, Any]
    attempts: int
    created_at: datetime


def owe(
    template: str,
    *,
    recipient: str,
    key: str,
    user_id: UUID | None = None,
    due_at: datetime | None = None,
    **context: object,
) -> bool:
    """Write a mail in the running transaction; False when ``key`` owed it already.

    ``template`` names templates/mail/<template>.txt, ``context`` holds what it says (text,
    numbers, lists, ``path`` for the link) and is stored sealed. ``key`` is at most 160 characters
    and unique for ever, e.g. ``<token id>:verify_email``.
    """
    known = select(Message.id).where(Message.dedupe_key == key)
    if db.session.scalar(known) is not None:
        return False
    owe_new(template, recipient=recipient, key=key, user_id=user_id, due_at=due_at, context=context)
    return True


def owe_new(
    template: str,
    *,
    recipient: str,
    key: str,
    context: Mapping[str, object],
    user_id: UUID | None = None,
    due_at: datetime | None = None,
) -> None:
    """Write a mail whose ``key`` names a row of this very transaction: none can be owed yet.

    The constraint on the key still holds; what is saved is the question, once a mail.
    """
    session = db.session()
    moment = clock.now()
    session.add(
        Message(
            dedupe_key=key,
            recipient=recipient,
            user_id=user_id,
            template=template,
            context=json.dumps(context, ensure_ascii=False),
            due_at=due_at or moment,
            created_at=moment,
        )
    )
    session.info[_PENDING] = session.info.get(_PENDING, 0) + 1


def take_pending(session: Any) -> int:
    """Return and forget how many mails were owed since the last commit (to wake the queue)."""
    return int(session.info.pop(_PENDING, 0))


def lease_next() -> Owed | None:
    """Take the mail that is due longest, or None; the caller commits at once.

    PostgreSQL skips what another worker is taking this instant; SQLite has one writer anyway.
    """
    moment = clock.now()
    session = db.session()
    message_id = session.scalar(
        select(Message.id)
        .where(_free(moment))
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if message_id is None:
        return None
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(leased_until=moment + jobs.lease_span(), attempts=Message.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    row = session.get_one(Message, message_id, populate_existing=True)
    return Owed(
        row.id, row.recipient, row.template, json.loads(row.context), row.attempts, row.created_at
    )


def is_due() -> bool:
    """Tell whether any mail waits to be sent now."""
    return db.session.scalar(select(Message.id).where(_free(clock.now())).limit(1)) is not None


def sent(owed: Owed) -> bool:
    """Record that the mail left; False when another worker took it over meanwhile."""
    return _settle(owed, status="sent", sent_at=clock.now(), leased_until=None, last_error="")


def put_back(owed: Owed, error: str, wait: timedelta) -> bool:
    """Take back a try that does not count: the server is away, the mail is not to blame."""
    return _settle(
        owed,
        attempts=owed.attempts - 1,
        leased_until=None,
        due_at=clock.now() + wait,
        last_error=error[:200],
    )


def failed(owed: Owed, error: str, wait: timedelta) -> bool:
    """Wait four times longer after each refusal; park the mail after MAX_ATTEMPTS."""
    if owed.attempts >= MAX_ATTEMPTS:
        return _settle(owed, status="parked", leased_until=None, last_error=error[:200])
    pause = min(wait * 4 ** (owed.attempts - 1), _LONGEST_WAIT)
    return _settle(owed, leased_until=None, due_at=clock.now() + pause, last_error=error[:200])


def retry_parked() -> int:
    """Give every parked mail its tries again; return how many."""
    return _changed(
        update(Message)
        .where(Message.status == "parked")
        .values(status="owed", attempts=0, due_at=clock.now())
    )


def forget_sent(before: datetime) -> int:
    """Delete mails that left before an instant, addresses and links with them (L18)."""
    done = db.session.execute(
        delete(Message).where(Message.status == "sent", Message.sent_at < before)
    )
    return cast("CursorResult[Any]", done).rowcount


def _free(moment: datetime) -> ColumnElement[bool]:
    """Name the mails that are due and in no live worker's hands."""
    return (
        (Message.status == "owed")
        & (Message.due_at <= moment)
        & or_(Message.leased_until.is_(None), Message.leased_until < moment)
    )


def _settle(owed: Owed, **values: object) -> bool:
    mine = (
        (Message.id == owed.id) & (Message.status == "owed") & (Message.attempts == owed.attempts)
    )
    return bool(_changed(update(Message).where(mine).values(**values)))


def _changed(statement: Update) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
