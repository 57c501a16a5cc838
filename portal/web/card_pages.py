"""What the pages of contact cards share: words for codes, the sheet to print, the file."""

from __future__ import annotations

from typing import Any

from flask import render_template

from portal.documents import contact_card as document
from portal.domain.contact_cards import DUTIES, REISSUE_REASONS, VOID_REASONS, CardPaper
from portal.domain.needs import HELPERS


def words() -> dict[str, Any]:
    """Return the words that a page of cards needs."""
    return {
        "helper_words": HELPERS,
        "duty_words": DUTIES,
        "void_words": VOID_REASONS,
        "reissue_reasons": REISSUE_REASONS,
    }


def sheet(*papers: CardPaper) -> str:
    """Return cards as a page for the browser's own printing."""
    return render_template("cards/print.html", **document.context(*papers))
