"""``flask --app wsgi scale-data``: synthetic data of a named size, for the benchmarks."""

from __future__ import annotations

import click

from portal.core import unit_of_work
from portal.queries import units as unit_reads
from portal.services import scale, units


@click.command("scale-data", help="Fill an empty database with synthetic data of a size.")
@click.option("--wishes", default=1_000_000, show_default=True)
@click.option("--children", default=500_000, show_default=True)
@click.option("--bureau", default="350400", show_default=True)
@click.option("--seed", default=350400, show_default=True)
def command(wishes: int, children: int, bureau: str, seed: int) -> None:
    """Load the unit tree if it is missing, then fill."""
    with unit_of_work.transaction(unit_of_work.system_scope("synthetic data of a size")):
        units.load_shipped()
        path = unit_reads.get(bureau).path
        scale.fill(wishes, children, tenant_path=path, seed=seed, said=click.echo)
    click.echo(f"{children} children, {wishes} wishes")
