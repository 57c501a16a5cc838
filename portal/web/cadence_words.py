"""A cadence in words: what is due this month and this quarter, the light, the cells of a year."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from flask import Flask
from flask_babel import gettext

from portal.domain import clock
from portal.domain.absences import EXCUSES, SUBSTITUTE_REASONS
from portal.domain.cadence import KIND_LABELS, LIGHTS, TALK, Cadence, Obligation
from portal.domain.cadence_year import Cell, Year, picture

TONES = {"green": "ok", "amber": "warn", "red": "danger"}
ICONS = {"green": "circle-check", "amber": "triangle-alert", "red": "circle-alert"}
_QUARTER = 3


def light(code: str) -> str:
    """Return the word of a light; colour never says it alone."""
    return gettext(LIGHTS[code])


def light_tone(code: str) -> str:
    """Return the tone a light is drawn in."""
    return TONES[code]


def light_icon(code: str) -> str:
    """Return the sign of a light."""
    return ICONS[code]


class Period(Protocol):
    """What has a kind and a first day: an obligation, an excuse."""

    @property
    def kind(self) -> str:
        """Return talk or visit."""

    @property
    def period_from(self) -> date:
        """Return the first day."""


def period(one: Period) -> str:
    """Name a period: 2026年5月, 2026年第2季度."""
    first = one.period_from
    if one.kind == TALK:
        return gettext("%(year)s年%(month)s月", year=first.year, month=first.month)
    quarter = first.month // _QUARTER + 1
    return gettext("%(year)s年第%(quarter)s季度", year=first.year, quarter=quarter)


def what(one: Period) -> str:
    """Name an obligation: 2026年5月谈心."""
    return period(one) + gettext(KIND_LABELS[one.kind])


def due(one: Obligation) -> str:
    """Say in a sentence how an obligation stands, and until when it can be kept."""
    if one.state == "met":
        return gettext("已完成") if one.is_verified else gettext("已完成，等儿童主任核实")
    if one.state == "excused":
        return gettext("已免除，这次不作要求")
    if one.state == "not_due":
        return _not_due(one.because)
    if one.state == "missed":
        return gettext("没有完成")
    until = gettext("%(month)s月%(day)s日", month=one.due_on.month, day=one.due_on.day)
    if one.asked > 1:
        return gettext(
            "要%(asked)s次，已有%(done)s次，请在%(until)s前完成",
            asked=one.asked, done=one.done, until=until,
        )  # fmt: skip
    return gettext("还没有，请在%(until)s前完成", until=until)


def cell(one: Cell, kind: str) -> str:
    """Say a cell of the year in words, for whoever cannot see it."""
    at = gettext("%(year)s年%(month)s月", year=one.first.year, month=one.first.month)
    if kind != TALK:
        quarter = one.first.month // _QUARTER + 1
        at = gettext("%(year)s年第%(quarter)s季度", year=one.first.year, quarter=quarter)
    return f"{at}{gettext(KIND_LABELS[kind])}：{gettext(one.words)}"


def year(cadence: Cadence) -> Year:
    """Return the picture of the last twelve months."""
    return picture(cadence, clock.today())


def quiet(last: date | None) -> str:
    """Say how long ago the last contact was."""
    if last is None:
        return gettext("还没有联系记录")
    days = (clock.today() - last).days
    return gettext("%(days)s天前", days=days) if days else gettext("今天")


def excuse(code: str) -> str:
    """Return the reason of an excuse."""
    return gettext(EXCUSES[code]) if code in EXCUSES else code


def substitute_reason(code: str) -> str:
    """Return why somebody stands in."""
    return gettext(SUBSTITUTE_REASONS[code]) if code in SUBSTITUTE_REASONS else code


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        cadence_cell=cell,
        cadence_due=due,
        cadence_light=light,
        cadence_light_icon=light_icon,
        cadence_light_tone=light_tone,
        cadence_quiet=quiet,
        cadence_what=what,
        cadence_year=year,
        excuse_word=excuse,
        substitute_reason=substitute_reason,
    )


def _not_due(because: str) -> str:
    if because == "paused":
        return gettext("结对暂停，这次不作要求")
    if because == "ended":
        return gettext("结对已结束，不作要求")
    return gettext("结对开始得晚，这次不作要求")
