"""The resource directory: looking at offers, taking a part of one, giving it back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.documents import directory_sheets
from portal.domain.errors import Invalid
from portal.domain.lifecycles.resources import LINKS, OFFERS
from portal.domain.permissions import Permission
from portal.domain.pool import DAYS
from portal.domain.resources import KINDS, SUBJECT_LABELS, SubjectType
from portal.forms.resources import BookForm
from portal.queries import facts, resource_places, resource_subjects
from portal.queries import resource_links as link_rows
from portal.queries import resources as reading
from portal.queries.resources import OfferFilter
from portal.services import resource_links
from portal.services import resources as writing
from portal.web.downloads import workbook
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import shown_version, uuid_of

_REFUSED = 422
_FILTERS = ("q", "kind", "county", "day", "status")


def _given() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in _FILTERS}


@bp.get("/resources", endpoint="resources")
@page(Permission.RESOURCE_READ)
def resource_list() -> ResponseReturnValue:
    given, after = _given(), request.args.get("after", "")
    return render_template(
        "resources/list.html",
        page=reading.directory(g.actor, OfferFilter(**given), after),
        counts=reading.counts(),
        states=OFFERS.states,
        given=given,
        after=after,
        counties=resource_places.counties(g.actor),
        kinds=KINDS,
    )


@bp.get("/resources.xlsx")
@page(Permission.RESOURCE_READ, fresh="directory.export")
def resource_export() -> ResponseReturnValue:
    out = BytesIO()
    found = reading.directory(g.actor, OfferFilter(**_given()), limit=reading.EXPORT_MOST)
    directory_sheets.write_offers(out, found.rows)
    return workbook(out.getvalue(), gettext("资源名录.xlsx"))


@bp.get("/resources/<uuid:offer_id>")
@page(Permission.RESOURCE_READ)
def resource(offer_id: UUID) -> ResponseReturnValue:
    return _page(offer_id, _book_form(blank=True))


@bp.post("/resources/<uuid:offer_id>")
@command(Permission.RESOURCE_MODERATE)
def resource_move(offer_id: UUID) -> ResponseReturnValue:
    move = request.form.get("transition", "")
    if move not in _ACTS:
        not_found()
    try:
        _ACTS[move](offer_id, shown_version())
    except Invalid as refusal:
        return _page(offer_id, _book_form(blank=True), sentence(refusal)), _REFUSED
    flash(gettext(OFFERS.transition(move).done), "ok")
    return redirect(url_for(".resource", offer_id=offer_id), 303)


@bp.post("/resources/<uuid:offer_id>/book")
@command(Permission.RESOURCE_LINK)
def resource_book(offer_id: UUID) -> ResponseReturnValue:
    reading.one(g.actor, offer_id)
    form = _book_form()
    done = attempt(form, lambda: _book(offer_id, form))
    if done is None:
        return _page(offer_id, form), _REFUSED
    flash(gettext("已约定，提供方会收到邮件"), "ok")
    return redirect(url_for(".resource", offer_id=offer_id), 303)


@bp.post("/resources/links/<uuid:link_id>/release")
@command(Permission.RESOURCE_LINK)
def resource_release(link_id: UUID) -> ResponseReturnValue:
    offer_id = link_rows.offer_of(link_id)
    given = {"reason": request.form.get("reason", "")}
    try:
        resource_links.release(g.actor, link_id, version=shown_version(), **given)
    except Invalid as refusal:
        return _page(offer_id, _book_form(blank=True), sentence(refusal)), _REFUSED
    flash(gettext(LINKS.transition("release").done), "ok")
    return redirect(url_for(".resource", offer_id=offer_id), 303)


def _book(offer_id: UUID, form: BookForm) -> UUID:
    return resource_links.book(
        g.actor,
        offer_id,
        subject_type=SubjectType.WISH,
        subject_id=uuid_of(form.wish.data),
        amount=form.amount.data,
        on=form.on.data,
    )


def _reasoned(verb: Callable[..., UUID]) -> Callable[[UUID, int | None], UUID]:
    def act(offer_id: UUID, version: int | None) -> UUID:
        return verb(g.actor, offer_id, reason=request.form.get("reason", ""), version=version)

    return act


_ACTS: dict[str, Callable[[UUID, int | None], UUID]] = {
    "list": lambda each, version: writing.accept(g.actor, each, version=version),
    "return": _reasoned(writing.give_back),
    "take_down": _reasoned(writing.take_down),
}


def _book_form(*, blank: bool = False) -> BookForm:
    form = BookForm(formdata=None) if blank else BookForm()
    form.offer_choices(
        [
            (one.id, f"{one.file_no} {gettext(one.title)} · {one.place}")
            for one in resource_subjects.open_wishes()
        ]
    )
    return form


def _page(offer_id: UUID, form: BookForm, refused: str = "") -> str:
    dossier = reading.one(g.actor, offer_id)
    return render_template(
        "resources/one.html",
        dossier=dossier,
        form=form,
        refused=refused,
        history=facts.of_subjects([offer_id, *(link.id for link in dossier.links)]),
        kinds=KINDS,
        subjects=SUBJECT_LABELS,
        days=DAYS,
    )
