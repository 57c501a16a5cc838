"""The wish archive of a year (微心愿档案, S0-4.8b) as a workbook."""

from __future__ import annotations

from io import BytesIO

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import wish_archive
from portal.domain.permissions import Permission
from portal.queries import archive
from portal.web.downloads import workbook
from portal.web.gate import page


@bp.get("/archive/<int(max=9999):year>.xlsx")
@page(Permission.WISH_ARCHIVE, fresh="archive.export")
def archive_of_year(year: int) -> ResponseReturnValue:
    out = BytesIO()
    wish_archive.write(out, year, archive.unit_name(g.actor), archive.of_year(g.actor, year))
    return workbook(out.getvalue(), gettext("微心愿档案-%(year)s.xlsx", year=year))
