"""``flask --app wsgi queue``: what an operator does with the queue and what it left behind."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from portal.config import Settings
from portal.core import jobs, outbox, scope, unit_of_work
from portal.queries import backlog

commands = AppGroup("queue", help="The background's queue.")


@commands.command("init")
def init() -> None:
    """Create the queue's tables (once, and after an upgrade that says so)."""
    settings: Settings = current_app.config["SETTINGS"]
    owner = Settings.postgresql_driver(settings.database_owner_url.get_secret_value())
    current_app.extensions["queue"].prepare(owner)
    click.echo("The queue is ready.")


@commands.command("status")
def status() -> None:
    """Show what waits."""
    with unit_of_work.reading(scope.NOTHING):
        for name, value in asdict(backlog.backlog()).items():
            click.echo(f"{name.replace('_', ' ')}: {value:g}")
    click.echo(f"calls in the queue: {current_app.extensions['queue'].ping()}")


@commands.command("retry")
def retry() -> None:
    """Give parked mails and jobs their eight tries again."""
    with unit_of_work.transaction(scope.NOTHING):
        mails, works = outbox.retry_parked(), jobs.retry_parked()
    click.echo(f"{mails} mails and {works} jobs will be tried again.")
