"""My rights: everything about myself to read or keep, requests with a clock, texts to accept."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import subject_export
from portal.domain.actor import CONTACT
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.queries import account_closing as closing
from portal.queries import deadlines, subject_data, supporters
from portal.queries import rights as rows
from portal.services import account_closing, rights, texts
from portal.web import agreements, downloads
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.session import leave

bp = Blueprint("rights", __name__, url_prefix="/me")
_REFUSED = 422


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


@bp.post("/rights/requests/<uuid:request_id>/retract")
@command(Permission.RIGHTS_ASK)
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
        requests=rows.own(g.actor),
        problems=problems,
        tried=tried,
        typed=request.form,
        may_close=closing.may_close(g.actor),
        days=deadlines.own_answer_days(g.actor),
    )
