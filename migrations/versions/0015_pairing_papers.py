"""Two keys for a pairing: one approved pairing per need; its meeting, contact and signed agreement.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_APPROVED = sa.text("status IN ('matched', 'active', 'paused')")
#: (column, table): where the new foreign keys lead.
_KEYS = (("application_id", "need_applications"), ("agreement_file_id", "stored_files"))

#: (column, length): what is copied from the need for its supporter, and the hour of a meeting.
_COPIES = (("kind", 16), ("rhythm", 20), ("meeting_hour", 5))


def upgrade() -> None:
    """Call whoever proposed by that name, and let a need have one approved pairing."""
    with op.batch_alter_table("pairings") as batch:
        batch.alter_column("matched_by", new_column_name="proposed_by")
        for column, length in _COPIES:
            batch.add_column(
                sa.Column(column, sa.String(length=length), nullable=False, server_default="")
            )
        batch.add_column(sa.Column("application_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("agreement_file_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("meeting_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("contact_id", sa.Uuid(), nullable=True))
        for column, table in _KEYS:
            batch.create_foreign_key(f"fk_pairings_{column}_{table}", table, [column], ["id"])
    op.create_index(
        "uq_pairings_need", "pairings", ["need_id"], unique=True,
        sqlite_where=_APPROVED, postgresql_where=_APPROVED,
    )  # fmt: skip


def downgrade() -> None:
    """Forget all of it."""
    op.drop_index("uq_pairings_need", "pairings")
    with op.batch_alter_table("pairings") as batch:
        for column, table in _KEYS:
            batch.drop_constraint(f"fk_pairings_{column}_{table}", type_="foreignkey")
        for column in ("contact_id", "meeting_on"):
            batch.drop_column(column)
        for column, _ in (*_KEYS, *_COPIES):
            batch.drop_column(column)
        batch.alter_column("proposed_by", new_column_name="matched_by")
