"""The county's matching: all open needs at once, one need's ranked list, pairs kept or avoided."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.queries import match_counts, match_rules, match_waiting
from portal.queries import matches as reading
from portal.services import match_rules as deciding
from portal.services import matches as writing
from portal.web import match_pages as pages
from portal.web import match_runs as run_lines
from portal.web import match_words
from portal.web.errors import sentence
from portal.web.gate import command, page, safe_next
from portal.web.values import uuid_of

_REFUSED = 422


@bp.get("/matches")
@page(Permission.MATCH_RUN)
def matches() -> ResponseReturnValue:
    here = pages.county()
    q, after = request.args.get("q", "").strip(), request.args.get("after", "")
    return render_template(
        "matches/home.html",
        here=here,
        counties=reading.counties(g.actor),
        size=match_counts.size(here.path, here.tenant_path) if here else None,
        waiting=match_waiting.page(here.path, q, after) if here else None,
        runs=reading.runs(here.path) if here else (),
        rules=pages.rules(match_rules.below(here.path)) if here else (),
        q=q,
        after=after,
    )


@bp.post("/matches")
@command(Permission.MATCH_RUN)
def matches_run() -> ResponseReturnValue:
    here = pages.county()
    run_id = writing.run(g.actor, here.path if here else "")
    return redirect(url_for(".match_run", run_id=run_id), 303)


@bp.get("/matches/runs/<uuid:run_id>")
@page(Permission.MATCH_RUN)
def match_run(run_id: UUID) -> ResponseReturnValue:
    run = reading.run(run_id)
    view, q = request.args.get("view", "pairs"), request.args.get("q", "").strip()
    shown = {"left": run_lines.left, "moved": run_lines.moved}.get(view)
    return render_template(
        "matches/run.html",
        run=run,
        view=view if shown else "pairs",
        lines_of=shown(run) if shown else run_lines.proposals(run, q),
        job=run_lines.job_of(run),
        impossible=run_lines.impossible(run),
        families=run_lines.families(run),
        q=q,
        after=request.args.get("after", ""),
    )


@bp.post("/matches/runs/<uuid:run_id>")
@command(Permission.MATCH_RUN)
def match_propose(run_id: UUID) -> ResponseReturnValue:
    chosen = [uuid_of(text) for text in dict.fromkeys(request.form.getlist("ids"))]
    made, refused = writing.propose(g.actor, run_id, chosen)
    if made:
        flash(gettext("已提出 %(n)s 份结对建议，等另一位同事批准", n=len(made)), "success")
    for why in dict.fromkeys(sentence(refusal) for _, refusal in refused):
        flash(gettext("有的没有提出：%(why)s", why=why), "warning")
    if not chosen:
        flash(gettext("请先勾选要提出的结对"), "warning")
    return redirect(url_for(".match_run", run_id=run_id), 303)


@bp.get("/matches/weights")
@page(Permission.MATCH_RUN)
def match_weights() -> ResponseReturnValue:
    here = pages.county()
    return render_template(
        "matches/weights.html",
        here=here,
        weights=match_words.weights(here.tenant_path) if here else (),
        days=match_words.day_weights(here.tenant_path) if here else (),
    )


@bp.get("/matches/<uuid:need_id>")
@page(Permission.MATCH_RUN)
def match_need(need_id: UUID) -> ResponseReturnValue:
    try:
        return _need_page(need_id)
    except NotFound:
        # A run of before still names it: whoever may read the need learns there what became of it.
        return redirect(url_for(".need", need_id=need_id), 303)


@bp.post("/matches/<uuid:need_id>/propose")
@command(Permission.MATCH_RUN)
def match_propose_one(need_id: UUID) -> ResponseReturnValue:
    person = uuid_of(request.form.get("supporter", ""))
    pairing_id = writing.propose_one(g.actor, need_id, person)
    flash(gettext("已提出结对建议，等另一位同事批准"), "success")
    return redirect(url_for(".pairing", pairing_id=pairing_id), 303)


@bp.post("/matches/<uuid:need_id>/decide")
@command(Permission.MATCH_RUN)
def match_decide(need_id: UUID) -> ResponseReturnValue:
    person = uuid_of(request.form.get("supporter", ""))
    rule, reason = request.form.get("rule", ""), request.form.get("reason", "")
    try:
        deciding.decide(g.actor, need_id, person, rule=rule, reason=reason)
    except Invalid as refusal:
        return _need_page(need_id, refusal, person), _REFUSED
    run_id = pages.run_again()
    flash(gettext("已指定这一对") if rule == deciding.KEEP else gettext("已避开这一对"), "success")
    if run_id is not None:
        return redirect(url_for(".match_run", run_id=run_id, view="moved"), 303)
    return redirect(url_for(".match_need", need_id=need_id), 303)


@bp.post("/matches/rules/<uuid:rule_id>/lift")
@command(Permission.MATCH_RUN)
def match_lift(rule_id: UUID) -> ResponseReturnValue:
    deciding.lift(g.actor, rule_id)
    flash(gettext("已取消，下次计算时和别的人选一样看待"), "success")
    return redirect(safe_next(url_for(".matches")), 303)


def _need_page(need_id: UUID, refusal: Invalid | None = None, tried: UUID | None = None) -> str:
    return render_template(
        "matches/need.html",
        seen=pages.need_page(need_id),
        run_id=pages.shown_run(),
        problem=sentence(refusal) if refusal else "",
        tried=tried,
        typed=request.form,
        q=request.args.get("q", "").strip(),
        after=request.args.get("after", ""),
    )
