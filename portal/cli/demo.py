"""``flask --app wsgi demo``: the demo year, for a first look and for tests."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import demo
from portal.config import Settings
from portal.domain.errors import DomainError


@click.command("demo")
@with_appcontext
def command() -> None:
    """Play the demo year into an empty database; says so when there is data already."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.environment == "production":
        raise click.ClickException("The demo holds fictitious people; production refuses it.")
    if not settings.allow_fictitious_id:
        raise click.ClickException("The demo needs ALLOW_FICTITIOUS_ID=1.")
    if demo.is_loaded():
        click.echo("There is data already: nothing was added.")
        return
    try:
        loaded = demo.load(click.echo)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The demo year stands: {loaded.children} children, {loaded.lines} steps.")
