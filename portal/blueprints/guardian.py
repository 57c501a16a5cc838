"""A guardian's page, without an account: a code, a second check, then one child's consents."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import subject_export
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.services import guardian_copies, guardians, pairing_meetings
from portal.services.guardians import Opening
from portal.web import downloads, pairing_words, reading
from portal.web.errors import sentence
from portal.web.gate import public, public_command
from portal.web.pace import alike

bp = Blueprint("guardian", __name__, url_prefix="/g")
_KEY = "guardian"
_REFUSED = 422
_TWICE = 409


@bp.after_request
def keep_nothing(answer: Response) -> Response:
    """Keep these pages out of every cache, and their address out of every referrer."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("", endpoint="door")
@public
def door_page() -> ResponseReturnValue:
    return render_template("guardian/door.html", token="", problem="")


@bp.post("")
@alike
@public_command
def type_in() -> ResponseReturnValue:
    return _enter(request.form.get("token", ""))


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    if (opening := _opened(token)) is None:
        return render_template("guardian/door.html", token=token, problem="")
    return _page(token, opening, {})


@bp.post("/<token>")
@alike
@public_command
def enter(token: str) -> ResponseReturnValue:
    return _enter(token)


@bp.post("/<token>/withdraw")
@public_command
def withdraw(token: str) -> ResponseReturnValue:
    opening = must(token)
    guardians.withdraw(opening, request.form.get("purpose", ""))
    flash(gettext("已撤回，马上生效：相关卡片已拿下，没寄出的通知不再寄。"), "ok")
    return redirect(url_for("guardian.show", token=token), 303)


@bp.post("/<token>/agree/<uuid:pairing_id>")
@public_command
def agree(token: str, pairing_id: UUID) -> ResponseReturnValue:
    pairing_meetings.agree_by_link(must(token), pairing_id)
    flash(gettext("已记下您的同意。见面由儿童主任陪同，时间会提前告诉您。"), "ok")
    return redirect(url_for("guardian.show", token=token), 303)


@bp.post("/<token>/ask")
@public_command
def ask(token: str) -> ResponseReturnValue:
    opening = must(token)
    given = {name: request.form.get(name, "") for name in ("kind", "field", "words")}
    try:
        guardians.ask(opening, **given)
    except Invalid as refusal:
        return _page(token, opening, {"": sentence(refusal), **refusal.fields}), _REFUSED
    except Conflict as refusal:
        return _page(token, opening, {"": sentence(refusal)}), _TWICE
    flash(gettext("已收到。最迟哪天书面答复，下面写着；答复也会出现在那里。"), "ok")
    return redirect(url_for("guardian.show", token=token), 303)


@bp.post("/<token>/copy")
@public_command
def copy(token: str) -> ResponseReturnValue:
    data = subject_export.archive(guardian_copies.online(must(token)))
    return downloads.archive(data, gettext("孩子的资料") + ".zip")


@bp.post("/<token>/leave")
@public_command
def leave(token: str) -> ResponseReturnValue:
    session.pop(_KEY, None)
    return redirect(url_for("guardian.door"), 303)


def _enter(token: str) -> ResponseReturnValue:
    proof = request.form.get("proof", "")
    try:
        opening = guardians.enter(token, proof, address=request.remote_addr or "")
    except NotFound as refusal:
        problem = sentence(refusal)
        return render_template("guardian/door.html", token=token, problem=problem), _REFUSED
    until = int(clock.now().timestamp() + guardians.OPEN_FOR.total_seconds())
    session[_KEY] = [str(opening.access_id), until]
    return redirect(url_for("guardian.show", token=guardians.typed_token(token)), 303)


def _opened(token: str) -> Opening | None:
    """Return the link when its second check was passed in this browser a short while ago."""
    held = session.get(_KEY)
    if not held or held[1] < clock.now().timestamp():
        return None
    opening = guardians.find(token)
    return opening if opening and opening.access_id == UUID(held[0]) else None


def must(token: str) -> Opening:
    """Return the link that is open in this browser; NotFound asks to open it again."""
    opening = _opened(token)
    if opening is None:
        raise NotFound(gettext("请重新打开链接并核对手机号后四位"))
    return opening


def _page(token: str, opening: Opening, problems: dict[str, str]) -> str:
    child = guardian_copies.page(opening)
    return render_template(
        "guardian/page.html",
        token=token,
        child=child,
        bond=pairing_words,
        pairings=guardian_copies.pairings(opening),
        consent=reading.consent(child.authority_code, child.authority),
        problems=problems,
        typed=request.form,
    )
