"""A promise in words for who made it: the steps, what happens next, and by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain import clock
from portal.queries.commitments import Promise
from portal.web.filters import day

_ORDER = ("claimed", "approved", "sent", "received", "given")
_REACHED = {"pending": 1, "approved": 2, "delivering": 3, "delivered": 4, "confirmed": 5}


def steps(promise: Promise) -> list[dict[str, Any]]:
    """Return the five steps with what is done, what is now and what follows."""
    reached = _REACHED.get(promise.status, 0)
    labels = {
        "claimed": _("您认领了这个心愿"),
        "approved": _("民政局核对"),
        "sent": _("您送出") if not promise.is_service else _("您约好时间"),
        "received": _("交接点收到"),
        "given": _("交到孩子手里"),
    }
    return [
        {
            "label": labels[name],
            "state": "done" if at < reached else "now" if at == reached else "next",
            "at": _at(promise, name),
            "note": _note(promise, name) if at == reached else "",
        }
        for at, name in enumerate(_ORDER)
    ]


def _at(promise: Promise, name: str) -> str:
    moments = {
        "claimed": promise.claimed_at,
        "approved": promise.approved_at,
        "sent": promise.dispatched_at,
        "received": promise.delivered_on,
        "given": promise.ended_at if promise.status == "confirmed" else None,
    }
    if moments[name] is not None:
        return day(moments[name])
    if name == "received" and promise.status in ("approved", "delivering"):
        return _("%(day)s前", day=day(promise.deliver_by))
    return ""


def _note(promise: Promise, name: str) -> str:
    notes = {
        "approved": _("通过后会告诉您送到哪里；72小时内没有核对，心愿会自动放回，不影响您再认领。"),
        "sent": _("请在最晚送达日以前送到交接点，并在这里告诉我们怎样送达。"),
        "received": _("交接点收到后会登记，并通知您。"),
        "given": _("儿童主任会在10天内转交，把孩子的谢意带回给您。"),
    }
    return notes.get(name, "")


def due(promise: Promise) -> datetime | None:
    """Return the instant the countdown runs to; none when the supporter waits for others."""
    if promise.status == "pending":
        return promise.lapses_at
    if promise.status in ("approved", "delivering"):
        return clock.end_of(promise.deliver_by)
    return None


def countdown(promise: Promise) -> dict[str, str] | None:
    """Return what the countdown shows: instant, words without script, tone."""
    until = due(promise)
    if until is None:
        return None
    left = until - clock.now()
    if promise.status == "pending":
        return {"iso": until.isoformat(), "words": _("72小时内核对"), "tone": ""}
    words = _("%(day)s前送达", day=day(promise.deliver_by))
    if promise.overdue:
        return {"iso": until.isoformat(), "words": _("已过送达日"), "tone": "danger"}
    return {"iso": until.isoformat(), "words": words, "tone": "warn" if left.days < 3 else ""}  # noqa: PLR2004 -- the last reminder but one


def next_words(promise: Promise) -> str:
    """Say in one sentence what happens next, or what came of it."""
    words = {
        "pending": _("等民政局核对，您现在不用做什么。"),
        "approved": _("请在%(day)s前送到%(point)s。", day=day(promise.deliver_by),
                      point=promise.handover_point),
        "delivering": _("在路上了，交接点收到后会告诉您。"),
        "delivered": _("交接点已收到，儿童主任正在安排转交。"),
        "confirmed": _("礼物已经交到孩子手里。谢谢您！"),
        "declined": _("这次没有通过核对。"),
        "withdrawn": _("您把这个心愿退回了心愿墙。"),
        "lapsed": _("72小时内没有完成核对，心愿已放回心愿墙。"),
        "failed": _("这个心愿没有按约送达，已放回心愿墙。"),
        "cancelled": _("这个心愿已取消，不需要再送。"),
    }  # fmt: skip
    return words[promise.status]
