"""The county's pairing needs: what waits, who applied, who offers; one at a time or several."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Conflict, Invalid, NotAllowed
from portal.domain.needs import KINDS
from portal.domain.permissions import Permission
from portal.queries import need_applications as applying
from portal.queries import needs as reading
from portal.services import need_applications, need_publication, pairings
from portal.services import needs as verbs
from portal.web import need_desk, need_page
from portal.web.errors import sentence
from portal.web.gate import command, page, safe_next
from portal.web.values import shown_version, ticked


@bp.get("/needs")
@page(Permission.NEED_READ)
def needs() -> ResponseReturnValue:
    tab = need_desk.chosen(request.args.get("tab", ""))
    wanted, counts = need_desk.wanted(tab), reading.counts()
    found = reading.queue(g.actor, wanted)
    return render_template(
        "needs/queue.html",
        page=found,
        tab=tab,
        tabs=need_desk.tabs(tab, counts),
        bulk=need_desk.bulk(tab),
        kinds=[(code, gettext(kind.label)) for code, kind in KINDS.items()],
        asked=wanted,
        next_url=need_desk.next_url(tab, found, wanted),
        ready=counts.get("approved", 0),
    )


@bp.post("/needs")
@command(Permission.NEED_READ)
def needs_bulk() -> ResponseReturnValue:
    chosen = ticked(request.form.getlist("ids"))
    move = request.form.get("transition", "")
    done, refused = verbs.act_on_all(g.actor, chosen, move, request.form.get("reason", ""))
    if done:
        flash(gettext("%(n)s 项需求已处理", n=len(done)), "success")
    for why in dict.fromkeys(sentence(refusal) for _, refusal in refused):
        flash(gettext("有的没有处理：%(why)s", why=why), "warning")
    return redirect(url_for(".needs", tab=request.form.get("tab", "")), 303)


@bp.post("/needs/release")
@command(Permission.BATCH_RELEASE)
def release_needs() -> ResponseReturnValue:
    tenant = next(grant.tenant_path for grant in g.actor.grants if grant.tenant_path)
    done = need_publication.release(g.actor, tenant_path=tenant)
    flash(gettext("已公开%(n)s张卡片", n=done.published), "success")
    if done.held:
        flash(gettext("%(n)s项合得上的儿童不够，改为由工作人员物色", n=done.held), "warning")
    return redirect(url_for(".needs", tab="published"), 303)


@bp.get("/needs/<uuid:need_id>")
@page(Permission.NEED_READ)
def need(need_id: UUID) -> ResponseReturnValue:
    return need_desk.dossier_page("needs/dossier.html", need_id)


@bp.post("/needs/<uuid:need_id>")
@command(Permission.NEED_READ)
def need_move(need_id: UUID) -> ResponseReturnValue:
    following = reading.dossier(g.actor, need_id).next_id
    said = need_desk.move_and_say(need_id)
    if said is not None:
        return need_desk.dossier_page("needs/dossier.html", need_id, refused=said), 422
    if following is not None:
        return redirect(url_for(".need", need_id=following), 303)
    return redirect(url_for(".needs"), 303)


@bp.get("/needs/applications")
@page(Permission.PAIRING_MANAGE)
def need_applications_list() -> ResponseReturnValue:
    return render_template("needs/applications.html", rows=applying.lodged(g.actor))


@bp.post("/needs/applications/<uuid:application_id>/decline")
@command(Permission.NEED_APPROVE)
def decline_application(application_id: UUID) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    need_applications.decline(g.actor, application_id, reason=reason, version=shown_version())
    flash(gettext("已谢绝，已通知申请人"), "success")
    return redirect(safe_next(url_for(".need_applications_list")), 303)


@bp.post("/needs/applications/<uuid:application_id>/propose")
@command(Permission.PAIRING_MANAGE)
def propose_applicant(application_id: UUID) -> ResponseReturnValue:
    row = applying.get(application_id)
    try:
        pairing_id = pairings.propose(
            g.actor,
            row.need_id,
            row.supporter_id,
            origin="application",
            application_id=application_id,
        )
    except (Conflict, Invalid, NotAllowed) as refusal:
        return need_page.told(sentence(refusal), url_for(".need", need_id=row.need_id))
    flash(gettext("已提议，等另一位同事批准"), "success")
    return redirect(url_for(".pairing", pairing_id=pairing_id), 303)


@bp.get("/needs/offers")
@page(Permission.PAIRING_MANAGE)
def need_offers() -> ResponseReturnValue:
    return render_template("needs/offers.html", rows=applying.open_offers(g.actor))
