"""The journal's forms: a blank one, one of an entry, the answer that a phone's queue reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.forms.journals import ContactForm
from portal.queries.journals import EntryRow, Head

_MADE, _KNOWN, _REFUSED = 201, 200, 422


def blank() -> ContactForm:
    """Return a form for a new entry, with a name of its own."""
    return ContactForm(formdata=None, data={"client_id": str(uuid4())})


def shell() -> ContactForm:
    """Return the form that a phone keeps for places without a signal: no token, no name."""
    return ContactForm(formdata=None, meta={"csrf": False})


def filled(entry: EntryRow) -> ContactForm:
    """Return a form that holds an entry as it was written."""
    names = (
        "kind", "happened_on", "minutes", "accompanied_by", "did", "mood", "child_state",
        "next_step", "worried", "worry", "version",
    )  # fmt: skip
    return ContactForm(formdata=None, data={name: getattr(entry, name) for name in names})


def write(head: Head, form: ContactForm) -> str:
    """Render the page on which an entry is written."""
    return render_template("journal/new.html", head=head, form=form)


def wants_json() -> bool:
    """Tell whether the phone's queue asks, not a form."""
    return request.accept_mimetypes.best == "application/json"


def answer(form: ContactForm, made: UUID | None, *, known: bool) -> ResponseReturnValue:
    """Say what became of a queued entry: made, known already, or what is wrong with it."""
    if made is not None:
        return jsonify(id=str(made)), _KNOWN if known else _MADE
    problems: dict[str, Any] = {
        field.name: [str(each) for each in field.errors] for field in form if field.errors
    }
    words = [text for each in problems.values() for text in each]
    words += [str(each) for each in form.form_errors]
    return jsonify(error="；".join(words), fields=problems), _REFUSED


def thanks(form: ContactForm) -> str:
    """Return the sentence after an entry was taken in."""
    if form.worried.data:
        return gettext("已记下，并且马上通知了当地的工作人员。孩子有危险请拨打 110。")
    return gettext("已记下，等待儿童主任核实。")
