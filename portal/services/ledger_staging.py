"""Rows of an uploaded ledger, compared with the register and kept until the clerk decides.

Staging is repeatable: a row belongs to its batch and can be thrown away and made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from portal.domain import cipher, clock
from portal.domain.ledger import CheckedRow, LedgerHead, RawRow, Remark, Status
from portal.domain.ledger_stage import (
    StagedRow,
    Verdict,
    compare,
    dump,
    load,
    number_of,
    refuse_on_file,
)
from portal.extensions import db
from portal.models.children import ImportBatch, ImportRow
from portal.queries import ledger as reading
from portal.queries import units
from portal.queries.units import UnitRow

CHUNK = 500
_MOST_REMARKS = 300
_OLDEST_YEAR = 2000
_ORDER = (ImportRow.sheet, ImportRow.number, ImportRow.id)


def start(batch: ImportBatch, head: LedgerHead, remarks: Sequence[Remark]) -> None:
    """Throw away what an earlier try staged, set the year and keep the remarks on the file."""
    clear(batch, notes=True)
    batch.year = _year(head.year)
    rows = [_note(remark) for remark in remarks[:_MOST_REMARKS]]
    _insert(batch, rows)


def _year(year: int | None) -> int:
    """Take the year of the title; one that cannot be meant gives way to the present year."""
    this = clock.today().year
    return year if year is not None and _OLDEST_YEAR <= year <= this + 1 else this


def _note(remark: Remark) -> StagedRow:
    raw = RawRow(remark.sheet, remark.row, ())
    return StagedRow(Verdict.NOTE, CheckedRow(raw, Status.READY, None, (remark,)))


def add(batch: ImportBatch, rows: Iterable[CheckedRow]) -> None:
    """Compare rows with the register and keep them with their verdict."""
    bureau = units.by_path(batch.unit_path)
    chunk: list[CheckedRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            _stage(batch, bureau, chunk)
            chunk = []
    if chunk:
        _stage(batch, bureau, chunk)


def _stage(batch: ImportBatch, bureau: UnitRow, rows: Sequence[CheckedRow]) -> None:
    _insert(batch, compared(bureau, batch.year or clock.today().year, rows))


def compared(bureau: UnitRow, year: int, rows: Sequence[CheckedRow]) -> list[StagedRow]:
    """Give each row its verdict against the register, some hundred rows at a time."""
    tenant = bureau.tenant_path or bureau.path
    digests = {
        place: cipher.ring().blind_index(number_of(row), "child_id")
        for place, row in enumerate(rows)
        if number_of(row)
    }
    known = reading.on_file(tenant, list(digests.values()), year)
    missing = [digest for digest in digests.values() if digest not in known]
    elsewhere = reading.on_file_elsewhere(tenant, missing) if missing else {}
    staged = []
    for place, row in enumerate(rows):
        digest = digests.get(place, "")
        found = known.get(digest)
        owner = found.unit_path if found else elsewhere.get(digest, "")
        if row.status is Status.READY and owner and not owner.startswith(bureau.path):
            staged.append(refuse_on_file(row, owner))
        else:
            staged.append(compare(row, found, year, clock.today()))
    return staged


def _insert(batch: ImportBatch, rows: Sequence[StagedRow]) -> None:
    if not rows:
        return
    values = [
        {
            "batch_id": batch.id,
            "unit_path": batch.unit_path,
            "sheet": row.checked.raw.sheet[:60],
            "number": row.checked.raw.number,
            "verdict": row.verdict.value,
            "payload": dump(row),
            "child_id": row.child_id,
        }
        for row in rows
    ]
    db.session.flush()
    db.session.execute(insert(ImportRow), values)


def counted(batch: ImportBatch) -> dict[str, int]:
    """Count the verdicts, and the children on the register that the file does not name."""
    found = db.session.execute(
        select(ImportRow.verdict, func.count())
        .where(ImportRow.batch_id == batch.id)
        .group_by(ImportRow.verdict)
    )
    counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
    counts |= {verdict: int(count) for verdict, count in found}
    on_register = reading.active_count(batch.unit_path)
    seen = db.session.scalar(
        select(func.count())
        .select_from(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.child_id.is_not(None))
    )
    counts["absent"] = max(on_register - int(seen or 0), 0)
    return counts


def told(batch: ImportBatch) -> dict[str, Any]:
    """Return the counts that a fact about a batch carries."""
    wanted = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED, Verdict.ASIDE)
    return {verdict.value: batch.counts.get(verdict.value, 0) for verdict in wanted}


def clear(batch: ImportBatch, *, notes: bool) -> None:
    """Throw the staged rows away, the remarks on the file too if ``notes``."""
    statement = delete(ImportRow).where(ImportRow.batch_id == batch.id)
    if not notes:
        statement = statement.where(ImportRow.verdict != Verdict.NOTE.value)
    db.session.execute(statement.execution_options(synchronize_session=False))


def rows_of(batch_id: UUID, verdicts: Sequence[Verdict] = tuple(Verdict)) -> Iterator[StagedRow]:
    """Yield the staged rows with these verdicts in the order of the file, in pieces."""
    wanted = (
        select(ImportRow.sheet, ImportRow.number, ImportRow.id)
        .where(ImportRow.batch_id == batch_id)
        .where(ImportRow.verdict.in_([verdict.value for verdict in verdicts]))
        .order_by(*_ORDER)
    )
    ids = [row.id for row in db.session.execute(wanted)]
    for start in range(0, len(ids), CHUNK):
        found = db.session.execute(
            select(ImportRow.verdict, ImportRow.child_id, ImportRow.payload)
            .where(ImportRow.id.in_(ids[start : start + CHUNK]))
            .order_by(*_ORDER)
        )
        yield from [load(*row) for row in found]
