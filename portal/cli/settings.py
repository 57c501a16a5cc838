"""``flask --app wsgi settings``: every setting with its default and meaning, as docs show it."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from portal.config import Settings
from portal.config_outside import OutsideSettings


def table() -> str:
    """Return the settings as a Markdown table: the portal's own, then those of the outside."""
    rows = [
        f"| `{field.validation_alias}` | {_default(field)} | {field.description} |"
        for _, field in sorted(
            Settings.model_fields.items(), key=lambda pair: pair[0] in OutsideSettings.model_fields
        )
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "–"
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return "`1`" if value else "`0`"
    text = value.as_posix() if isinstance(value, Path) else str(value)
    return f"`{text}`" if text else "(empty)"


@click.command("settings")
def command() -> None:
    """Print the table of settings that stands in docs/OPERATIONS.md."""
    click.echo(table())
