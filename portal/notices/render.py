"""From an owed row to a letter: the words of templates/mail, once, in a plain and a rich part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import make_msgid
from typing import Any

import jinja2
from flask import current_app

from portal.core.outbox import Owed

_DAYS = ("deliver_by", "valid_to")
_ITEM = ("file_no", "title", "by", "point", *_DAYS)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to send; ``message_id`` is the row's, whoever sends it and how often."""

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    date: float


def letter(owed: Owed) -> Letter:
    """Write the letter of an owed row.

    Raises jinja2.TemplateError when the template is missing or asks for what the row lacks.
    """
    environment = current_app.jinja_env
    words = environment.get_template(f"mail/{owed.template}.txt")
    context = {"name": "", "count": 1, "path": "/", **owed.context}
    home = current_app.config["SETTINGS"].public_url.rstrip("/")
    subject = " ".join(_block(words, "subject", context).split())
    frame = {
        "subject": subject,
        "name": context["name"],
        "count": context["count"],
        "paragraphs": _block(words, "say", context).strip().split("\n\n"),
        "lines": _lines(environment, context.get("items", ())),
        "button": _block(words, "button", context).strip(),
        "link": home + str(context["path"]),
        "home": home,
    }
    return Letter(
        message_id=_message_id(owed, home),
        recipient=owed.recipient,
        subject=subject,
        text=_squeezed(environment.get_template("mail/_frame.txt").render(frame)),
        html=environment.get_template("mail/_frame.html").render(frame),
        date=owed.created_at.timestamp(),
    )


def _block(template: jinja2.Template, name: str, context: Mapping[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(dict(context))))


def _lines(environment: jinja2.Environment, items: Any) -> list[str]:
    template = environment.get_template("mail/_item.txt")
    known: list[dict[str, Any]] = [dict.fromkeys(_ITEM, "") | dict(item) for item in items]
    for item in known:
        for name in _DAYS:
            item[name] = date.fromisoformat(item[name]) if item[name] else None
    lines = (" ".join(template.render(item=item).split()) for item in known)
    return [line for line in lines if line]


def _message_id(owed: Owed, home: str) -> str:
    host = home.partition("://")[2].partition("/")[0].partition(":")[0]
    return f"<{owed.id}@{host}>" if host else make_msgid()


def _squeezed(text: str) -> str:
    """Leave at most one empty line between parts."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
