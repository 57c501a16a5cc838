"""My rights: everything about myself to read or keep, requests with a clock, texts to accept."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import subject_export
from portal.domain.actor import CONTACT
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.queries import account_closing as closing
from portal.queries import account_data, deadlines, subject_data, supporters
from portal.queries import rights as rows
from portal.services import account_closing, account_rights, rights, texts
from portal.web import agreements, downloads
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.session import leave

bp = Blueprint("rights", __name__, url_prefix="/me")
_REFUSED = 422
_TWICE = 409


@bp.get("/rights")
@page()
def home() -> ResponseReturnValue:
    return _home({}, None)


@bp.post("/rights/<uuid:supporter_id>")
@command(Permission.RIGHTS_ASK)
def ask(supporter_id: UUID) -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("kind", "field", "words")}
    try:
        rights.ask(g.actor, supporter_id, **given)
    except Invalid as refusal:
        return _home({"": sentence(refusal), **refusal.fields}, supporter_id), _REFUSED
    except Conflict as refusal:
        return _home({"": sentence(refusal)}, supporter_id), _TWICE
    flash(
        gettext(
            "已收到，最迟 %(days)s 个工作日书面答复。", days=deadlines.own_answer_days(g.actor)
        ),
        "ok",
    )
    return redirect(url_for("rights.home"), 303)


@bp.post("/rights/<uuid:supporter_id>/copy")
@command(Permission.RIGHTS_ASK)
def copy(supporter_id: UUID) -> ResponseReturnValue:
    rights.copied(g.actor, supporter_id)
    data = subject_export.archive(subject_data.of_supporter(g.actor, supporter_id))
    return downloads.archive(data, gettext("本人资料") + ".zip")


@bp.post("/rights/account/copy")
@command()
def copy_account() -> ResponseReturnValue:
    account_rights.copied(g.actor)
    data = subject_export.archive(account_data.of_account(g.actor))
    return downloads.archive(data, gettext("本人账号资料") + ".zip")


@bp.post("/rights/account/correct")
@command()
def correct_account() -> ResponseReturnValue:
    given = {name: request.form.get(name, "") for name in ("field", "words")}
    try:
        done = account_rights.correct(g.actor, **given)
    except Invalid as refusal:
        problems = {"": sentence(refusal), **refusal.fields}
        return _home(problems, g.actor.user_id), _REFUSED
    flash(gettext("已更正。") if done else gettext("已收到，由工作人员书面答复。"), "ok")
    return redirect(url_for("rights.home"), 303)


@bp.post("/rights/requests/<uuid:request_id>/retract")
@command()
def retract(request_id: UUID) -> ResponseReturnValue:
    rights.retract(g.actor, request_id)
    flash(gettext("请求已收回。"), "ok")
    return redirect(url_for("rights.home"), 303)


@bp.get("/agreements")
@page()
def read() -> ResponseReturnValue:
    return render_template("rights/agreements.html", asked=agreements.to_read())


@bp.post("/agreements/<uuid:supporter_id>")
@command(Permission.RIGHTS_ASK)
def agree(supporter_id: UUID) -> ResponseReturnValue:
    kinds = request.form.getlist("kind")
    accepted = {kind: request.form.get(f"number-{kind}", "") for kind in kinds}
    texts.accept(g.actor, supporter_id, accepted)
    flash(gettext("已记下您同意的版本，谢谢。"), "ok")
    return redirect(url_for("rights.read" if agreements.to_read() else "mine.home"), 303)


@bp.post("/rights/account/close")
@command(fresh="account.close")
def close_account() -> ResponseReturnValue:
    account_closing.close(g.actor)
    leave()
    flash(gettext("账号已经删除，谢谢您来过。"), "ok")
    return redirect(url_for("public.home"), 303)


def _may_ask(one: supporters.Dossier) -> bool:
    return one.status != "erased" and g.actor.role_in(one.id) == CONTACT


def _home(problems: dict[str, str], tried: UUID | None) -> str:
    return render_template(
        "rights/home.html",
        mine=[one for one in supporters.own(g.actor) if _may_ask(one)],
        account=account_data.summary(g.actor),
        requests=[*rows.own(g.actor), *account_data.asked(g.actor)],
        problems=problems,
        tried=tried,
        typed=request.form,
        may_close=closing.may_close(g.actor),
        days=deadlines.own_answer_days(g.actor),
    )
