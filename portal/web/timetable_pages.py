"""The timetable's editor: its days, what a form asks to be done, the sessions that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, g, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.core import unit_of_work
from portal.domain.day_words import said, weekday
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.programme_plans import plans_for
from portal.domain.programmes import may_meet
from portal.domain.timetables import Line, by_day
from portal.forms.programmes import LineForm
from portal.queries import programmes as reading
from portal.services import sessions, timetables
from portal.web import programme_pages as pages
from portal.web.errors import sentence
from portal.web.values import maybe_date, maybe_uuid, shown_version, uuid_of

#: What a step back is called: the key of the change, what it was.
STEPS = {
    "add": _l("加一项"),
    "change": _l("改一项"),
    "remove": _l("删一项"),
    "move": _l("移动一项"),
    "copy": _l("复制一天"),
    "clear": _l("清空一天"),
    "fill": _l("套用模板"),
}


def editor(code: str, refused: str = "", form: LineForm | None = None) -> str:
    """Render the editor; ``form`` is a line that came back with something to mend."""
    found = reading.dossier(g.actor, code)
    table = reading.timetable(found.row.id)
    days = _days(found, table.lines)
    wanted = maybe_uuid(request.args.get("line"))
    line = next((one for one in table.lines if one.id == wanted), None)
    return render_template(
        "programmes/timetable.html",
        d=found,
        row=found.row,
        tabs=pages.tabs(found.row, "timetables.edit"),
        days=days,
        table=table,
        people=dict(table.people),
        clashing={one.id for clash in table.clashes for one in (clash.first, clash.second)},
        step_word=str(STEPS[table.step_what]) if table.step_what in STEPS else "",
        plans=plans_for(found.row.kind),
        editing=line,
        form=form or _line_form(found, table, line),
        stages=pages.stages(found.lacks),
        progress=pages.progress(found.plan),
        refused=refused,
        said=said,
        weekday=weekday,
    )


def form_of(code: str) -> tuple[LineForm, UUID]:
    """Return the submitted line's form and the programme's id."""
    found = reading.dossier(g.actor, code)
    form = LineForm()
    form.offer(found.row.kind, _choices(found), _people(reading.timetable(found.row.id)))
    return form, found.row.id


def save_line(form: LineForm, programme_id: UUID) -> UUID:
    """Add the line of a form, or change the one it names."""
    line_id = maybe_uuid(request.form.get("line"))
    leader = maybe_uuid(form.staff_id.data)
    if line_id is None:
        return timetables.add(g.actor, programme_id, form.read(), staff_id=leader)
    return timetables.change(g.actor, programme_id, line_id, form.read(), staff_id=leader)


def act_and_say(code: str) -> str | None:
    """Do what a button of the editor asks; return the refusal's sentence where a rule says no."""
    what, _, about = request.form.get("do", "").partition(":")
    programme_id = reading.by_code(g.actor, code, Permission.PROGRAMME_MANAGE)
    if what not in _ACTS:
        raise NotFound
    try:
        _ACTS[what](programme_id, about)
    except Invalid as refusal:
        unit_of_work.rollback()
        return sentence(refusal)
    if what in _SAID:
        flash(str(_SAID[what]), "success")
    return None


def cancel_or_replan(session_id: UUID) -> str | None:
    """Cancel a session, or put another day in its place; return the sentence of a refusal."""
    version, day = shown_version(), maybe_date(request.form.get("day"))
    try:
        if request.form.get("transition") == "cancel":
            reason = request.form.get("reason", "")
            sessions.cancel_session(g.actor, session_id, reason=reason, version=version)
        elif day is None:
            return gettext("请填写补上的日子")
        else:
            starts = request.form.get("starts", "")
            sessions.replan(g.actor, session_id, day=day, starts=starts, version=version)
    except Invalid as refusal:
        unit_of_work.rollback()
        return sentence(refusal)
    return None


_SAID = {"copy": _l("已复制"), "fill": _l("模板已套用，可以逐项再改"), "undo": _l("已撤销")}


def _copy(programme_id: UUID, about: str) -> UUID:
    targets = [_day(text) for text in request.form.getlist("targets")]
    return timetables.copy_day(g.actor, programme_id, source=_day(about), targets=targets)


def _to(programme_id: UUID, about: str) -> UUID:
    line, _, day = about.partition(":")
    return timetables.move_to(g.actor, programme_id, uuid_of(line), day=_day(day))


def _fill(programme_id: UUID, about: str) -> UUID:
    count = request.form.get("count", "")
    wanted = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 0  # noqa: PLR2004
    plan = request.form.get("plan", "")
    return timetables.fill(g.actor, programme_id, plan=plan, sessions_wanted=wanted)


_ACTS: dict[str, Callable[[UUID, str], UUID]] = {
    "up": lambda one, about: timetables.move(g.actor, one, uuid_of(about), -1),
    "down": lambda one, about: timetables.move(g.actor, one, uuid_of(about), 1),
    "remove": lambda one, about: timetables.remove(g.actor, one, uuid_of(about)),
    "to": _to,
    "copy": _copy,
    "clear": lambda one, about: timetables.clear_day(g.actor, one, day=_day(about)),
    "fill": _fill,
    "undo": lambda one, about: timetables.undo(g.actor, one, step_id=uuid_of(about)),
}


def _day(text: str) -> date:
    day = maybe_date(text)
    if day is None:
        raise NotFound
    return day


def _days(found: reading.Dossier, lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    """Return every day a line may stand on, and every day that holds one all the same."""
    grouped = by_day(lines)
    calendar, kind = found.plan.calendar, found.row.kind
    fitting = [day for day in found.plan.days if may_meet(kind, day, calendar)]
    return [
        {
            "day": day,
            "lines": grouped.get(day, ()),
            "number": at,
            "fits": day in fitting,
            "topics": found.plan.lines.get(day, frozenset()),
        }
        for at, day in enumerate(sorted({*fitting, *grouped}), start=1)
    ]


def _choices(found: reading.Dossier) -> list[tuple[str, str]]:
    calendar, kind = found.plan.calendar, found.row.kind
    return [
        (day.isoformat(), f"{said(day)} {weekday(day)}")
        for day in found.plan.days
        if may_meet(kind, day, calendar)
    ]


def _people(table: reading.Timetable) -> list[tuple[str, str]]:
    return [(str(who), name) for who, name in table.people]


def _line_form(found: reading.Dossier, table: reading.Timetable, line: Line | None) -> LineForm:
    form = LineForm(formdata=None)
    form.offer(found.row.kind, _choices(found), _people(table))
    if line is None:
        form.happens_on.data = request.args.get("day", "")
        return form
    form.happens_on.data = line.happens_on.isoformat()
    form.starts.data, form.ends.data, form.title.data = line.starts, line.ends, line.title
    form.topic.data, form.room.data = line.topic, line.room
    form.staff_id.data = str(line.staff_id) if line.staff_id else ""
    return form
