"""The public page about a child in danger, with its short form."""

from __future__ import annotations

from flask import render_template

from portal.forms.rights import ConcernForm
from portal.queries import registration


def blank() -> ConcernForm:
    """Return an empty form with its counties."""
    return form(ConcernForm(formdata=None))


def form(given: ConcernForm) -> ConcernForm:
    """Return a form that offers every county."""
    given.offer(
        [(each.code, f"{each.tenant_name} {each.name}") for each in registration.counties()]
    )
    return given


def show(given: ConcernForm) -> str:
    """Render the page."""
    return render_template("public/report_concern.html", form=given)
