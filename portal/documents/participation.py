"""Papers of a programme: certificates of participation, and the end report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.documents import certificate
from portal.domain.errors import Unavailable
from portal.queries.participations import Earned


def certificates(people: Iterable[Earned], *, full: bool, **words: Any) -> bytes:
    """Print a certificate a page; the given name unless ``full``. Raises Unavailable."""
    named = [(one.full if full and one.full else one.called, one) for one in people]
    return _printed("print/participation.html", {"people": named, **words})


def report(**given: Any) -> bytes:
    """Print the end report; raises Unavailable where the machine lacks library or type."""
    return _printed("print/programme_report.html", given)


def _printed(template: str, given: dict[str, Any]) -> bytes:
    try:
        return certificate.printed(template, "participation.css", given)
    except certificate.CannotPrint as lacking:
        raise Unavailable("这台服务器缺少打印用的字体或程序，请用浏览器的打印") from lacking
