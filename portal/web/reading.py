"""How a text to read is shown: names put in their places, pieces that a page escapes."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext

from portal.config import Settings
from portal.domain.plain_text import Reading
from portal.domain.texts import KINDS
from portal.queries import texts


def operator() -> dict[str, str]:
    """Return who runs the portal, as the notices name it."""
    settings: Settings = current_app.config["SETTINGS"]
    return {"name": settings.operator_name, "phone": settings.operator_phone}


def names(authority: str) -> tuple[str, str]:
    """Return what stands for ``{operator}`` and ``{contact}`` in a text."""
    who = operator()
    bureau = gettext("%(place)s民政局", place=authority) if authority else ""
    name = bureau or who["name"] or gettext("当地民政局")
    if who["phone"] and who["name"] in ("", name):
        return name, gettext("电话 %(phone)s", phone=who["phone"])
    return name, gettext("联系方式见其门户网站")


def reading_of(body: str, authority: str = "") -> Reading:
    """Return a body in pieces."""
    found = texts.Text("", "", body, None, authority, "", current=True, versions=())
    return found.reading(*names(authority))


def consent(code: str, authority: str) -> Reading:
    """Return the consent text in force at an authority."""
    return texts.current("consent", code).reading(*names(authority))


def of_kind(kind: str) -> Reading:
    """Return the text of a kind that the portal came with."""
    return texts.current(kind).reading(*names(""))


def page(kind: str, code: str = "", number: str = "", **more: Any) -> str:
    """Return the page of a text: an authority's version, or the one the portal came with."""
    text = texts.current(kind, code or request.args.get("authority", ""), number)
    return render_template(
        "texts/read.html",
        text=text,
        reading=text.reading(*names(text.authority)),
        authorities=texts.authorities(kind),
        kinds=KINDS,
        **more,
    )
