"""``reseal``: after a change of the field key, everything under the new one."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import Table

from portal.core import unit_of_work
from portal.core.scope import Scope
from portal.services import resealing


@click.command("reseal")
@click.option("--batch", type=click.IntRange(1, 5000), default=500, help="rows per transaction")
@click.option("--check", is_flag=True, help="only count what older keys still hold")
@with_appcontext
def command(*, batch: int, check: bool) -> None:
    """Seal every sealed column with the first key of FIELD_KEYS; stop and start again at will."""
    wide = unit_of_work.system_scope("the key of every sealed column changes")
    unreadable = 0
    for table in resealing.tables():
        if not check:
            unreadable += _through(table, batch, wide)
        with unit_of_work.reading(wide):
            left = resealing.left(table)
        if check and left:
            click.echo(f"{table.name}: {left} rows under an older key")
        unreadable += left if check else 0
    if unreadable:
        raise click.ClickException("older keys are still needed; keep them in FIELD_KEYS")
    click.echo("everything is sealed with the first key")


def _through(table: Table, batch: int, wide: Scope) -> int:
    """Seal a table batch by batch, each its own transaction; return what no key opens."""
    sealed = unreadable = 0
    after = None
    while True:
        with unit_of_work.transaction(wide):
            done = resealing.step(table, after=after, rows=batch)
        sealed, unreadable, after = sealed + done.sealed, unreadable + done.unreadable, done.last
        if after is None:
            break
    if sealed or unreadable:
        click.echo(f"{table.name}: {sealed} values sealed, {unreadable} that no key opens")
    return unreadable
