"""A supporter who lost every second factor is given a way back, a day later.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the table; one row at a time waits for an account."""
    op.create_table(
        "factor_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_factor_resets_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_factor_resets_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_resets")),
    )
    op.create_index(op.f("ix_factor_resets_supporter_id"), "factor_resets", ["supporter_id"])
    op.create_index(op.f("ix_factor_resets_due_at"), "factor_resets", ["due_at"])
    op.create_index(
        "uq_factor_resets_waiting",
        "factor_resets",
        ["user_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Remove it; what waited is not carried out."""
    op.drop_table("factor_resets")
