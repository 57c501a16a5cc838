"""Links to guardians of a child, what keeps whereabouts, and the paper with code and QR."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal import gateways
from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.queries import facts
from portal.queries import guardians as rows
from portal.services import guardians, protections
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import maybe_uuid


@bp.get("/children/<uuid:child_id>/guardians", endpoint="guardian_links")
@page(Permission.GUARDIAN_LINK)
def links(child_id: UUID) -> ResponseReturnValue:
    found = rows.links(g.actor, child_id)
    return render_template(
        "guardian/links.html",
        child=found,
        history=facts.of_subjects([each.id for each in found.links]),
        sms=gateways.installed().links is not None,
    )


@bp.post("/children/<uuid:child_id>/guardians")
@command(Permission.GUARDIAN_LINK)
def guardian_issue(child_id: UUID) -> ResponseReturnValue:
    guardian_id = maybe_uuid(request.form.get("guardian_id")) or UUID(int=0)
    medium = request.form.get("medium", "")
    try:
        access_id = guardians.issue(g.actor, child_id, guardian_id, medium)
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return redirect(url_for("desk.guardian_links", child_id=child_id), 303)
    if medium == "paper":
        return redirect(url_for("desk.guardian_paper", access_id=access_id), 303)
    flash(gettext("链接已交给短信服务，七天内有效。"), "ok")
    return redirect(url_for("desk.guardian_links", child_id=child_id), 303)


@bp.post("/guardian-links/<uuid:access_id>/revoke")
@command(Permission.GUARDIAN_LINK)
def guardian_revoke(access_id: UUID) -> ResponseReturnValue:
    child_id = guardians.revoke(g.actor, access_id)
    flash(gettext("链接已作废。"), "ok")
    return redirect(url_for("desk.guardian_links", child_id=child_id), 303)


@bp.get("/guardian-links/<uuid:access_id>/paper", endpoint="guardian_paper")
@page(Permission.GUARDIAN_LINK)
def paper(access_id: UUID) -> ResponseReturnValue:
    found = rows.paper(g.actor, access_id)
    token = guardians.token_of(found.id, found.expires_at)
    door = current_app.config["SETTINGS"].public_url.rstrip("/") + "/g"
    picture = segno.make(f"{door}/{token}", error="m")
    return render_template(
        "guardian/paper.html",
        paper=found,
        code=guardians.spelled(token),
        door=door,
        picture=picture.svg_data_uri(scale=5, border=2),
    )


@bp.post("/children/<uuid:child_id>/protection")
@command(Permission.PROTECTION_SET)
def protect(child_id: UUID) -> ResponseReturnValue:
    guardian_id = maybe_uuid(request.form.get("guardian_id"))
    reason = request.form.get("reason", "")
    try:
        protections.protect(g.actor, child_id, reason=reason, guardian_id=guardian_id)
        flash(gettext("已设定，马上生效。"), "ok")
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
    return redirect(url_for("desk.guardian_links", child_id=child_id), 303)


@bp.post("/protections/<uuid:protection_id>/lift")
@command(Permission.PROTECTION_SET)
def lift_protection(protection_id: UUID) -> ResponseReturnValue:
    child_id = protections.lift(g.actor, protection_id)
    flash(gettext("已解除。"), "ok")
    return redirect(url_for("desk.guardian_links", child_id=child_id), 303)
