"""From a submitted form to a service call, without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import gettext
from wtforms import Form

from portal.core import unit_of_work
from portal.domain.errors import Invalid
from portal.web.errors import sentence

Result = TypeVar("Result")


def attempt(form: Form, act: Callable[..., Result], *args: Any, **kwargs: Any) -> Result | None:
    """Validate ``form``, then run ``act``; put a rule's Invalid beside its fields.

    Returns None when the form must be shown again (answer 422): nothing was kept then. The
    result of ``act`` must therefore not be None.
    """
    if not form.validate():
        return None
    try:
        return act(*args, **kwargs)
    except Invalid as refusal:
        unit_of_work.rollback()
        known = [name for name in refusal.fields if name in form._fields]
        for name in known:
            form[name].errors = [*form[name].errors, gettext(refusal.fields[name])]
        # The sentence stands once: beside its field, or above the form where no field is to blame.
        if not known:
            form.form_errors.append(sentence(refusal))
        return None


def tell_apart(form: Form, prefix: str) -> None:
    """Give each field of one of several forms on a page its own id, so that labels find theirs."""
    for field in form:
        field.id = f"{prefix}-{field.name}"
        field.label.field_id = field.id
