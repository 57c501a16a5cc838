"""The preview of an uploaded ledger as a person reads it: rows, remarks and changes in words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain.actor import Actor, Role
from portal.domain.ledger import CheckedRow, Column, Message, Remark
from portal.domain.ledger_normalise import squeeze, text_of
from portal.domain.ledger_stage import (
    ON_FILE,
    Change,
    StagedRow,
    Verdict,
    load,
    named_owner,
    number_of,
)
from portal.domain.masking import Kind
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ImportRow
from portal.queries import units
from portal.queries.ledger import BatchRow

PAGE = 50
_ID_LENGTH = 18
_KINDS = {
    Column.NAME: Kind.NAME,
    Column.GUARDIAN: Kind.NAME,
    Column.PHONE: Kind.PHONE,
    Column.ID_NUMBER: Kind.ID_NUMBER,
    Column.EFFECT: Kind.TEXT,
}
_MAY_BE_WRONG = frozenset({"id.invalid", "id.typed_as_number", "id.missing"})


@dataclass(frozen=True, slots=True)
class Said:
    """One remark: the column's heading, what stood there, the sentence, how grave it is."""

    header: str
    value: str
    message: Message
    weight: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field that would change; ``header`` is the form's heading."""

    header: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file on the preview page, as far as the reader may see it."""

    sheet: str
    number: int
    verdict: str
    name: str
    id_no: str
    region: str
    child_id: UUID | None
    said: tuple[Said, ...]
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A page of rows; ``next_after`` continues it."""

    rows: tuple[PreviewRow, ...]
    next_after: str | None


def page(actor: Actor, batch: BatchRow, verdict: Verdict, after: str = "") -> PreviewPage:
    """Return fifty rows of one verdict in the order of the file."""
    statement = (
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.verdict == verdict.value)
        .order_by(ImportRow.sheet, ImportRow.number, ImportRow.id)
        .limit(PAGE + 1)
    )
    start = _parse(after)
    if start is not None:
        sheet, number, row_id = start
        same = (ImportRow.sheet == sheet) & (ImportRow.number == number)
        statement = statement.where(
            (ImportRow.sheet > sheet)
            | ((ImportRow.sheet == sheet) & (ImportRow.number > number))
            | (same & (ImportRow.id > row_id))
        )
    found = list(db.session.scalars(statement))
    rows = tuple(
        _row(actor, batch.unit_path, load(each.verdict, each.child_id, each.payload))
        for each in found[:PAGE]
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    return PreviewPage(rows, f"{last.number}|{last.id}|{last.sheet}" if last else None)


def _parse(after: str) -> tuple[str, int, UUID] | None:
    """Read the place where a page ended; one that cannot be read begins anew."""
    number, _, rest = after.partition("|")
    row_id, _, sheet = rest.partition("|")
    try:
        return sheet, int(number), UUID(row_id)
    except ValueError:
        return None


def _row(actor: Actor, path: str, staged: StagedRow) -> PreviewRow:
    row = staged.checked
    raw = row.raw
    blank = not raw.cells
    return PreviewRow(
        sheet=raw.sheet,
        number=raw.number,
        verdict=staged.verdict.value,
        name="" if blank else show(actor, Kind.NAME, _name(row), path),
        id_no="" if blank else show(actor, Kind.ID_NUMBER, _number(row), path),
        region="" if blank else text_of(raw.cell(Column.REGION)),
        child_id=staged.child_id,
        said=tuple(_said(actor, path, remark) for remark in row.remarks),
        changes=tuple(_change(actor, path, change) for change in staged.changes),
    )


def _name(row: CheckedRow) -> str:
    return row.entry.name if row.entry else text_of(row.raw.cell(Column.NAME))


def _number(row: CheckedRow) -> str:
    """Return the ID number, of a refused row as typed if it has the right length."""
    typed = squeeze(text_of(row.raw.cell(Column.ID_NUMBER)))
    return number_of(row) or (typed if len(typed) == _ID_LENGTH else "")


def _said(actor: Actor, path: str, remark: Remark) -> Said:
    header = remark.column.header if remark.column else ""
    return Said(header, _value(actor, path, remark), _message(remark), remark.weight.value)


def _message(remark: Remark) -> Message:
    """Name the unit that has a number on file only to a reader whose scope covers it."""
    owner = str(remark.message.params.get("unit", ""))
    if remark.message.code != ON_FILE or not scope.current().covers(owner):
        return remark.message
    return named_owner(remark.message, units.by_path(owner).name)


def _value(actor: Actor, path: str, remark: Remark) -> str:
    """Show what stood in the cell; a number that is itself wrong is shown as it was typed."""
    kind = _KINDS.get(remark.column) if remark.column else None
    if kind is None:
        return remark.value
    if kind is Kind.ID_NUMBER and remark.message.code in _MAY_BE_WRONG:
        kind = Kind.TEXT
    return show(actor, kind, remark.value, path)


def _change(actor: Actor, path: str, change: Change) -> ChangeLine:
    try:
        column = Column(change.field)
    except ValueError:
        return ChangeLine("", change.old, change.new)
    kind = _KINDS.get(column)
    if kind is None:
        return ChangeLine(column.header, change.old, change.new)
    old = show(actor, kind, change.old, path)
    # A number from the county's own file is shown whole: two masks would not tell what changes.
    own = kind is Kind.PHONE and actor.has(Role.COUNTY_STAFF, path)
    return ChangeLine(column.header, old, show(actor, kind, change.new, path, opened=own))
