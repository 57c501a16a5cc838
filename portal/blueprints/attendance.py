"""Taking the roll on a telephone: today's list, a sheet, its paper twin, what a queue sends."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from portal.documents import session_sheets
from portal.domain import clock
from portal.domain.permissions import Permission
from portal.forms.attendance import DecideForm, PaperForm, UnlockForm
from portal.queries import attendance as rows
from portal.queries import roll_calls
from portal.services import session_unlocks
from portal.web import attendance_pages, roll_words, standing
from portal.web.forms import attempt
from portal.web.gate import command, page, public

bp = Blueprint("attendance", __name__, url_prefix="/attendance")
_REFUSED = 422


@bp.get("")
@page(Permission.ATTENDANCE_MARK)
def today() -> ResponseReturnValue:
    return render_template(
        "attendance/today.html",
        lines=roll_calls.coming(g.actor),
        unlocks=roll_calls.unlocks(g.actor),
        decide=DecideForm,
        day=clock.today(),
    )


@bp.get("/token")
@page(Permission.ATTENDANCE_MARK)
def token() -> ResponseReturnValue:
    """Give a page that has been away long a fresh token, and say whose session it is."""
    return jsonify(token=generate_csrf(), owner=str(g.actor.user_id))


@bp.get("/standing")
@public
def session_standing() -> ResponseReturnValue:
    """Tell a device whether it may keep what it holds: in, out, or gone for good."""
    return jsonify(state=standing.of_device())


@bp.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """Show the same page to everybody: nothing of a person stands in it."""
    return render_template("attendance/offline.html", words=roll_words.words())


@bp.get("/kept.json")
@page(Permission.ATTENDANCE_MARK)
def kept() -> ResponseReturnValue:
    """Give a telephone the sheets of today and tomorrow that it may keep."""
    return jsonify(sheets=[attendance_pages.kept(one) for one in roll_calls.sheets(g.actor)])


@bp.get("/<uuid:session_id>")
@page(Permission.ATTENDANCE_MARK)
def sheet(session_id: UUID) -> ResponseReturnValue:
    return _sheet(session_id, UnlockForm(formdata=None))


@bp.get("/<uuid:session_id>/sheet.json")
@page(Permission.ATTENDANCE_MARK)
def sheet_data(session_id: UUID) -> ResponseReturnValue:
    return jsonify(sheet=attendance_pages.kept(rows.sheet(g.actor, session_id)))


@bp.post("/<uuid:session_id>/marks")
@command(Permission.ATTENDANCE_MARK)
def take_in(session_id: UUID) -> ResponseReturnValue:
    """Keep what a telephone sent: every item is answered for itself."""
    return jsonify(refused=attendance_pages.take_in(session_id))


@bp.get("/<uuid:session_id>/print")
@page(Permission.ATTENDANCE_MARK)
def paper_twin(session_id: UUID) -> ResponseReturnValue:
    address = url_for("attendance.sheet", session_id=session_id, _external=True)
    return render_template(
        "attendance/print.html",
        sheet=rows.sheet(g.actor, session_id),
        code=session_sheets.code_of(address),
    )


@bp.get("/<uuid:session_id>/paper")
@page(Permission.ATTENDANCE_MARK)
def paper(session_id: UUID) -> ResponseReturnValue:
    return _paper(session_id, PaperForm(formdata=None))


@bp.post("/<uuid:session_id>/paper")
@command(Permission.ATTENDANCE_MARK)
def type_in(session_id: UUID) -> ResponseReturnValue:
    form = PaperForm()
    if not attendance_pages.typed_in(form, session_id):
        return _paper(session_id, form), _REFUSED
    flash(gettext("纸质表已录入，没写到的孩子都记为到场。"), "ok")
    return redirect(url_for("attendance.sheet", session_id=session_id), 303)


@bp.post("/<uuid:session_id>/unlock")
@command(Permission.ATTENDANCE_MARK)
def ask_unlock(session_id: UUID) -> ResponseReturnValue:
    form = UnlockForm()
    asked = attempt(form, lambda: session_unlocks.ask(g.actor, session_id, reason=form.reason.data))
    if asked is None:
        return _sheet(session_id, form), _REFUSED
    flash(gettext("已申请解锁，等另一位同事同意。"), "ok")
    return redirect(url_for("attendance.sheet", session_id=session_id), 303)


@bp.post("/unlocks/<uuid:unlock_id>")
@command(Permission.ATTENDANCE_UNLOCK)
def decide_unlock(unlock_id: UUID) -> ResponseReturnValue:
    form = DecideForm()
    if request.form.get("transition") == "decline":
        session_unlocks.decline(
            g.actor, unlock_id, reason=form.reason.data or "", version=form.seen
        )
        flash(gettext("已答复申请人"), "ok")
    else:
        session_unlocks.approve(g.actor, unlock_id, version=form.seen)
        flash(gettext("已解锁，24小时内可以补改"), "ok")
    return redirect(url_for("attendance.today"), 303)


def _sheet(session_id: UUID, ask: UnlockForm) -> str:
    found = rows.sheet(g.actor, session_id)
    return render_template(
        "attendance/sheet.html",
        sheet=found,
        kept=attendance_pages.kept(found),
        may_keep=found.programme_id in g.actor.programme_ids,
        ask=ask,
        words=roll_words.words(),
    )


def _paper(session_id: UUID, form: PaperForm) -> str:
    return render_template(
        "attendance/paper.html", sheet=rows.sheet(g.actor, session_id), form=form
    )
