"""The agreement of a pairing (结对协议书) to be signed on paper: A4, both sides, what is forbidden.

It is printed before the child's name may be known to the mentor: names of child and guardian are
written by hand when it is signed, ID numbers and addresses stand nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app

from portal.documents import certificate
from portal.domain.contact_cards import DUTIES, duties
from portal.domain.needs import HELPERS, KINDS, RHYTHMS
from portal.queries import units

#: Parts of a path down to the county; the one before the first stroke is empty.
_TO_COUNTY = 4


@dataclass(frozen=True, slots=True)
class AgreementPaper:
    """What a pairing's agreement says by itself; the rest of the sheet is the same for all."""

    file_no: str
    office: str
    person: str
    helper: str
    kind: str
    rhythm: str
    #: From the age of eight on the child has a line to sign as well.
    hears_child: bool


def pdf(paper: AgreementPaper) -> bytes:
    """Print the agreement; raises CannotPrint where the machine lacks the library or the type."""
    return certificate.printed("print/agreement.html", "agreement.css", context(paper))


def context(paper: AgreementPaper) -> dict[str, Any]:
    """Return what the printed sheet and the page to print share."""
    return {
        "paper": paper,
        "promises": [DUTIES[one] for one in duties(paper.rhythm)],
        "helper": HELPERS.get(paper.helper, ""),
        "kind": KINDS[paper.kind].label if paper.kind in KINDS else "",
        "rhythm": RHYTHMS[paper.rhythm].label if paper.rhythm in RHYTHMS else "",
        "office_phone": current_app.config["SETTINGS"].operator_phone,
    }


def bureau(path: str) -> str:
    """Return the bureau of the county that a village lies in: /35/3504/350421/… → 明溪县民政局."""
    county = "/".join(path.split("/")[:_TO_COUNTY]) + "/"
    return f"{units.by_path(county).name}民政局"
