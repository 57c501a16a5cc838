"""``flask --app wsgi worker``: the background; start as many as there are hands to spare."""

from __future__ import annotations

import click
from flask import current_app

from portal.jobs import worker as process


@click.command("worker")
@click.option("--threads", default=2, show_default=True, help="Jobs at the same time.")
def command(threads: int) -> None:
    """Run jobs, send owed mail and tick the clock until TERM."""
    process.serve(current_app._get_current_object(), threads)  # type: ignore[attr-defined]  # noqa: SLF001 - the documented way to the real object
