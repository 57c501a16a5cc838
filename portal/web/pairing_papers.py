"""The agreement of one pairing, to print or to keep: who may have it, and from when."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import certificate, pairing_agreement
from portal.documents.pairing_agreement import AgreementPaper
from portal.domain.lifecycles.pairings import APPROVED
from portal.queries import pairing_dossiers
from portal.web.gate import not_found
from portal.web.hours_files import send_paper


def sheet(pairing_id: UUID) -> str:
    """Return the agreement as a page for the browser's own printing."""
    context = pairing_agreement.context(paper(pairing_id))
    return render_template("pairings/agreement.html", **context)


def file(pairing_id: UUID) -> ResponseReturnValue:
    """Return the agreement as a PDF; the page to print where this machine makes none."""
    content = paper(pairing_id)
    try:
        return send_paper(pairing_agreement.pdf(content), content.file_no)
    except certificate.CannotPrint:
        flash(gettext("这台服务器不能生成PDF，请用浏览器打印。"), "warning")
        return redirect(url_for("desk.pairing_agreement", pairing_id=pairing_id), 303)


def paper(pairing_id: UUID) -> AgreementPaper:
    """Return what it says; NotFound before the approval, after the end, behind a wall."""
    found = pairing_dossiers.dossier(g.actor, pairing_id)
    if not found.may_meet or found.row.status not in APPROVED:
        not_found()
    return AgreementPaper(
        file_no=found.row.file_no,
        office=pairing_agreement.bureau(found.row.unit_path),
        person=found.person,
        helper=found.row.helper,
        kind=found.row.kind,
        rhythm=found.row.rhythm,
        hears_child=found.hears_child,
    )
