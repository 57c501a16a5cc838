"""``flask --app wsgi administrator``: the first people who may let others in."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from portal.core import unit_of_work
from portal.domain.errors import DomainError
from portal.services import grants


@click.command("administrator")
@click.argument("email")
@click.argument("name")
@click.option("--unit", "code", required=True, help="Code of the authority, e.g. 350400.")
@with_appcontext
def command(email: str, name: str, code: str) -> None:
    """Invite an administrator of a new installation: at most two per unit, by mail."""
    try:
        with unit_of_work.transaction(unit_of_work.system_scope("open the first administrators")):
            grants.open_administrator(email=email, name=name, unit_code=code)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{email}: the invitation is owed; the worker sends it")
