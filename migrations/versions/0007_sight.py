"""Who opened which masked field, and by whose leave.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_UNIT, append_only, protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
TABLES = ("access_rows", "sight_outliers", "sight_requests")


def upgrade() -> None:
    """Make the tables."""
    _access_rows()
    _requests()
    _outliers()
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_unit_path"), table, ["unit_path"], unique=False)
        protect(table, BY_UNIT)
    append_only("access_rows")


def downgrade() -> None:
    """Remove them; policies and triggers go with their tables."""
    for table in TABLES:
        op.drop_table(table)


def _access_rows() -> None:
    op.create_table(
        "access_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("subject_type", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sight_id", sa.Uuid(), nullable=True),
        sa.Column("fact_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_rows")),
    )
    op.create_index(op.f("ix_access_rows_at"), "access_rows", ["at"], unique=False)
    op.create_index("ix_access_rows_subject", "access_rows", ["subject_id", "id"], unique=False)
    op.create_index("ix_access_rows_actor", "access_rows", ["actor_id", "at"], unique=False)


def _requests() -> None:
    op.create_table(
        "sight_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_role", sa.String(length=24), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_sight_requests_child_id_child_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sight_requests")),
    )
    for name in ("child_id", "status", "asked_by"):
        op.create_index(op.f(f"ix_sight_requests_{name}"), "sight_requests", [name], unique=False)


def _outliers() -> None:
    op.create_table(
        "sight_outliers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("watcher", sa.String(length=24), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("viewed", sa.Integer(), nullable=False),
        sa.Column("outside", sa.Integer(), nullable=False),
        sa.Column("night", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sight_outliers")),
        sa.UniqueConstraint(
            "actor_id", "role", "day", name=op.f("uq_sight_outliers_actor_id_role_day")
        ),
    )
    op.create_index(op.f("ix_sight_outliers_day"), "sight_outliers", ["day"], unique=False)
