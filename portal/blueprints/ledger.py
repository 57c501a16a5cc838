"""Staff: form 1 comes in with a preview and goes out as the official workbook."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import clock
from portal.domain.ledger_stage import Verdict
from portal.domain.permissions import Permission
from portal.forms.ledger import ExportForm, UploadForm
from portal.queries import ledger as reading
from portal.queries import ledger_pages
from portal.services import ledger, ledger_apply
from portal.web import ledger_files
from portal.web.forms import attempt, tell_apart
from portal.web.gate import command, page
from portal.web.ledger_pages import job_of, said, tabs

bp = Blueprint("ledger", __name__, url_prefix="/children/ledger")
bp.add_app_template_filter(said)
_REFUSED = 422


@bp.get("")
@page(Permission.LEDGER_EXPORT)
def home() -> ResponseReturnValue:
    return _home(UploadForm(), ExportForm(year=clock.today().year))


@bp.post("")
@command(Permission.LEDGER_IMPORT)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    bureaus = reading.bureaus(g.actor)
    form.offer(bureaus)
    taken = attempt(
        form, lambda: ledger_files.take(g.actor, form.bureau.data, form.file.data)
    )  # fmt: skip
    if taken is None:
        return _home(form, ExportForm(formdata=None, year=clock.today().year)), _REFUSED
    batch_id, fresh = taken
    if not fresh:
        flash(gettext("这个文件以前上传过，没有再读一次。"), "info")
    return _to(batch_id)


@bp.post("/export")
@command(Permission.LEDGER_EXPORT, fresh="ledger.export")
def export() -> ResponseReturnValue:
    form = ExportForm()
    form.offer(reading.bureaus(g.actor))
    answer = attempt(
        form, lambda: ledger_files.send_ledger(form.bureau.data, form.year.data, form.reason.data)
    )
    if answer is None:
        return _home(UploadForm(formdata=None), form), _REFUSED
    return answer


@bp.get("/<uuid:batch_id>")
@page(Permission.LEDGER_EXPORT)
def batch(batch_id: UUID) -> ResponseReturnValue:
    found = reading.batch(batch_id)
    shown = tabs(found, request.args.get("verdict", ""))
    verdict = Verdict(next(tab.verdict for tab in shown if tab.active))
    return render_template(
        "ledger/batch.html",
        batch=found,
        tabs=shown,
        verdict=verdict,
        after=request.args.get("after", ""),
        page=ledger_pages.page(g.actor, found, verdict, request.args.get("after", "")),
        job=job_of(found, g.actor),
    )


@bp.post("/<uuid:batch_id>/apply")
@command(Permission.LEDGER_IMPORT)
def apply(batch_id: UUID) -> ResponseReturnValue:
    if ledger.is_large(ledger.get(batch_id)):
        ledger_apply.owe_apply(g.actor, batch_id)
    else:
        ledger_apply.apply(g.actor, batch_id)
        flash(gettext("已导入。新增和变动的档案都已写入。"), "success")
    return _to(batch_id)


@bp.post("/<uuid:batch_id>/recheck")
@command(Permission.LEDGER_IMPORT)
def recheck(batch_id: UUID) -> ResponseReturnValue:
    if ledger.is_large(ledger.get(batch_id)):
        ledger.owe_recheck(g.actor, batch_id)
    else:
        ledger.recheck(g.actor, batch_id)
        flash(gettext("已按现在的档案重新核对。"), "success")
    return _to(batch_id)


@bp.post("/<uuid:batch_id>/again")
@command(Permission.LEDGER_IMPORT)
def again(batch_id: UUID) -> ResponseReturnValue:
    return _to(ledger.read_again(g.actor, batch_id).id)


@bp.post("/<uuid:batch_id>/discard")
@command(Permission.LEDGER_IMPORT)
def discard(batch_id: UUID) -> ResponseReturnValue:
    ledger.discard(g.actor, batch_id)
    flash(gettext("已放弃，没有改动任何档案。"), "success")
    return redirect(url_for("ledger.home"), 303)


@bp.get("/<uuid:batch_id>/rejects.xlsx")
@page(Permission.LEDGER_IMPORT)
def rejects(batch_id: UUID) -> ResponseReturnValue:
    return ledger_files.send_rejects(batch_id)


def _to(batch_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("ledger.batch", batch_id=batch_id), 303)


def _home(upload_form: UploadForm, export_form: ExportForm) -> str:
    bureaus = reading.bureaus(g.actor)
    for form in (upload_form, export_form):
        form.offer(bureaus)
    tell_apart(export_form, "export")
    return render_template(
        "ledger/home.html", upload=upload_form, export=export_form, batches=reading.recent()
    )
