"""Mails that are owed and not sent yet, taken back when what they tell is no longer so (L03)."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import catalogue
from portal.extensions import db
from portal.models.records import Fact, Message
from portal.models.wishes import Wish


def drop(wish_id: UUID, commitment_id: UUID | None) -> int:
    """Take back what unsent mails say of a wish and of the promise on it; return how many mails.

    A letter of several lines loses its line, the others stay. Mails about this very withdrawal
    are written later, when the transaction is committed.
    """
    wish = db.session.get(Wish, wish_id)
    if wish is None:
        return 0
    about = [each for each in (wish_id, commitment_id) if each is not None]
    facts = db.session.scalars(select(Fact.id).where(Fact.subject_id.in_(about))).all()
    if not facts:
        return 0
    starts = or_(*(Message.dedupe_key.startswith(f"{fact}:") for fact in facts))
    owed = db.session.scalars(select(Message).where(Message.status == "owed", starts)).all()
    title = catalogue.face_of(wish.item_code).public_name
    for message in owed:
        _without(message, wish.file_no, title)
    return len(owed)


def _without(message: Message, file_no: str, title: str) -> None:
    context = json.loads(message.context)
    items = context.get("items", [])
    same = next(
        (item for item in items if item.get("file_no") == file_no),
        next((item for item in items if item.get("title") == title), None),
    )
    if same is not None and len(items) > 1:
        items.remove(same)
        context["count"] = max(1, int(context.get("count", len(items))) - 1)
        message.context = json.dumps(context, ensure_ascii=False)
    else:
        db.session.delete(message)
