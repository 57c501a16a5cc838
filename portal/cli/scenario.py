"""``flask --app wsgi scenario``: play a story, list its words, write their page."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.scenarios import manual, script
from portal.scenarios.player import Played, Player
from portal.scenarios.vocabulary import SIGHTS, VERBS

commands = AppGroup("scenario", help="Stories played through the services.")
_MANUAL = Path("docs/SCENARIOS.md")


@commands.command("play")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines instead of a table.")
def play(file: Path, *, as_json: bool) -> None:
    """Play FILE in this database and print what was expected and seen."""
    try:
        with file.open(encoding="utf-8") as lines:
            rows = Player(VERBS, SIGHTS).play(script.read(lines))
    except script.ScriptError as error:
        raise click.ClickException(f"{file.name}, {error}") from error
    for row in rows:
        click.echo(json.dumps(asdict(row), ensure_ascii=False) if as_json else _text(row))
    wrong = sum(not row.ok for row in rows)
    if not as_json:
        click.echo(f"{len(rows)} lines, {wrong} not as expected")
    sys.exit(1 if wrong else 0)


@commands.command("verbs")
def verbs() -> None:
    """List verbs and sights with their arguments."""
    for title, known in (("do", VERBS), ("see", SIGHTS)):
        for verb in known.values():
            click.echo(f"{title} {verb.name}: {verb.signature()}")


@commands.command("docs")
@click.option("--check", is_flag=True, help="Only say whether the page is current.")
def docs(*, check: bool) -> None:
    """Write docs/SCENARIOS.md from the services."""
    text = manual.page(VERBS, SIGHTS)
    if check:
        sys.exit(0 if _MANUAL.exists() and _MANUAL.read_text(encoding="utf-8") == text else 1)
    _MANUAL.parent.mkdir(exist_ok=True)
    _MANUAL.write_text(text, encoding="utf-8")
    click.echo(f"{_MANUAL} written")


def _text(row: Played) -> str:
    mark = "ok " if row.ok else "NOT"
    shown = row.seen if row.ok else f"{row.seen} (expected {row.expected})"
    return f"{mark} {row.line:>4} {row.at} {row.who:<16} {row.did:<22} {shown}"
