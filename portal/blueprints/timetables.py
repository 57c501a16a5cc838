"""A programme's timetable and sessions: the editor, the sheet of paper, calling one off."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.day_words import said, weekday
from portal.domain.permissions import Permission
from portal.domain.timetables import by_day
from portal.queries import programme_sessions
from portal.queries import programmes as reading
from portal.web import programme_pages as pages
from portal.web import timetable_pages as editing
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import maybe_date

bp = Blueprint("timetables", __name__)
_REFUSED = 422


@bp.get("/programmes/<code>/manage/timetable")
@page(Permission.PROGRAMME_MANAGE)
def edit(code: str) -> ResponseReturnValue:
    return editing.editor(code)


@bp.post("/programmes/<code>/manage/timetable")
@command(Permission.PROGRAMME_MANAGE)
def change(code: str) -> ResponseReturnValue:
    said_no = editing.act_and_say(code)
    if said_no is not None:
        return editing.editor(code, refused=said_no), _REFUSED
    return _back(code, request.form.get("at", ""))


@bp.post("/programmes/<code>/manage/timetable/line")
@command(Permission.PROGRAMME_MANAGE)
def line(code: str) -> ResponseReturnValue:
    form, programme_id = editing.form_of(code)
    if attempt(form, editing.save_line, form, programme_id) is None:
        return editing.editor(code, form=form), _REFUSED
    flash(gettext("已保存"), "success")
    return _back(code, form.happens_on.data)


@bp.get("/programmes/<code>/timetable")
@page(Permission.PROGRAMME_READ)
def show(code: str) -> ResponseReturnValue:
    row = reading.row_by_code(g.actor, code)
    table = reading.timetable(row.id)
    return render_template(
        "programmes/print.html",
        row=row,
        days=by_day(table.lines),
        people=dict(table.people),
        said=said,
        weekday=weekday,
    )


@bp.get("/programmes/<code>/manage/sessions")
@page(Permission.PROGRAMME_MANAGE)
def sessions(code: str) -> ResponseReturnValue:
    return _sessions_page(code)


@bp.post("/programmes/<code>/manage/sessions/<uuid:session_id>")
@command(Permission.PROGRAMME_MANAGE)
def session(code: str, session_id: UUID) -> ResponseReturnValue:
    if (refused := editing.cancel_or_replan(session_id)) is not None:
        return _sessions_page(code, refused), _REFUSED
    flash(gettext("已登记，会写信告诉相关的人"), "success")
    return redirect(url_for(".sessions", code=code), 303)


def _sessions_page(code: str, refused: str = "") -> str:
    row = reading.row_by_code(g.actor, code, Permission.PROGRAMME_MANAGE)
    found = programme_sessions.of(row.id)
    return render_template(
        "programmes/sessions.html",
        row=row,
        tabs=pages.tabs(row, "timetables.sessions"),
        sessions=found,
        held=programme_sessions.held(found),
        refused=refused,
        said=said,
        weekday=weekday,
    )


def _back(code: str, day: str) -> ResponseReturnValue:
    at = maybe_date(day)
    anchor = f"day-{at.isoformat()}" if at else None
    return redirect(url_for(".edit", code=code, _anchor=anchor), 303)
