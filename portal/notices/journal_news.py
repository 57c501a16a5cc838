"""Mails about the journal of a pairing and about worries: a day and a kind, never a child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from portal.domain.contacts import KINDS
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.notices.news import News


def _logs(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            ContactLog.id, ContactLog.unit_path, ContactLog.user_id, ContactLog.happened_on,
            ContactLog.kind,
        ).where(ContactLog.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: News(
            unit_path=row.unit_path,
            owner=row.user_id,
            item={"title": f"{row.happened_on.isoformat()} {KINDS[row.kind]}"},
        )
        for row in rows
    }


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {"ContactLog": _logs}
