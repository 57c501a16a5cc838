"""The command line: ``flask --app wsgi <command>``; one module per noun."""

from __future__ import annotations

from flask import Flask

from portal.cli import (
    administrator,
    audit,
    demo,
    ledger,
    lifecycle,
    queue,
    reseal,
    rights,
    scale,
    scenario,
    settings,
    units,
    worker,
)

ALL = (
    administrator.command,
    audit.commands,
    demo.command,
    ledger.commands,
    lifecycle.command,
    queue.commands,
    reseal.command,
    rights.forget,
    rights.restore_tombstones,
    scale.command,
    scenario.commands,
    settings.command,
    units.commands,
    worker.command,
)


def register(app: Flask) -> None:
    """Add every command."""
    for group in ALL:
        app.cli.add_command(group)
