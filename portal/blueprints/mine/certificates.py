"""My certificates: ask, follow the publicity, download, print."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.forms.hours import CertificateForm
from portal.queries import certificates as rows
from portal.queries import service_records
from portal.services import certificates
from portal.web import hours_files
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/certificates/new")
@page(Permission.HOURS_ENTER)
def new_certificate() -> ResponseReturnValue:
    return _new_page(CertificateForm())


@bp.post("/certificates/new")
@command(Permission.HOURS_ENTER)
def request_certificate() -> ResponseReturnValue:
    form = CertificateForm()
    form.offer(service_records.speakers(g.actor))
    made = attempt(form, lambda: _request(form))
    if made is None:
        return _new_page(form), _REFUSED
    flash(gettext("已提交。民政局核对后会在内部公示 7 天，再由另一位工作人员出具。"), "ok")
    return redirect(url_for("mine.certificate", certificate_id=made), 303)


@bp.get("/certificates/<uuid:certificate_id>")
@page(Permission.HOURS_ENTER)
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    row, lines = rows.own(g.actor, certificate_id)
    return render_template("certificates/mine.html", row=row, lines=lines)


@bp.post("/certificates/<uuid:certificate_id>/withdraw")
@command(Permission.HOURS_ENTER)
def withdraw_certificate(certificate_id: UUID) -> ResponseReturnValue:
    version = shown_version()
    certificates.withdraw(g.actor, certificate_id, version=version)
    flash(gettext("已撤回申请。"), "ok")
    return redirect(url_for("mine.hours"), 303)


@bp.get("/certificates/<uuid:certificate_id>/certificate.pdf")
@page(Permission.HOURS_ENTER)
def certificate_file(certificate_id: UUID) -> ResponseReturnValue:
    return hours_files.send_paper(*rows.file_of(g.actor, certificate_id))


@bp.get("/certificates/<uuid:certificate_id>/print")
@page(Permission.HOURS_ENTER)
def certificate_sheet(certificate_id: UUID) -> ResponseReturnValue:
    return hours_files.sheet(rows.paper_of(g.actor, certificate_id))


def _request(form: CertificateForm) -> UUID:
    return certificates.request(
        g.actor,
        form.supporter_id,
        period_from=form.period_from.data,
        period_to=form.period_to.data,
        organiser=form.organiser.data,
        volunteer_no=form.volunteer_no.data or "",
    )


def _new_page(form: CertificateForm) -> str:
    speakers = service_records.speakers(g.actor)
    form.offer(speakers)
    return render_template("certificates/new.html", form=form, speakers=speakers)
