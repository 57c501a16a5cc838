"""The vetting passport, appeals, members, and the pairing it protects.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, or_speaks_for, protect

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the tables of vetting, make those of tier 2, and raise their walls."""
    _widen()
    _make()
    for table in ("appeals", "clearances", "ties"):
        protect(table, or_speaks_for(BY_TENANT, "supporter_id"))
    protect("complaints", BY_UNIT)
    protect("pairings", or_speaks_for(BY_UNIT, "supporter_id"))


def downgrade() -> None:
    """Remove them again."""
    for table in ("appeals", "clearances", "complaints", "pairings", "ties"):
        op.drop_table(table)
    with op.batch_alter_table("vetting_checks") as batch:
        batch.drop_constraint("fk_vetting_checks_file_id_stored_files", type_="foreignkey")
        for name in ("minutes", "reference", "issued_on", "file_id", "struck_at", "struck_by"):
            batch.drop_column(name)
    for name in ("suspended_for", "suspended_by", "closed_at", "closed_by"):
        op.drop_column("supporters", name)
    op.drop_column("supporter_members", "invited_at")


def _widen() -> None:
    with op.batch_alter_table("supporters") as batch:
        batch.add_column(
            sa.Column("suspended_for", sa.String(12), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("suspended_by", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("closed_by", sa.Uuid(), nullable=True))
    with op.batch_alter_table("supporter_members") as batch:
        batch.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("vetting_checks") as batch:
        batch.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("reference", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("issued_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("file_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("struck_by", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            "fk_vetting_checks_file_id_stored_files", "stored_files", ["file_id"], ["id"]
        )


def _make() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("against", sa.String(length=12), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_appeals_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint(
            "supporter_id", "decided_at", name=op.f("uq_appeals_supporter_id_decided_at")
        ),
    )
    op.create_index(op.f("ix_appeals_status"), "appeals", ["status"], unique=False)
    op.create_index(op.f("ix_appeals_tenant_path"), "appeals", ["tenant_path"], unique=False)
    op.create_table(
        "clearances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommended_by", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_clearances_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
        sa.UniqueConstraint("supporter_id", name=op.f("uq_clearances_supporter_id")),
    )
    op.create_index(op.f("ix_clearances_status"), "clearances", ["status"], unique=False)
    op.create_index(op.f("ix_clearances_tenant_path"), "clearances", ["tenant_path"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_complaints_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index(op.f("ix_complaints_status"), "complaints", ["status"], unique=False)
    op.create_index(
        op.f("ix_complaints_supporter_id"), "complaints", ["supporter_id"], unique=False
    )
    op.create_index(op.f("ix_complaints_unit_path"), "complaints", ["unit_path"], unique=False)
    op.create_table(
        "pairings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("file_no", sa.String(length=16), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched_by", sa.Uuid(), nullable=True),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("paused_reason", sa.String(length=24), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_pairings_child_id_child_files")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_pairings_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("tenant_path", "file_no", name=op.f("uq_pairings_tenant_path_file_no")),
    )
    op.create_index(op.f("ix_pairings_status"), "pairings", ["status"], unique=False)
    op.create_index("ix_pairings_supporter", "pairings", ["supporter_id", "status"], unique=False)
    op.create_index(op.f("ix_pairings_unit_path"), "pairings", ["unit_path"], unique=False)
    op.create_index(
        "uq_pairings_live",
        "pairings",
        ["child_id", "supporter_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_table(
        "ties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("release_words", sa.Text(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_ties_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
    )
    op.create_index(op.f("ix_ties_supporter_id"), "ties", ["supporter_id"], unique=False)
    op.create_index(op.f("ix_ties_tenant_path"), "ties", ["tenant_path"], unique=False)
