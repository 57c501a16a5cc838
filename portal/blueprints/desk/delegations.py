"""One's own roles during a leave: who stands in, from when, until when."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.actor import ROLE_LABELS
from portal.domain.permissions import Permission
from portal.forms.delegations import HandOverForm
from portal.queries import delegations as reading
from portal.services import delegations as writing
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/leave")
@page(Permission.DESK_ENTER)
def leave() -> ResponseReturnValue:
    return render_template(
        "desk/leave.html",
        roles=ROLE_LABELS,
        own=reading.own_roles(g.actor.user_id),
        rows=reading.concerning(g.actor.user_id),
    )


@bp.get("/leave/<uuid:grant_id>")
@page(Permission.DESK_ENTER)
def leave_form(grant_id: UUID) -> ResponseReturnValue:
    return _form_page(grant_id, _form(grant_id, formdata=None))


@bp.post("/leave/<uuid:grant_id>")
@command(Permission.DESK_ENTER, fresh="grant.change")
def hand_over(grant_id: UUID) -> ResponseReturnValue:
    form = _form(grant_id)
    done = attempt(
        form,
        lambda: writing.hand_over(
            g.actor, grant_id, delegate_id=UUID(form.delegate_id.data),
            valid_from=form.valid_from.data, valid_to=form.valid_to.data,
        ),
    )  # fmt: skip
    if done is None:
        return _form_page(grant_id, form), _REFUSED
    flash(gettext("已交代，到期自动收回。"), "ok")
    return redirect(url_for(".leave"), 303)


@bp.post("/leave/<uuid:delegation_id>/end")
@command(Permission.DESK_ENTER)
def end_leave(delegation_id: UUID) -> ResponseReturnValue:
    writing.end(g.actor, delegation_id, version=shown_version())
    flash(gettext("已收回，立即生效。"), "ok")
    return redirect(url_for(".leave"), 303)


def _form(grant_id: UUID, **given: object) -> HandOverForm:
    if grant_id not in {one.grant_id for one in reading.own_roles(g.actor.user_id)}:
        not_found()
    form = HandOverForm(**given)
    people = reading.colleagues(grant_id)
    form.offer((str(one.id), f"{one.name} {one.email}") for one in people)
    return form


def _form_page(grant_id: UUID, form: HandOverForm) -> str:
    own = next(one for one in reading.own_roles(g.actor.user_id) if one.grant_id == grant_id)
    return render_template("desk/leave_form.html", form=form, own=own, roles=ROLE_LABELS)
