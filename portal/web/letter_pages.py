"""What the pages of letters share: a picture on its way out, a sentence per finding."""

from __future__ import annotations

from collections.abc import Iterable

from flask import make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents.uploads import JPEG
from portal.domain.letters import Found, advice


def told(found: Iterable[Found]) -> list[str]:
    """Return a sentence for each finding: what is the matter, and what to do."""
    said = (
        "；".join(gettext(one.template).format(**one.params) for one in advice(each))
        for each in found
    )
    return list(dict.fromkeys(said))


def picture(data: bytes) -> ResponseReturnValue:
    """Answer with the picture of a letter, and nothing that a browser may run or keep."""
    answer = make_response(data)
    answer.headers["Content-Type"] = JPEG
    answer.headers["Content-Disposition"] = 'inline; filename="letter.jpg"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
