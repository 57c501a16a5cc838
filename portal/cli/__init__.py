"""The command line: ``flask --app wsgi <command>``; one module per noun."""

from __future__ import annotations

from flask import Flask

from portal.cli import lifecycle, scale, scenario, units

ALL = (lifecycle.command, scale.command, scenario.commands, units.commands)


def register(app: Flask) -> None:
    """Add every command."""
    for group in ALL:
        app.cli.add_command(group)
