"""Who speaks for my organisation: inviting, changing, removing; taking up an invitation."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.actor import CONTACT
from portal.domain.errors import Conflict, Invalid
from portal.domain.permissions import Permission
from portal.forms.passports import MemberForm
from portal.queries import members as rows
from portal.services import members
from portal.web import passport_words
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page

_REFUSED = 422


@bp.get("/profile/<uuid:supporter_id>/members", endpoint="members")
@page(Permission.MEMBER_MANAGE)
def members_page(supporter_id: UUID) -> ResponseReturnValue:
    return _page(supporter_id, MemberForm(formdata=None))


@bp.post("/profile/<uuid:supporter_id>/members")
@command(Permission.MEMBER_MANAGE)
def invite_member(supporter_id: UUID) -> ResponseReturnValue:
    form = MemberForm()
    given = {"email": form.email.data or "", "name": form.name.data or "", "role": form.role.data}
    rows.organisation(g.actor, supporter_id)
    if attempt(form, members.invite, g.actor, supporter_id, **given) is None:
        return _page(supporter_id, form), _REFUSED
    flash(gettext("邀请已寄出，对方接受后生效。"), "ok")
    return redirect(url_for("mine.members", supporter_id=supporter_id), 303)


@bp.post("/profile/<uuid:supporter_id>/members/<uuid:member_id>")
@command(Permission.MEMBER_MANAGE)
def change_member(supporter_id: UUID, member_id: UUID) -> ResponseReturnValue:
    rows.organisation(g.actor, supporter_id)
    try:
        done = _change(supporter_id, member_id)
    except (Invalid, Conflict) as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for("mine.members", supporter_id=supporter_id), 303)
    flash(done, "ok")
    if supporter_id not in g.actor.supporter_ids or request.form.get("self"):
        return redirect(url_for("mine.profile"), 303)
    return redirect(url_for("mine.members", supporter_id=supporter_id), 303)


@bp.post("/invitations/<uuid:member_id>")
@command()
def answer_invitation(member_id: UUID) -> ResponseReturnValue:
    if request.form.get("answer") == "accept":
        members.accept(g.actor, member_id)
        flash(gettext("已加入，现在可以代表单位办理。"), "ok")
    else:
        members.decline(g.actor, member_id)
        flash(gettext("已谢绝邀请。"), "ok")
    return redirect(url_for("mine.profile"), 303)


def _change(supporter_id: UUID, member_id: UUID) -> str:
    move = request.form.get("move", "")
    if move == "remove":
        members.remove(g.actor, supporter_id, member_id)
        return gettext("已移除，对方立即不能再代表单位。")
    if move != "role":
        not_found()
    members.change_role(g.actor, supporter_id, member_id, role=request.form.get("role", ""))
    return gettext("身份已更改。")


def _page(supporter_id: UUID, form: MemberForm) -> str:
    return render_template(
        "mine/members.html",
        own=rows.organisation(g.actor, supporter_id),
        members=rows.of(g.actor, supporter_id),
        is_contact=g.actor.role_in(supporter_id) == CONTACT,
        form=form,
        words=passport_words.WORDS,
    )
