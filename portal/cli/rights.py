"""``restore-tombstones`` and ``forget``: what an operator does about erasure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.core import unit_of_work
from portal.domain.errors import DomainError
from portal.services import replay, retention, tombstones


@click.command("restore-tombstones")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore_tombstones(file: Path) -> None:
    """Erase again, on a restored database, what FILE says was erased. Safe to run twice."""
    reason = "a restored backup forgets again whom it must"
    try:
        with unit_of_work.transaction(unit_of_work.system_scope(reason)):
            done = replay.replay(tombstones.from_file(file))
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for kind, count in sorted(done.items()):
        click.echo(f"{kind}: {count}")


@click.command("forget")
@click.argument("name")
@click.option("--older-than", type=int, help="days; shorter than the class's period is refused")
@with_appcontext
def forget(name: str, older_than: int | None) -> None:
    """End the records of one retention class that are past their time."""
    span = timedelta(days=older_than) if older_than is not None else None
    try:
        with unit_of_work.transaction(unit_of_work.system_scope("retention by hand")):
            count = retention.forget(name, span)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name}: {count}")
