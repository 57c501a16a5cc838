"""A ledger file on its way in and out of a page: small ones at once, large ones by the worker."""

from __future__ import annotations

import io
from uuid import UUID

from flask import current_app, g, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from portal.documents import workbook_guard
from portal.documents.ledger_intake import check_upload, guard_upload
from portal.documents.ledger_writer import write_ledger, write_rejects
from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.errors import Invalid, NotAllowed
from portal.domain.ledger import LedgerHead
from portal.domain.ledger_stage import GOING_BACK
from portal.domain.permissions import Permission
from portal.models.children import ImportBatch
from portal.queries import ledger as reading
from portal.queries.units import UnitRow
from portal.services import ledger, ledger_export
from portal.services import ledger_staging as staging

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Files above this are read by the worker without a look at how many rows they hold.
_AT_ONCE_BYTES = 400_000


def take(actor: Actor, bureau_code: str, upload: FileStorage) -> tuple[UUID, bool]:
    """Bring in an upload: staged at once when it is small, else owed to the worker.

    Returns the batch to look at and whether the file is new; raises Invalid on ``file`` when it
    is no ledger.
    """
    bureau = reading.bureau(actor, bureau_code)
    data = upload.stream.read(workbook_guard.MAX_FILE_BYTES + 1)
    upload.close()
    batch, fresh = ledger.receive(actor, bureau, filename=upload.filename or "", data=data)
    if fresh:
        try:
            _read(actor, batch, bureau, data)
        except Invalid as refusal:
            raise Invalid(refusal.message, {"file": str(refusal)}, **refusal.params) from refusal
    return batch.id, fresh


def _read(actor: Actor, batch: ImportBatch, bureau: UnitRow, data: bytes) -> None:
    if len(data) > _AT_ONCE_BYTES:
        guard_upload(data)
        ledger.hand_over(actor, batch, data)
        return
    fictitious = current_app.config["SETTINGS"].allow_fictitious_id
    checked = check_upload(data, bureau, allow_fictitious=fictitious)
    if len(checked.rows) > ledger.AT_ONCE_ROWS:
        ledger.hand_over(actor, batch, data)
        return
    staging.start(batch, checked.head, checked.remarks)
    staging.add(batch, checked.rows)
    ledger.preview(actor, batch)


def send_rejects(batch_id: UUID) -> ResponseReturnValue:
    """Answer with the workbook of the rows that did not come in."""
    batch = reading.batch(batch_id)
    # The rows hold whole numbers: the county keeps form 1, everybody else reads masks.
    if batch.created_by != g.actor.user_id and not g.actor.has(Role.COUNTY_STAFF, batch.unit_path):
        raise NotAllowed("您的岗位没有这项权限：{what}", what=Permission.LEDGER_IMPORT.label)
    out = io.BytesIO()
    rows = (row.checked for row in staging.rows_of(batch_id, GOING_BACK))
    write_rejects(out, LedgerHead(year=batch.year), rows)
    return _download(
        out, gettext("退回-%(unit)s%(year)s.xlsx", unit=batch.unit_name, year=batch.year or "")
    )


def send_ledger(bureau_code: str, year: int, reason: str) -> ResponseReturnValue:
    """Answer with a bureau's ledger of a year; who took it and why is recorded."""
    bureau = reading.bureau(g.actor, bureau_code)
    out = io.BytesIO()
    entries = ledger_export.export(g.actor, bureau, year, reason)
    write_ledger(out, year, entries, day=clock.today())
    return _download(
        out, gettext("%(year)s年%(unit)s探访关爱服务台账.xlsx", year=year, unit=bureau.name)
    )


def _download(out: io.BytesIO, name: str) -> ResponseReturnValue:
    out.seek(0)
    return send_file(out, mimetype=_XLSX, as_attachment=True, download_name=name, max_age=0)
