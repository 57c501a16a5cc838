"""Alembic's environment: the application's models, and the owner's connection on PostgreSQL."""

from __future__ import annotations

import os

from alembic import context
from flask import current_app
from sqlalchemy import create_engine

from portal.config import Settings

config = context.config
database = current_app.extensions["migrate"].db
target_metadata = database.metadata


def _engine():
    """Use the owner's role for schema changes where one is set (PostgreSQL)."""
    owner = os.environ.get("DATABASE_OWNER_URL", "")
    if owner and not current_app.config["SETTINGS"].is_sqlite:
        return create_engine(Settings.postgresql_driver(owner))
    return database.engine


def _run(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with _engine().connect() as own:
        _run(own)
        own.commit()
