"""Hours as workbooks and certificates as files, on their way out of a page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

from flask import current_app, g, make_response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import certificate as document
from portal.documents import hours_writer
from portal.domain import clock
from portal.domain.certificates import Paper
from portal.queries.service_records import RecordRow
from portal.services import hours_export

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_own(records: Iterable[RecordRow]) -> ResponseReturnValue:
    """Answer with one's own hours as a workbook."""
    out = io.BytesIO()
    hours_writer.write_own(out, records)
    return _workbook(out, gettext("我的志愿服务时长%(day)s.xlsx", day=clock.today().isoformat()))


def send_bureau(first: date, last: date, reason: str) -> ResponseReturnValue:
    """Answer with the bureau's hours of a period; who took them and why is recorded."""
    out = io.BytesIO()
    hours_writer.write_bureau(out, first, last, hours_export.export(g.actor, first, last, reason))
    return _workbook(
        out,
        gettext(
            "志愿服务时长%(first)s至%(last)s.xlsx", first=first.isoformat(), last=last.isoformat()
        ),
    )


def send_paper(data: bytes, serial: str) -> ResponseReturnValue:
    """Answer with a printed certificate."""
    answer = make_response(data)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{serial}.pdf"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def sheet(paper: Paper) -> str:
    """Return the certificate as a page for the browser's own printing."""
    return render_template("certificates/print.html", **document.context(paper))


def contact() -> str:
    """Return the telephone number that certificates name."""
    return str(current_app.config["SETTINGS"].operator_phone)


def _workbook(out: io.BytesIO, name: str) -> ResponseReturnValue:
    out.seek(0)
    return send_file(out, mimetype=_XLSX, as_attachment=True, download_name=name, max_age=0)
