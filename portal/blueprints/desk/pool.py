"""The loving-parent pool: finding who can be with a child, and correcting what is on file."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import directory_sheets
from portal.domain.permissions import Permission
from portal.domain.pool import DAYS, LANGUAGES, SKILLS
from portal.forms.pool import PoolCorrectionForm
from portal.queries import facts, resource_places
from portal.queries import pool as reading
from portal.queries.pool import PoolFilter
from portal.services import pool as writing
from portal.web.downloads import workbook
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import maybe_date

_REFUSED = 422
_FILTERS = ("county", "skill", "language", "day", "tier", "free", "until")


def _given() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in _FILTERS}


def _wanted() -> PoolFilter:
    given = _given()
    until = maybe_date(given.pop("until"))
    return PoolFilter(**given, until=until)


@bp.get("/pool", endpoint="pool")
@page(Permission.POOL_READ)
def pool_list() -> ResponseReturnValue:
    after = request.args.get("after", "")
    return render_template(
        "pool/list.html",
        page=reading.search(g.actor, _wanted(), after),
        given=_given(),
        after=after,
        counties=resource_places.counties(g.actor),
        skills=SKILLS,
        languages=LANGUAGES,
        days=DAYS,
    )


@bp.get("/pool.xlsx")
@page(Permission.POOL_READ, fresh="directory.export")
def pool_export() -> ResponseReturnValue:
    out = BytesIO()
    found = reading.search(g.actor, _wanted(), limit=reading.EXPORT_MOST)
    directory_sheets.write_pool(out, found.rows)
    return workbook(out.getvalue(), gettext("爱心家长.xlsx"))


@bp.get("/pool/<uuid:supporter_id>")
@page(Permission.POOL_CORRECT)
def pool_person(supporter_id: UUID) -> ResponseReturnValue:
    row = reading.one(g.actor, supporter_id)
    form = _form()
    if (own := reading.own(supporter_id)) is not None and not form.is_submitted():
        form.fill(*own)
    return _person_page(row, form)


@bp.post("/pool/<uuid:supporter_id>")
@command(Permission.POOL_CORRECT)
def pool_correct(supporter_id: UUID) -> ResponseReturnValue:
    row = reading.one(g.actor, supporter_id)
    form = _form()
    done = attempt(
        form,
        lambda: writing.correct(
            g.actor, supporter_id, form.read(), reason=form.reason.data, version=form.seen
        ),
    )
    if done is None:
        return _person_page(row, form), _REFUSED
    flash(gettext("已更正，原因留在记录里"), "ok")
    return redirect(url_for(".pool_person", supporter_id=supporter_id), 303)


def _form() -> PoolCorrectionForm:
    form = PoolCorrectionForm()
    form.offer_choices(resource_places.counties(g.actor))
    return form


def _person_page(row: reading.PoolRow, form: PoolCorrectionForm) -> str:
    history = facts.of_subjects(reading.profile_ids(row.supporter_id))
    return render_template("pool/person.html", row=row, form=form, history=history)
