"""``flask --app wsgi units load``: the unit tree from the shipped list of divisions."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.core import unit_of_work
from portal.domain.actor import SYSTEM
from portal.services import units

LEVELS = ("province", "city", "county", "township", "village", "agency")

commands = AppGroup("units", help="The tree of units.")


@commands.command("load")
def load() -> None:
    """Load or complete the tree; what stands already is kept."""
    with unit_of_work.transaction(unit_of_work.system_scope("load the unit tree")):
        added = units.load_shipped()
    click.echo(f"{added} units added")


@commands.command("open")
@click.argument("code")
@click.argument("name")
@click.option("--level", required=True, type=click.Choice(LEVELS), help="Level of the unit.")
@click.option("--under", required=True, help="Code of the unit it reports to.")
@click.option("--authority", is_flag=True, help="The unit answers for its own data (a tenant).")
def open_one(code: str, name: str, level: str, under: str, *, authority: bool) -> None:
    """Open one unit: an agency under a contract, a new village, 平潭 under the province."""
    with unit_of_work.transaction(unit_of_work.system_scope("open a unit by command")):
        unit = units.open_unit(
            SYSTEM, code=code, name=name, level=level, parent_code=under, is_tenant=authority
        )
        path = unit.path
    click.echo(f"{name}: {path}")
