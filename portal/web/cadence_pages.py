"""What the board and the cadence page of one pairing are made of."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template

from portal.core import access
from portal.domain import masking
from portal.domain.actor import Actor
from portal.domain.cadence import LIGHTS
from portal.domain.lifecycles.pairings import MET
from portal.domain.pairing_board import MARKS
from portal.domain.permissions import Permission
from portal.forms.cadences import ExcuseForm, ReviewForm, SubstituteForm
from portal.queries import pairing_board, substitutions
from portal.queries.pairing_board import Wanted
from portal.services import cadence_care
from portal.web import cadence_words
from portal.web.forms import tell_apart

_MOST = 100_000


def wanted(args: Mapping[str, str]) -> Wanted:
    """Read the filter of an address; what is no mark or light filters nothing."""
    mark, light, unit = (args.get(name, "") for name in ("mark", "light", "unit"))
    return Wanted(
        mark=mark if mark in MARKS else "",
        light=light if light in LIGHTS else "",
        unit=unit if unit.startswith("/") and unit.endswith("/") else "",
    )


def offset(args: Mapping[str, str]) -> int:
    """Read where a page begins; anything else is the first page."""
    text = args.get("after", "")
    return min(int(text), _MOST) if text.isascii() and text.isdecimal() and len(text) < 7 else 0  # noqa: PLR2004


def care(
    actor: Actor,
    pairing_id: UUID,
    *,
    excuse: ExcuseForm | None = None,
    substitute: SubstituteForm | None = None,
    review: ReviewForm | None = None,
) -> str:
    """Return the cadence page of one pairing, with what was typed after a refusal."""
    row = pairing_board.one(actor, pairing_id)
    manages = access.permits(actor, Permission.PAIRING_MANAGE, row)
    cares = row.may_care and row.status in MET
    review = review or (ReviewForm(formdata=None) if cares else None)
    if review:
        tell_apart(review, "review")
    return render_template(
        "pairings/cadence.html",
        row=row,
        excuses=pairing_board.excuses(actor, pairing_id),
        stands=substitutions.of_pairing(pairing_id),
        reminders=pairing_board.reminders(pairing_id),
        cares=cares,
        manages=manages,
        excuse=excuse or (excuse_form(pairing_id, formdata=None) if cares else None),
        substitute=substitute
        or (
            substitute_form(actor, pairing_id, formdata=None)
            if manages and row.status == "active"
            else None
        ),
        review=review,
    )


def excuse_form(pairing_id: UUID, **given: object) -> ExcuseForm:
    """Return the form with what can be excused today."""
    form = ExcuseForm(**given)
    form.offer(
        (f"{one.kind}~{one.period_from.isoformat()}", cadence_words.what(one))
        for one in cadence_care.excusable(pairing_id)
    )
    tell_apart(form, "excuse")
    return form


def substitute_form(actor: Actor, pairing_id: UUID, **given: object) -> SubstituteForm:
    """Return the form with who could stand in."""
    named = access.permits(actor, Permission.SUPPORTER_READ)
    form = SubstituteForm(**given)
    form.offer(
        (str(one.supporter_id), one.name if named else masking.mask_name(one.name))
        for one in substitutions.candidates(pairing_id)
    )
    tell_apart(form, "substitute")
    return form
