"""What a mail may say of a video call: its day and hour, to the director who booked it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from portal.extensions import db
from portal.models.video_calls import VideoCall
from portal.notices.news import News


def _calls(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            VideoCall.id, VideoCall.unit_path, VideoCall.created_by, VideoCall.happens_on,
            VideoCall.starts,
        ).where(VideoCall.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: News(
            unit_path=row.unit_path,
            drafted_by=row.created_by,
            item={"title": f"{row.happens_on.isoformat()} {row.starts}"},
        )
        for row in rows
    }


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {"VideoCall": _calls}
