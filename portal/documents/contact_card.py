"""The contact card on paper: A6, who helps and whom to ask, a square code that leads to /verify."""

from __future__ import annotations

from typing import Any

from flask import current_app

from portal.documents import certificate
from portal.domain.contact_cards import DUTIES, CardPaper
from portal.domain.needs import HELPERS


def pdf(paper: CardPaper) -> bytes:
    """Print one card; raises CannotPrint where the machine lacks the library or the type."""
    return certificate.printed("print/contact_card.html", "contact_card.css", context(paper))


def context(*papers: CardPaper) -> dict[str, Any]:
    """Return what the printed sheet and the page to print share."""
    return {
        "papers": papers,
        "codes": {one.serial: certificate.square(address(one)) for one in papers},
        "addresses": {one.serial: address(one) for one in papers},
        "duty_words": DUTIES,
        "helper_words": HELPERS,
        "office_phone": current_app.config["SETTINGS"].operator_phone,
    }


def address(paper: CardPaper) -> str:
    """Return where a stranger checks the card."""
    return certificate.checking_address(paper.serial)
