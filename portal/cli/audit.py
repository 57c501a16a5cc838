"""``flask --app wsgi audit``: seal the memory, look at the whole chain, against anchors too."""

from __future__ import annotations

from pathlib import Path

import click

from portal.services import audit_checks, audit_seals

WORDS = {
    "anchor_lost": "was anchored when last looked at, and the anchor ends before it now",
    "anchor_unreadable": "the anchor holds a line that is no seal",
    "chain_broken": "does not follow the seal before it",
    "cut_off": "was anchored and is gone: the end was cut off",
    "mark_wrong": "was not made with this installation's key",
    "rewritten": "is not the one that was anchored: the chain was rewritten",
    "row_changed": "a row is not what was sealed",
    "row_missing": "a sealed row is gone",
    "run_changed": "its list of rows was changed",
    "seal_changed": "says something else than its digest",
}


@click.group("audit")
def commands() -> None:
    """Seal and check the memory."""


@commands.command("seal")
def seal() -> None:
    """Seal every row that no seal holds, and anchor it."""
    click.echo(f"sealed {audit_seals.seal_all()} rows")


@commands.command("verify")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a copy of seals.jsonl that was kept elsewhere; may be given several times",
)
def verify(anchors: tuple[Path, ...]) -> None:
    """Compare every row, every seal and every anchor; ends with 1 when something differs."""
    report = audit_checks.check(anchors=anchors)
    click.echo(
        f"{report.rows} rows in {report.seals} seals; anchored up to seal {report.anchored}; "
        f"{report.unsealed} not sealed yet; {report.late} sealed late"
    )
    for fault in report.faults:
        where = f" ({fault.source} {fault.row})" if fault.row else ""
        click.echo(f"seal {fault.seal}: {WORDS[fault.kind]}{where}")
    if not report.is_whole:
        raise SystemExit(1)
    click.echo("whole")
