"""Calendars behind secret addresses: made, shown once, taken back; what an address answers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import calendar_feed
from portal.domain import clock
from portal.queries import calendar_feeds as feeds
from portal.queries import programmes as reading
from portal.services import calendar_feeds
from portal.web.gate import command, page, public

bp = Blueprint("calendars", __name__)
_CREATED = 201


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    found = feeds.read(token)
    events = [
        calendar_feed.Event(
            one.uid, one.day, one.starts, one.ends, one.title, one.place, one.cancelled
        )
        for one in found.entries
    ]
    answer = Response(calendar_feed.write(found.name, events, clock.now()))
    answer.headers["Content-Type"] = calendar_feed.MIME
    answer.headers["Cache-Control"] = "private, max-age=900"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.get("/account/calendars")
@page()
def index() -> ResponseReturnValue:
    return _calendars_page()


@bp.post("/account/calendars")
@command()
def make() -> ResponseReturnValue:
    code = request.form.get("code", "")
    programme_id = reading.by_code(g.actor, code) if code else None
    label = request.form.get("label", "")
    _, token = calendar_feeds.issue(g.actor, programme_id=programme_id, label=label)
    return _calendars_page(token), _CREATED


@bp.post("/account/calendars/<uuid:feed_id>/revoke")
@command()
def revoke(feed_id: UUID) -> ResponseReturnValue:
    calendar_feeds.revoke(g.actor, feed_id)
    flash(gettext("这个地址已停用，再也打不开"), "success")
    return redirect(url_for(".index"), 303)


def _calendars_page(token: str = "") -> str:
    code = request.values.get("code", "")
    return render_template(
        "programmes/calendars.html",
        feeds=feeds.of_user(g.actor),
        code=code,
        address=url_for(".feed", token=token, _external=True) if token else "",
    )
