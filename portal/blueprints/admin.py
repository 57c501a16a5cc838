"""Administrators: who works here, in which role, until when; and what each role may do."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain.actor import ROLE_LABELS, Role
from portal.domain.permissions import Permission
from portal.domain.role_matrix import matrix as role_matrix
from portal.domain.role_samples import samples as role_samples
from portal.forms.delegations import HandOverForm
from portal.forms.people import GrantForm, InviteStaffForm
from portal.queries import delegations as delegated
from portal.queries import people
from portal.services import delegations, grants
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version

bp = Blueprint("admin", __name__, url_prefix="/admin")
_REFUSED = 422


@bp.get("/people", endpoint="people")
@page(Permission.GRANT_MANAGE)
def people_page() -> ResponseReturnValue:
    given = {name: request.args.get(name, "") for name in ("q", "role", "after")}
    return render_template(
        "admin/people.html", page=people.index(g.actor, **given), roles=ROLE_LABELS, given=given
    )


@bp.get("/people/add")
@page(Permission.GRANT_MANAGE)
def choose() -> ResponseReturnValue:
    return _add_page(InviteStaffForm(formdata=None, **_chosen()), None)


@bp.post("/people/add")
@command(Permission.GRANT_MANAGE, fresh="grant.change")
def add() -> ResponseReturnValue:
    form = InviteStaffForm()
    given = {"email": form.email.data or "", "name": form.name.data or ""}
    if (user_id := attempt(form, grants.invite, g.actor, **given, **_where(form))) is None:
        return _add_page(form, None), _REFUSED
    flash(gettext("岗位已授予；新账号的开通邀请已寄出。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.get("/people/<uuid:user_id>")
@page(Permission.GRANT_MANAGE)
def person(user_id: UUID) -> ResponseReturnValue:
    return render_template(
        "admin/person.html",
        person=people.person(g.actor, user_id),
        roles=ROLE_LABELS,
        delegations=delegated.of_holder(g.actor, user_id),
        kept_roles=delegated.NOT_HANDED_OVER,
    )


@bp.get("/people/<uuid:user_id>/grant")
@page(Permission.GRANT_MANAGE)
def choose_grant(user_id: UUID) -> ResponseReturnValue:
    someone = people.person(g.actor, user_id)
    return _add_page(GrantForm(formdata=None, **_chosen()), someone)


@bp.post("/people/<uuid:user_id>/grant")
@command(Permission.GRANT_MANAGE, fresh="grant.change")
def add_grant(user_id: UUID) -> ResponseReturnValue:
    someone = people.person(g.actor, user_id)
    form = GrantForm()
    if attempt(form, grants.grant, g.actor, user_id, **_where(form)) is None:
        return _add_page(form, someone), _REFUSED
    flash(gettext("岗位已授予。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/people/<uuid:user_id>/invite")
@command(Permission.GRANT_MANAGE, fresh="grant.change")
def invite_again(user_id: UUID) -> ResponseReturnValue:
    grants.invite_again(g.actor, user_id)
    flash(gettext("邀请已重新寄出，旧链接不再有效。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/grants/<uuid:grant_id>/end")
@command(Permission.GRANT_MANAGE, fresh="grant.change")
def end(grant_id: UUID) -> ResponseReturnValue:
    version = shown_version()
    user_id = grants.end(g.actor, grant_id, version=version)
    flash(gettext("岗位已结束，立即生效。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.get("/grants/<uuid:grant_id>/delegate")
@page(Permission.GRANT_MANAGE)
def delegate_form(grant_id: UUID) -> ResponseReturnValue:
    return _delegate_page(grant_id, _delegate(grant_id, formdata=None))


@bp.post("/grants/<uuid:grant_id>/delegate")
@command(Permission.GRANT_MANAGE, fresh="grant.change")
def delegate(grant_id: UUID) -> ResponseReturnValue:
    holder, form = delegated.holder_of(g.actor, grant_id), _delegate(grant_id)
    done = attempt(
        form,
        lambda: delegations.hand_over(
            g.actor, grant_id, delegate_id=UUID(form.delegate_id.data),
            valid_from=form.valid_from.data, valid_to=form.valid_to.data,
        ),
    )  # fmt: skip
    if done is None:
        return _delegate_page(grant_id, form), _REFUSED
    flash(gettext("已交代，到期自动收回。"), "ok")
    return redirect(url_for("admin.person", user_id=holder.id), 303)


@bp.post("/delegations/<uuid:delegation_id>/end")
@command(Permission.GRANT_MANAGE)
def end_delegation(delegation_id: UUID) -> ResponseReturnValue:
    version = shown_version()
    user_id = delegations.end(g.actor, delegation_id, version=version)
    flash(gettext("已收回，立即生效。"), "ok")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.get("/roles")
@page(Permission.ROLE_MATRIX_READ)
def matrix() -> ResponseReturnValue:
    return render_template(
        "admin/roles.html", roles=ROLE_LABELS, rows=role_matrix(), samples=role_samples()
    )


def _role(text: str | None) -> Role | None:
    return Role(text) if text in set(Role) else None


def _chosen() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("role", "unit_path")}


def _where(form: GrantForm) -> dict[str, object]:
    role = _role(form.role.data)
    if role is None:
        not_found()
    return {"role": role, "unit_path": form.unit_path.data, "valid_to": form.valid_to.data}


def _add_page(form: GrantForm, someone: people.PersonRow | None) -> str:
    role, unit_path = _role(form.role.data), form.unit_path.data or ""
    q = request.args.get("q", "")
    return render_template(
        "admin/add.html",
        form=form,
        someone=someone,
        role=role,
        roles=ROLE_LABELS,
        q=q,
        units=people.units_for(g.actor, role, q) if role else (),
        unit=people.unit_name(g.actor, unit_path) if unit_path else "",
    )


def _delegate(grant_id: UUID, **given: object) -> HandOverForm:
    delegated.holder_of(g.actor, grant_id)
    form = HandOverForm(**given)
    people_there = delegated.colleagues(grant_id)
    offered = [one for one in people_there if one.id != g.actor.user_id]
    form.offer((str(one.id), f"{one.name} {one.email}") for one in offered)
    return form


def _delegate_page(grant_id: UUID, form: HandOverForm) -> str:
    holder = delegated.holder_of(g.actor, grant_id)
    person = people.person(g.actor, holder.id)
    grant = next(one for one in person.grants if one.id == grant_id)
    return render_template(
        "admin/delegate.html", form=form, person=person, grant=grant, roles=ROLE_LABELS
    )
