"""The yearly portfolio on paper: a light per month, counts, stars, thanks; no trace of a child."""

from __future__ import annotations

from typing import Any

from portal.documents import certificate
from portal.domain.contacts import KINDS
from portal.domain.hours import hours
from portal.domain.portfolios import Year
from portal.domain.recognition import STAR_REASONS


def pdf(paper: Year) -> bytes:
    """Print a year; raises CannotPrint where the machine lacks the library or the type."""
    return certificate.printed("print/portfolio.html", "portfolio.css", context(paper))


def context(paper: Year) -> dict[str, Any]:
    """Return what the printed sheet and the page to print share."""
    return {
        "paper": paper,
        "hours": hours,
        "kind_words": KINDS,
        "star_words": STAR_REASONS,
        "most": max(1, *(count for _, count in paper.by_month)),
    }
