"""My hours: what I told of, what counts, what came back, what I want corrected."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.hours import CorrectServiceForm, ServiceForm, WordsForm
from portal.queries import certificates as certificate_rows
from portal.queries import service_records as rows
from portal.services import record_corrections, service_records
from portal.web import hours_files
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.hours import filled
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/hours")
@page(Permission.HOURS_ENTER)
def hours() -> ResponseReturnValue:
    records, after = rows.mine(g.actor, request.args.get("after", ""))
    return render_template(
        "hours/mine.html",
        records=records,
        after=after,
        first="after" not in request.args,
        totals=rows.totals(g.actor),
        speakers=rows.speakers(g.actor),
        certificates=certificate_rows.mine(g.actor),
    )


@bp.get("/hours.xlsx")
@page(Permission.HOURS_ENTER)
def hours_workbook() -> ResponseReturnValue:
    return hours_files.send_own(rows.all_mine(g.actor))


@bp.get("/hours/new")
@page(Permission.HOURS_ENTER)
def new_hours() -> ResponseReturnValue:
    return _new_page(ServiceForm())


@bp.post("/hours/new")
@command(Permission.HOURS_ENTER)
def enter_hours() -> ResponseReturnValue:
    form = ServiceForm()
    form.offer(rows.speakers(g.actor))
    told = attempt(
        form,
        lambda: service_records.enter(
            g.actor, form.supporter_id, form.service(), organiser=form.organiser.data
        ),
    )
    if told is None:
        return _new_page(form), _REFUSED
    flash(gettext("已登记，等待民政局核实。"), "ok")
    return redirect(url_for("mine.hours"), 303)


@bp.get("/hours/<uuid:record_id>")
@page(Permission.HOURS_ENTER)
def one_record(record_id: UUID) -> ResponseReturnValue:
    return _record_page(record_id, None, WordsForm())


@bp.post("/hours/<uuid:record_id>")
@command(Permission.HOURS_ENTER)
def correct_hours(record_id: UUID) -> ResponseReturnValue:
    form = CorrectServiceForm()
    sent = attempt(
        form,
        lambda: service_records.resubmit(g.actor, record_id, form.service(), version=form.seen),
    )
    if sent is None:
        return _record_page(record_id, form, WordsForm(formdata=None)), _REFUSED
    flash(gettext("已重新提交，等待民政局核实。"), "ok")
    return redirect(url_for("mine.hours"), 303)


@bp.post("/hours/<uuid:record_id>/withdraw")
@command(Permission.HOURS_ENTER)
def withdraw_hours(record_id: UUID) -> ResponseReturnValue:
    service_records.withdraw(g.actor, record_id, version=shown_version())
    flash(gettext("已撤回，不计入服务时长。"), "ok")
    return redirect(url_for("mine.hours"), 303)


@bp.post("/hours/<uuid:record_id>/correction")
@command(Permission.HOURS_ENTER)
def ask_correction(record_id: UUID) -> ResponseReturnValue:
    form = WordsForm()
    asked = attempt(
        form, lambda: record_corrections.ask(g.actor, record_id, words=form.words.data or "")
    )
    if asked is None:
        return _record_page(record_id, None, form), _REFUSED
    flash(gettext("已提交更正请求，民政局会书面答复。"), "ok")
    return redirect(url_for("mine.one_record", record_id=record_id), 303)


def _new_page(form: ServiceForm) -> str:
    speakers = rows.speakers(g.actor)
    form.offer(speakers)
    return render_template("hours/new.html", form=form, speakers=speakers)


def _record_page(record_id: UUID, form: CorrectServiceForm | None, asking: WordsForm) -> str:
    record = rows.own_one(g.actor, record_id)
    return render_template(
        "hours/record.html",
        record=record,
        form=form or filled(record),
        asking=asking,
        corrections=rows.corrections_of(record_id),
    )
