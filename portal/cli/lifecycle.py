"""``flask --app wsgi lifecycle wish``: a lifecycle drawn as a Mermaid diagram."""

from __future__ import annotations

import click

from portal.domain.lifecycles import MACHINES
from portal.domain.machine import diagram

_BY_NOUN = {machine.noun: machine for machine in MACHINES}


@click.command("lifecycle", help="Draw a lifecycle as a Mermaid diagram.")
@click.argument("noun", type=click.Choice(sorted(_BY_NOUN)))
def command(noun: str) -> None:
    """Print the diagram of one noun's machine."""
    click.echo(diagram(_BY_NOUN[noun]))
