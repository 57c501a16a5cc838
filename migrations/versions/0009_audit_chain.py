"""The chain over the facts and its anchors.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import append_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("fact_seals", "sealed_rows", "audit_checks")


def upgrade() -> None:
    """Make the tables; nobody changes or removes what stands in them."""
    op.create_table(
        "fact_seals",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("sealed_at", _MOMENT, nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_fact_seals")),
    )
    op.create_table(
        "sealed_rows",
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("seal_no", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["seal_no"], ["fact_seals.no"], name=op.f("fk_sealed_rows_seal_no_fact_seals")
        ),
        sa.PrimaryKeyConstraint("source", "row_id", name=op.f("pk_sealed_rows")),
        sa.UniqueConstraint("seal_no", "position", name=op.f("uq_sealed_rows_seal_no_position")),
    )
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("seals", sa.Integer(), nullable=False),
        sa.Column("unsealed", sa.Integer(), nullable=False),
        sa.Column("anchored", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checks")),
    )
    op.create_index(op.f("ix_audit_checks_at"), "audit_checks", ["at"])
    for table in _TABLES:
        append_only(table)


def downgrade() -> None:
    """Remove them; their triggers go with them."""
    for table in reversed(_TABLES):
        op.drop_table(table)
