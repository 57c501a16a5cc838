"""Mails that are owed and not sent yet, taken back when what they tell is no longer so (L03)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from portal.extensions import db
from portal.models.records import Fact, Message
from portal.models.supporters import SupporterMember
from portal.models.wishes import Commitment


def drop(wish_id: UUID, promise: Commitment | None) -> int:
    """Take back what unsent mails say of a wish and of the promise on it; return how many mails.

    A letter of several lines loses its line, the others stay: the letter hangs on its first line's
    fact, so the supporter's own letters are looked through, too. Mails about this very withdrawal
    are written later, when the transaction is committed.
    """
    about = [wish_id] if promise is None else [wish_id, promise.id]
    facts = db.session.scalars(select(Fact.id).where(Fact.subject_id.in_(about))).all()
    own = [f"{fact}:" for fact in facts]
    wanted = [Message.dedupe_key.startswith(start) for start in own]
    if promise is not None:
        speakers = select(SupporterMember.user_id).where(
            SupporterMember.supporter_id == promise.supporter_id
        )
        wanted.append(Message.user_id.in_(speakers))
    if not wanted:
        return 0
    owed = db.session.scalars(select(Message).where(Message.status == "owed", or_(*wanted)))
    title = str(promise.promise.get("title", "")) if promise else ""
    return sum(_without(message, own, title) for message in owed.all())


def _without(message: Message, own: Sequence[str], title: str) -> bool:
    """Take the line out; a letter of that one line goes altogether."""
    is_own = message.dedupe_key.startswith(tuple(own))
    context = json.loads(message.context)
    items = context.get("items", [])
    same = next((item for item in items if item.get("title") == title), None)
    if len(items) > 1 and same is not None:
        items.remove(same)
        context["count"] = max(1, int(context.get("count", 1)) - 1)
        message.context = json.dumps(context, ensure_ascii=False)
        return True
    if is_own:
        db.session.delete(message)
    return is_own
