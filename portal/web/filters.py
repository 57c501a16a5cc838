"""How values look: dates, money, words for stored codes."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import gettext

from portal.domain import clock
from portal.domain.lifecycles import MACHINES

_BY_NOUN = {machine.noun: machine for machine in MACHINES}
_FEN = 100


def day(value: date | datetime | None) -> str:
    """Write a day as 2026年6月1日; an em dash for none."""
    if value is None:
        return "—"
    moment = clock.local(value).date() if isinstance(value, datetime) else value
    return f"{moment.year}年{moment.month}月{moment.day}日"


def moment(value: datetime | None) -> str:
    """Write an instant in Shanghai time as 2026-06-01 09:30."""
    return "—" if value is None else clock.local(value).strftime("%Y-%m-%d %H:%M")


def yuan(fen: int | None) -> str:
    """Write 分 as 元, without needless decimals."""
    if fen is None:
        return "—"
    return f"{fen // _FEN}元" if fen % _FEN == 0 else f"{fen / _FEN:.2f}元"


def state_label(status: str, noun: str) -> str:
    """Return the Chinese word of a stored status."""
    return gettext(_BY_NOUN[noun].states[status].label)


def state_tone(status: str, noun: str) -> str:
    """Return how a stored status looks."""
    return _BY_NOUN[noun].states[status].tone.value


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        day=day, moment=moment, yuan=yuan, state_label=state_label, state_tone=state_tone
    )
    app.jinja_env.globals.update(today=clock.today, now=clock.now)
