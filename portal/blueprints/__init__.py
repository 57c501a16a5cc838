"""One blueprint per audience; a page that is not listed here does not exist."""

from __future__ import annotations

from flask import Flask

from portal.blueprints import auth, children, desk, health, public
from portal.blueprints import jobs, mailbox

ALL = (public.bp, auth.bp, children.bp, desk.bp, health.bp, jobs.bp, mailbox.bp)


def register(app: Flask) -> None:
    """Register every blueprint."""
    for blueprint in ALL:
        app.register_blueprint(blueprint)
