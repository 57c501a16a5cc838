"""The certificate on paper: A4, Chinese type inside the file, a square code that leads to /verify.

The printing library needs Pango and a Chinese font on the machine. It is loaded when something is
printed, so that a machine without them loses the PDF and nothing else.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import segno
from flask import current_app

from portal.domain.certificates import Paper
from portal.domain.hours import ACTIVITY_WORDS, hours

#: Type that holds the signs of Chinese names, the first one found is used.
FONTS = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "SimSun",
)
NO_LIBRARY, NO_FONT = "no_library", "no_font"
#: What an operator reads, at the start of the worker; the page says it in Chinese.
SENTENCES = {
    NO_LIBRARY: (
        "Certificates cannot be printed as PDF: the Pango libraries are missing "
        "(Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
    ),
    NO_FONT: (
        "Certificates cannot be printed as PDF: no Chinese font is installed "
        "(Debian: fonts-noto-cjk)."
    ),
}


class CannotPrint(Exception):
    """This machine lacks what printing needs; ``fault`` is a key of SENTENCES."""

    def __init__(self, fault: str) -> None:
        super().__init__(SENTENCES[fault])
        self.fault = fault


@cache
def fault() -> str:
    """Return what this machine lacks for printing (a key of SENTENCES), or an empty text."""
    try:
        from weasyprint.text import ffi as types  # noqa: PLC0415 -- may be missing
    except (ImportError, OSError):
        return NO_LIBRARY
    return "" if any(_installed(types, family) for family in FONTS) else NO_FONT


def pdf(paper: Paper) -> bytes:
    """Print a certificate; nothing is fetched from anywhere. Raises CannotPrint."""
    return printed("print/certificate.html", "certificate.css", context(paper))


def printed(template: str, style: str, given: dict[str, Any]) -> bytes:
    """Print a template with one stylesheet of static/css; raises CannotPrint.

    Nothing is fetched from disk or net: the page carries its pictures as data.
    """
    if lacking := fault():
        raise CannotPrint(lacking)
    import weasyprint  # noqa: PLC0415 -- heavy, and may be missing
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    for chatty in ("fontTools", "weasyprint.progress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    html = current_app.jinja_env.get_template(template).render(given)
    sheet = Path(current_app.static_folder or "", "css", style).read_text("utf-8")
    fetcher = URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    data: bytes = document.write_pdf(
        stylesheets=[weasyprint.CSS(string=sheet, url_fetcher=fetcher)], pdf_variant="pdf/ua-1"
    )
    return data


def checking_address(serial: str) -> str:
    """Return where a stranger checks a paper."""
    return f"{current_app.config['SETTINGS'].public_url.rstrip('/')}/verify/{serial}"


def square(address: str) -> str:
    """Return a square code that leads to an address, as a picture in the page itself.

    Without a size of its own the picture takes the style's: it is never stretched.
    """
    return str(segno.make(address, error="m").svg_data_uri(omitsize=True, border=0))


def context(paper: Paper) -> dict[str, Any]:
    """Return what the printed page and the page to print share."""
    address = checking_address(paper.serial)
    return {
        "paper": paper,
        "hours": hours,
        "kinds": ACTIVITY_WORDS,
        "address": address,
        "code": square(address),
    }


def _installed(types: Any, family: str) -> bool:
    """Ask the machine's font list for a family; it answers with its best, maybe another one."""
    fonts, ffi = types.fontconfig, types.ffi
    config = fonts.FcInitLoadConfigAndFonts()
    pattern = fonts.FcPatternCreate()
    fonts.FcPatternAddString(pattern, b"family", family.encode())
    fonts.FcConfigSubstitute(config, pattern, fonts.FcMatchPattern)
    fonts.FcDefaultSubstitute(pattern)
    found = fonts.FcFontMatch(config, pattern, ffi.new("FcResult *"))
    names: list[str] = []
    text = ffi.new("FcChar8 **")
    while found != ffi.NULL and not fonts.FcPatternGetString(found, b"family", len(names), text):
        names.append(ffi.string(ffi.cast("char *", text[0])).decode())
    for made in (found, pattern):
        if made != ffi.NULL:
            fonts.FcPatternDestroy(made)
    fonts.FcConfigDestroy(config)
    return family in names
