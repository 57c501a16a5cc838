"""The needs of a county that wait for a person, the longest waiting first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, and_, func, literal, or_, select

from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed
from portal.queries import match_needs, matches
from portal.queries.matches import NeedLine

PAGE = 50
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of needs; ``after`` continues it, empty at the end."""

    rows: tuple[NeedLine, ...]
    after: str


def page(unit_path: str, q: str = "", after: str = "", limit: int = PAGE) -> WaitingPage:
    """Return the open needs below a unit by the day they wait since; ``q`` is part of a number."""
    since = func.coalesce(PairingNeed.waiting_since, literal(_NEVER, type_=Date()))
    chosen = (
        select(PairingNeed.id, since.label("since"), PairingNeed.file_no)
        .join(ChildFile, ChildFile.id == PairingNeed.child_id)
        .where(match_needs.open_in(unit_path), ChildFile.status == "active")
        .order_by(since, PairingNeed.file_no)
        .limit(limit + 1)
    )
    if q.strip():
        chosen = chosen.where(PairingNeed.file_no.contains(q.strip().upper(), autoescape=True))
    day, _, number = after.partition("~")
    if number and (last := _read(day)) is not None:
        chosen = chosen.where(or_(since > last, and_(since == last, PairingNeed.file_no > number)))
    found = db.session.execute(chosen).all()
    shown = found[:limit]
    lines = matches.need_lines(row.id for row in shown)
    on = f"{shown[-1].since.isoformat()}~{shown[-1].file_no}" if len(found) > limit else ""
    return WaitingPage(tuple(lines[row.id] for row in shown if row.id in lines), on)


def _read(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
