"""``flask --app wsgi units load``: the unit tree from the shipped list of divisions."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.core import unit_of_work
from portal.services import units

commands = AppGroup("units", help="The tree of units.")


@commands.command("load")
def load() -> None:
    """Load or complete the tree; what stands already is kept."""
    with unit_of_work.transaction(unit_of_work.system_scope("load the unit tree")):
        added = units.load_shipped()
    click.echo(f"{added} units added")
