"""``flask --app wsgi ledger check|import|export``: form 1 from the command line (design.md 9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core import scope, unit_of_work
from portal.documents.ledger_intake import check_file, check_upload
from portal.documents.ledger_writer import write_ledger, write_rejects
from portal.domain import clock
from portal.domain.actor import Actor, Grant, Role
from portal.domain.errors import DomainError
from portal.domain.ledger import CheckedLedger, LedgerHead, Status, Weight
from portal.domain.ledger_stage import GOING_BACK, StagedRow, Verdict
from portal.queries import ledger as reading
from portal.queries import units
from portal.queries.units import UnitRow
from portal.services import ledger, ledger_apply, ledger_export
from portal.services import ledger_staging as staging

_REFUSED_ROWS, _UNREADABLE = 1, 2
_MOST_LINES = 200
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_VERDICTS = {
    Verdict.NEW: "新增",
    Verdict.CHANGED: "变动",
    Verdict.UNCHANGED: "不变",
    Verdict.REFUSED: "退回",
    Verdict.ASIDE: "超龄",
}

commands = AppGroup("ledger", help="The care ledger (form 1).")


@contextmanager
def _words() -> Iterator[None]:
    """Turn a refusal into one sentence and an exit code."""
    try:
        yield
    except DomainError as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(_UNREADABLE) from refusal


def _operator(bureau: UnitRow) -> Actor:
    """Return the operator as county staff of the bureau; facts record them as nobody."""
    grant = Grant(Role.COUNTY_STAFF, bureau.path, bureau.id, bureau.name, bureau.level)
    return Actor(name="操作员", grants=(grant,))


def _scope(bureau: UnitRow) -> scope.Scope:
    tenants = (bureau.tenant_path,) if bureau.tenant_path else ()
    return scope.Scope(paths=(bureau.path,), tenants=tenants, reason="ledger by command")


def _fictitious() -> bool:
    return bool(current_app.config["SETTINGS"].allow_fictitious_id)


@commands.command("check")
@click.argument("file", type=_FILE)
@click.option("--bureau", "code", required=True, help="Code of the bureau whose ledger it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(file: Path, code: str, *, as_json: bool) -> None:
    """Read a ledger, compare it with the register, say what is wrong; change nothing.

    Exit code 0: every row can come in; 1: some rows cannot; 2: the file cannot be read.
    """
    with _words():
        bureau = units.get(code)
        with unit_of_work.reading(_scope(bureau)):
            checked = check_file(file, bureau, allow_fictitious=_fictitious())
            year = checked.head.year or clock.today().year
            rows = [
                row
                for start in range(0, len(checked.rows), staging.CHUNK)
                for row in staging.compared(bureau, year, checked.rows[start:][: staging.CHUNK])
            ]
    if as_json:
        click.echo(json.dumps(_report(checked, rows), ensure_ascii=False, indent=1))
    else:
        _print(checked, rows)
    if any(row.verdict is Verdict.REFUSED for row in rows):
        raise SystemExit(_REFUSED_ROWS)


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--bureau", "code", required=True, help="Code of the bureau whose ledger it is.")
@click.option("--rejects", type=_OUT, help="Write the rows that did not come in here.")
def bring_in(file: Path, code: str, rejects: Path | None) -> None:
    """Bring the good rows of a ledger in, all in one act; repeating it changes nothing."""
    with _words():
        bureau = units.get(code)
        clerk, work, data = _operator(bureau), _scope(bureau), file.read_bytes()
        with unit_of_work.transaction(work):
            batch, fresh = ledger.receive(clerk, bureau, filename=file.name, data=data)
            # What another try only staged is staged again: the register may have changed.
            if not fresh and batch.status != "applied":
                ledger.discard(clerk, batch.id)
                batch, fresh = ledger.receive(clerk, bureau, filename=file.name, data=data)
            if fresh:
                checked = check_upload(data, bureau, allow_fictitious=_fictitious())
                staging.start(batch, checked.head, checked.remarks)
                staging.add(batch, checked.rows)
                ledger.preview(clerk, batch)
                ledger_apply.apply(clerk, batch.id)
            counts, head_year = dict(batch.counts), batch.year
            going_back = [row.checked for row in staging.rows_of(batch.id, GOING_BACK)]
    _echo_counts(counts, repeated=not fresh)
    if rejects is not None:
        written = write_rejects(rejects, LedgerHead(year=head_year), going_back)
        click.echo(f"退回 {written} 行，写在 {rejects}")


@commands.command("export")
@click.argument("out", type=_OUT)
@click.option("--bureau", "code", required=True, help="Code of the bureau.")
@click.option("--year", required=True, type=int, help="Programme year.")
def export(out: Path, code: str, year: int) -> None:
    """Write a bureau's ledger of a year as the official workbook."""
    with _words():
        bureau = units.get(code)
        with unit_of_work.transaction(_scope(bureau)):
            entries = ledger_export.export(_operator(bureau), bureau, year, "命令行导出")
            written = write_ledger(out, year, entries, day=clock.today())
            unlisted = reading.unlisted_count(bureau.path, year)
    click.echo(f"{bureau.name} {year} 年台账：{written} 名儿童，写在 {out}")
    if unlisted:
        click.echo(f"在册而没有列入 {year} 年台账的还有 {unlisted} 名，不在这个文件里")


def _echo_counts(counts: dict[str, int], *, repeated: bool) -> None:
    words = [f"{word} {counts.get(verdict.value, 0)}" for verdict, word in _VERDICTS.items()]
    said = "这个文件已经导入过，没有再改动：" if repeated else "已导入："
    click.echo(said + " · ".join(words))


def _counts(rows: list[StagedRow]) -> dict[str, int]:
    counts = {verdict.value: 0 for verdict in _VERDICTS}
    for row in rows:
        counts[row.verdict.value] += 1
    return counts


def _print(checked: CheckedLedger, rows: list[StagedRow]) -> None:
    counts = _counts(rows)
    click.echo(" · ".join(f"{word} {counts[each.value]}" for each, word in _VERDICTS.items()))
    for remark in checked.remarks:
        click.echo(f"  {remark.sheet} {remark.row or ''} {remark.text}".rstrip())
    said = [remark for row in rows for remark in row.checked.remarks]
    for remark in said[:_MOST_LINES]:
        column = remark.column.header if remark.column else ""
        mark = "·" if remark.weight is Weight.NOTE else "×"
        click.echo(f"{mark} 第 {remark.row} 行 {column} “{remark.value}”：{remark.text}")
    if len(said) > _MOST_LINES:
        click.echo(f"还有 {len(said) - _MOST_LINES} 条，用 --json 看全部")


def _report(checked: CheckedLedger, rows: list[StagedRow]) -> dict[str, Any]:
    return {
        "title": checked.head.title,
        "year": checked.head.year,
        "date": checked.head.day.isoformat() if checked.head.day else None,
        "counts": _counts(rows),
        "accepted": sum(row.checked.status is Status.READY for row in rows),
        "remarks": [
            {"sheet": each.sheet, "row": each.row, "code": each.message.code, "text": each.text}
            for each in checked.remarks
        ],
        "rows": [_row_report(row) for row in rows],
    }


def _row_report(row: StagedRow) -> dict[str, Any]:
    return {
        "sheet": row.checked.raw.sheet,
        "row": row.checked.raw.number,
        "verdict": row.verdict.value,
        "remarks": [
            {
                "column": each.column.header if each.column else None,
                "kind": each.weight.value,
                "code": each.message.code,
                "value": each.value,
                "text": each.text,
            }
            for each in row.checked.remarks
        ],
        "changes": [
            {"field": each.field, "old": each.old, "new": each.new} for each in row.changes
        ],
    }
