"""What a draw needs to be drawn again, and the edition of the sentences a family agreed to.

Revision ID: 0024
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0026"
branch_labels = None
depends_on = None

#: By table: column, kind; what may not be empty begins as an empty text.
ADDED = {
    "programmes": (("draw_commit", sa.String(length=64)), ("draw_secret", sa.Text())),
    "programme_notices": (("draw_commit", sa.String(length=64)),),
    "enrolments": (("consent_version", sa.String(length=16)),),
}
_NUMBERS = ("draw_tickets", "draw_rank")


def upgrade() -> None:
    """Add the columns; rows from before hold nothing in them."""
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, kind in columns:
                batch.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    with op.batch_alter_table("enrolments") as batch:
        for name in _NUMBERS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    """Remove them."""
    with op.batch_alter_table("enrolments") as batch:
        for name in _NUMBERS:
            batch.drop_column(name)
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, _kind in columns:
                batch.drop_column(name)
