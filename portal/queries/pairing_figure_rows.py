"""The rows behind a number of ``pairing_figures``: pairings, children, or what was due of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.cadence import KIND_LABELS, Obligation
from portal.domain.errors import NotFound
from portal.domain.masking import Kind
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.queries import pairing_figures
from portal.queries.pairing_figures import Asked, Line

PAGE = 100
#: What a number may be, in the words of the page that opens it.
WHATS: Mapping[str, str] = {
    "active": "结对中",
    "standing": "月末结对中",
    "started": "本月开始",
    "ended": "本月结束",
    "paired": "已结对的儿童",
    "unpaired": "还没有结对的儿童",
    "kept": "按时做到的",
    "missed": "没有做到的",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a number; ``due`` says which obligation, where the number counts those."""

    place: str
    child_id: UUID
    child: str
    category: str
    pairing_id: UUID | None = None
    file_no: str = ""
    supporter: str = ""
    helper: str = ""
    status: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    due: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, how many there are in all, and where the next page begins."""

    rows: tuple[Row, ...]
    total: int
    after: int


def rows(
    actor: Actor, what: str, asked: Asked, *, month: int = 0, helper: str | None = None,
    after: int = 0,
) -> Rows:  # fmt: skip
    """Return the rows a number counts, by place; NotFound for a number there is none of.

    What is counted by months and named none is counted for this one.
    """
    if what not in WHATS or not 0 <= month <= 12:  # noqa: PLR2004 -- months of a year
        raise NotFound
    pairing_figures.in_reach(actor, asked.unit)
    first = date(asked.year, month, 1) if month else None
    if what in ("paired", "unpaired"):
        return _cut(_children(actor, what, asked), after)
    if what in ("kept", "missed"):
        return _cut(_duties(actor, what, asked, first), after)
    chosen = _chooser(what, first)
    lines = [
        line
        for line in pairing_figures.begun(asked.unit)
        if chosen(line) and (helper is None or line.helper == helper)
    ]
    return _cut(_pairings(actor, [(line.id, "") for line in lines]), after)


def _chooser(what: str, first: date | None) -> Callable[[Line], bool]:
    if what == "active":
        return lambda line: line.status == "active"
    first = first or clock.today().replace(day=1)
    last = min(pairing_figures.month_end(first), clock.today())
    if what == "standing":
        return lambda line: line.stands_on(last)
    if what == "started":
        return lambda line: first <= line.started_on <= last
    return lambda line: line.ended_on is not None and first <= line.ended_on <= last


def _duties(actor: Actor, what: str, asked: Asked, first: date | None) -> list[Row]:
    today = clock.today()

    def counts(one: Obligation) -> bool:
        over = one.due and one.period_to < today and one.period_to.year == asked.year
        fits = first is None or pairing_figures.ends_in(one, first)
        return over and fits and (one.state == "met") == (what == "kept")

    found = [
        (pairing_id, f"{one.period_to:%Y-%m}·{KIND_LABELS[one.kind]}")
        for pairing_id, one in pairing_figures.duties(asked.unit)
        if counts(one)
    ]
    return _pairings(actor, found)


def _pairings(actor: Actor, wanted: Iterable[tuple[UUID, str]]) -> list[Row]:
    listed = list(wanted)
    found = db.session.execute(
        select(Pairing, ChildFile, Supporter, Unit.name)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .where(Pairing.id.in_({each for each, _ in listed}))
    ).all()
    known = {one.id: (one, child, person, place) for one, child, person, place in found}
    rows = [
        Row(
            place=place, child_id=child.id,
            child=show(actor, Kind.NAME, child.name, child.unit_path),
            category=child.primary_category, pairing_id=one.id, file_no=one.file_no,
            supporter=show(actor, Kind.NAME, person.name, person.unit_path),
            helper=one.helper, status=one.status, started_on=one.started_on,
            ended_on=one.ended_on, due=due,
        )
        for one, child, person, place, due in (
            (*known[each], due) for each, due in listed if each in known
        )
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.due, row.place, row.file_no))


def _children(actor: Actor, what: str, asked: Asked) -> list[Row]:
    living = pairing_figures.children(asked)
    paired = {
        line.child_id for line in pairing_figures.begun(asked.unit) if line.status == "active"
    }
    wanted = [each for each in living if (each in paired) == (what == "paired")]
    found = db.session.execute(
        select(ChildFile, Unit.name)
        .join(Unit, Unit.path == ChildFile.unit_path)
        .where(ChildFile.id.in_(wanted))
        .order_by(ChildFile.unit_path, ChildFile.id)
    )
    return [
        Row(
            place, child.id, show(actor, Kind.NAME, child.name, child.unit_path),
            child.primary_category,
        )
        for child, place in found
    ]  # fmt: skip


def _cut(found: list[Row], after: int) -> Rows:
    after = max(after, 0)
    more = len(found) > after + PAGE
    return Rows(tuple(found[after : after + PAGE]), len(found), after + PAGE if more else 0)
