"""Family video calls on the desk: the week of a room, booking, what became of a call."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.lifecycles.video_calls import MACHINE
from portal.domain.permissions import Permission
from portal.forms.video_calls import BookForm, MoveForm, RoomForm
from portal.queries import video_calls as rows
from portal.services import video_calls
from portal.web import video_pages
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/video-calls", endpoint="video_calls")
@page(Permission.VIDEO_CALL_READ)
def week() -> ResponseReturnValue:
    return render_template("video_calls/week.html", **video_pages.week())


@bp.get("/video-calls/new", endpoint="video_call_new")
@page(Permission.VIDEO_CALL_BOOK)
def new() -> ResponseReturnValue:
    room = video_pages.room_asked()
    form = BookForm(formdata=None)
    video_pages.offer(form, room)
    video_pages.begin(form)
    return render_template("video_calls/new.html", form=form, room=room)


@bp.post("/video-calls/new", endpoint="video_call_book")
@command(Permission.VIDEO_CALL_BOOK)
def book() -> ResponseReturnValue:
    room = video_pages.room_asked()
    form = BookForm()
    video_pages.offer(form, room)
    made = attempt(form, lambda: video_pages.book(room, form))
    if made is None:
        return render_template("video_calls/new.html", form=form, room=room), _REFUSED
    flash(gettext("已约好。前一天会提醒儿童主任。"), "ok")
    return redirect(url_for("desk.video_call", call_id=made), 303)


@bp.get("/video-calls/<uuid:call_id>", endpoint="video_call")
@page(Permission.VIDEO_CALL_READ)
def call(call_id: UUID) -> ResponseReturnValue:
    return _call_page(call_id)


@bp.post("/video-calls/<uuid:call_id>", endpoint="video_call_act")
@command(Permission.VIDEO_CALL_BOOK)
def act(call_id: UUID) -> ResponseReturnValue:
    step = request.form.get("transition", "")
    if step not in _ACTS:
        not_found()
    rows.call(g.actor, call_id)
    try:
        _ACTS[step](call_id, shown_version())
    except Invalid as refusal:
        return _call_page(call_id, {"": sentence(refusal), **refusal.fields}), _REFUSED
    flash(gettext(MACHINE.transition(step).done), "ok")
    return redirect(url_for("desk.video_call", call_id=call_id), 303)


@bp.post("/video-calls/<uuid:call_id>/move", endpoint="video_call_move")
@command(Permission.VIDEO_CALL_BOOK)
def move(call_id: UUID) -> ResponseReturnValue:
    form = video_pages.move_form(rows.call(g.actor, call_id))
    moved = attempt(
        form,
        lambda: video_calls.move(
            g.actor, call_id, happens_on=form.happens_on.data, starts=form.starts.data or "",
            version=form.seen,
        ),
    )  # fmt: skip
    if moved is None:
        return _call_page(call_id, form=form), _REFUSED
    flash(gettext("已改期。"), "ok")
    return redirect(url_for("desk.video_call", call_id=call_id), 303)


@bp.get("/video-calls/rooms", endpoint="video_rooms")
@page(Permission.VIDEO_ROOM_MANAGE)
def rooms() -> ResponseReturnValue:
    return _rooms_page(RoomForm(formdata=None))


@bp.post("/video-calls/rooms", endpoint="video_room_open")
@command(Permission.VIDEO_ROOM_MANAGE)
def open_room() -> ResponseReturnValue:
    form = RoomForm()
    form.offer(video_pages.places())
    if attempt(form, lambda: video_pages.open_room(form)) is None:
        return _rooms_page(form), _REFUSED
    flash(gettext("连线室已开放预约。"), "ok")
    return redirect(url_for("desk.video_rooms"), 303)


@bp.post("/video-calls/rooms/<uuid:room_id>/close", endpoint="video_room_close")
@command(Permission.VIDEO_ROOM_MANAGE)
def close_room(room_id: UUID) -> ResponseReturnValue:
    video_calls.close_room(g.actor, room_id, version=shown_version())
    flash(gettext("这间连线室不再接受预约。"), "ok")
    return redirect(url_for("desk.video_rooms"), 303)


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "done": lambda each, version: video_calls.done(
        g.actor, each, minutes=request.form.get("minutes", type=int), version=version
    ),
    "missed": lambda each, version: video_calls.missed(
        g.actor, each, reason=request.form.get("reason", ""), version=version
    ),
    "cancel": lambda each, version: video_calls.cancel(
        g.actor, each, reason=request.form.get("reason", ""), version=version
    ),
}


def _call_page(
    call_id: UUID, problems: dict[str, str] | None = None, form: MoveForm | None = None
) -> str:
    found = rows.call(g.actor, call_id)
    return render_template(
        "video_calls/call.html",
        call=found,
        relation=video_pages.relation(found.relation),
        form=form or video_pages.move_form(found, blank=True),
        problems=problems or {},
    )


def _rooms_page(form: RoomForm) -> str:
    form.offer(video_pages.places())
    return render_template(
        "video_calls/rooms.html",
        form=form,
        rooms=rows.rooms(g.actor),
        weekdays=video_pages.weekdays,
    )
