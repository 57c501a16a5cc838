"""What the pages of an uploaded ledger show beside its rows: tabs, progress, remarks in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.ledger import Message
from portal.domain.ledger_stage import Verdict
from portal.queries import backlog
from portal.queries.backlog import JobRow
from portal.queries.ledger import BatchRow


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of an upload with its count; ``hot`` asks for attention."""

    verdict: str
    label: str
    url: str
    count: int
    active: bool
    hot: bool = False


def labels() -> dict[Verdict, str]:
    """Return the verdicts in the order of the tabs, with their words."""
    return {
        Verdict.REFUSED: gettext("需要改正"),
        Verdict.NEW: gettext("新增"),
        Verdict.CHANGED: gettext("有变动"),
        Verdict.UNCHANGED: gettext("没有变化"),
        Verdict.ASIDE: gettext("超龄"),
        Verdict.NOTE: gettext("读取说明"),
    }


def tabs(batch: BatchRow, chosen: str) -> tuple[Tab, ...]:
    """Return the tabs of an upload; without a choice the first that holds something is open."""
    words = labels()
    known = {verdict.value for verdict in words}
    filled = [verdict.value for verdict in words if batch.counts.get(verdict.value)]
    active = chosen if chosen in known else (filled or [Verdict.NEW.value])[0]
    return tuple(
        Tab(
            verdict.value,
            label,
            url_for("ledger.batch", batch_id=batch.id, verdict=verdict.value),
            batch.counts.get(verdict.value, 0),
            verdict.value == active,
            verdict is Verdict.REFUSED,
        )
        for verdict, label in words.items()
    )


def job_of(batch: BatchRow, actor: Actor) -> JobRow | None:
    """Return the progress of the work on an upload, for whoever asked for it."""
    if batch.job_id is None or actor.user_id is None:
        return None
    try:
        return backlog.job(batch.job_id, actor.user_id)
    except NotFound:
        return None


def said(message: Message) -> str:
    """Return a remark in the reader's language."""
    text = gettext(message.text)
    return text.format(**message.params) if message.params else text
