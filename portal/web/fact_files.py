"""A search of the memory from an address, and its facts as a file to keep."""

from __future__ import annotations

import io
from collections.abc import Mapping

from flask import g, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import fact_export
from portal.domain import clock
from portal.queries.facts import FactFilter
from portal.services import audit_export
from portal.web.downloads import WORKBOOK
from portal.web.values import maybe_date, maybe_uuid

FILTERS = ("kind", "subject", "actor", "unit", "since", "until")


def wanted(given: Mapping[str, str]) -> FactFilter:
    """Return the search that an address or a form asks for; NotFound for an id that is none."""
    return FactFilter(
        kind=given["kind"],
        subject=maybe_uuid(given["subject"]),
        actor=maybe_uuid(given["actor"]),
        unit=given["unit"] if given["unit"].endswith("/") else "",
        since=maybe_date(given["since"]),
        until=maybe_date(given["until"]),
    )


def send(given: Mapping[str, str], form: str, reason: str) -> ResponseReturnValue:
    """Answer with the facts of a search as a workbook or as lines with proofs."""
    export = audit_export.export(g.actor, wanted(given), reason)
    out = io.BytesIO()
    day = clock.today().isoformat()
    if form == "jsonl":
        fact_export.write_lines(out, export)
        name, kind = gettext("操作记录%(day)s.jsonl", day=day), "application/jsonl"
    else:
        fact_export.write_workbook(out, export)
        name, kind = gettext("操作记录%(day)s.xlsx", day=day), WORKBOOK
    out.seek(0)
    return send_file(out, mimetype=kind, as_attachment=True, download_name=name, max_age=0)
