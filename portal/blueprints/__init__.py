"""One blueprint per audience; a page that is not listed here does not exist."""

from __future__ import annotations

from flask import Flask

from portal.blueprints import (
    admin,
    audit,
    auth,
    catalogue,
    children,
    claims,
    confirm,
    desk,
    files,
    health,
    jobs,
    ledger,
    mailbox,
    mine,
    public,
    sights,
    wishes,
)
from portal.blueprints import register as registering

ALL = (
    public.bp,
    catalogue.bp,
    claims.bp,
    auth.bp,
    confirm.bp,
    registering.bp,
    mine.bp,
    files.bp,
    children.bp,
    ledger.bp,
    sights.bp,
    desk.bp,
    wishes.bp,
    admin.bp,
    audit.bp,
    health.bp,
    jobs.bp,
    mailbox.bp,
)


def register(app: Flask) -> None:
    """Register every blueprint."""
    for blueprint in ALL:
        app.register_blueprint(blueprint)
