"""Requests of the people concerned, guardian links, texts, tombstones.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, append_only, or_speaks_for, protect

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Dropped in this order: what points at others first. None of them is pointed at by an old table.
TABLES = (
    "tombstones",
    "text_acceptances",
    "authority_texts",
    "grievances",
    "child_protections",
    "guardian_accesses",
    "rights_requests",
)


def upgrade() -> None:
    """Make the tables and raise their walls; what was erased stays on the list."""
    _tables()
    protect("rights_requests", or_speaks_for(BY_UNIT, "supporter_id"))
    for table in ("guardian_accesses", "child_protections", "grievances"):
        protect(table, BY_UNIT)
    protect("authority_texts", BY_TENANT)
    protect("text_acceptances", or_speaks_for(BY_TENANT, "supporter_id"))
    append_only("tombstones")


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)


def _tables() -> None:
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=True),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_rights_requests_child_id_child_files")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian_links.id"],
            name=op.f("fk_rights_requests_guardian_id_guardian_links"),
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_rights_requests_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_requests")),
    )
    op.create_index(
        op.f("ix_rights_requests_asker_id"), "rights_requests", ["asker_id"], unique=False
    )
    op.create_index(
        op.f("ix_rights_requests_child_id"), "rights_requests", ["child_id"], unique=False
    )
    op.create_index(
        "ix_rights_requests_queue", "rights_requests", ["status", "due_on"], unique=False
    )
    op.create_index(
        op.f("ix_rights_requests_unit_path"), "rights_requests", ["unit_path"], unique=False
    )
    op.create_table(
        "guardian_accesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_guardian_accesses_child_id_child_files")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian_links.id"],
            name=op.f("fk_guardian_accesses_guardian_id_guardian_links"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_accesses")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guardian_accesses_token_hash")),
    )
    op.create_index(
        op.f("ix_guardian_accesses_child_id"), "guardian_accesses", ["child_id"], unique=False
    )
    op.create_index(
        op.f("ix_guardian_accesses_unit_path"), "guardian_accesses", ["unit_path"], unique=False
    )
    op.create_table(
        "child_protections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_child_protections_child_id_child_files")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian_links.id"],
            name=op.f("fk_child_protections_guardian_id_guardian_links"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_protections")),
    )
    op.create_index(
        op.f("ix_child_protections_child_id"), "child_protections", ["child_id"], unique=False
    )
    op.create_index(
        op.f("ix_child_protections_unit_path"), "child_protections", ["unit_path"], unique=False
    )
    op.create_table(
        "grievances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grievances")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_grievances_receipt_hash")),
    )
    op.create_index("ix_grievances_queue", "grievances", ["status", "due_on"], unique=False)
    op.create_index(op.f("ix_grievances_unit_path"), "grievances", ["unit_path"], unique=False)
    op.create_table(
        "authority_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_texts")),
        sa.UniqueConstraint(
            "tenant_path", "kind", "number", name=op.f("uq_authority_texts_tenant_path_kind_number")
        ),
    )
    op.create_index(
        op.f("ix_authority_texts_tenant_path"), "authority_texts", ["tenant_path"], unique=False
    )
    op.create_table(
        "text_acceptances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_text_acceptances_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_acceptances")),
        sa.UniqueConstraint(
            "supporter_id",
            "kind",
            "number",
            name=op.f("uq_text_acceptances_supporter_id_kind_number"),
        ),
    )
    op.create_index(
        op.f("ix_text_acceptances_tenant_path"), "text_acceptances", ["tenant_path"], unique=False
    )
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("kind", "row_id", name=op.f("uq_tombstones_kind_row_id")),
    )
