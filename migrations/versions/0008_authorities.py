"""Settings, holidays, delegations and the history of units.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, append_only, protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables and their walls; what a unit was called before stays written."""
    _units()
    _authorities()
    protect("unit_proposals", BY_UNIT)
    protect("setting_changes", BY_TENANT)
    protect("own_days", BY_TENANT)
    append_only("unit_changes")


def downgrade() -> None:
    """Remove them."""
    for table in ("unit_changes", "unit_proposals", "setting_changes", "own_days", "delegations"):
        op.drop_table(table)


def _units() -> None:
    op.create_table(
        "unit_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_proposals_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_proposals")),
    )
    _index("unit_proposals", "unit_id", "unit_path")
    op.create_table(
        "unit_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("old_code", sa.String(length=24), nullable=False),
        sa.Column("new_code", sa.String(length=24), nullable=False),
        sa.Column("old_name", sa.String(length=60), nullable=False),
        sa.Column("new_name", sa.String(length=60), nullable=False),
        sa.Column("old_path", PATH, nullable=False),
        sa.Column("new_path", PATH, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_unit_changes_{column}_{table}")
            )
            for column, table in (
                ("proposal_id", "unit_proposals"),
                ("unit_id", "units"),
                ("successor_id", "units"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_changes")),
    )
    _index("unit_changes", "proposal_id", "unit_id", "successor_id", "old_code", "old_path")


def _authorities() -> None:
    op.create_table(
        "setting_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        *_stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_changes")),
    )
    _index("setting_changes", "name", "tenant_path")
    op.create_table(
        "own_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        *_stamps(versioned=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_days")),
        sa.UniqueConstraint("tenant_path", "day", name=op.f("uq_own_days_tenant_path_day")),
    )
    _index("own_days", "tenant_path")
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("delegator_id", sa.Uuid(), nullable=False),
        sa.Column("delegate_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        *_stamps(),
        sa.CheckConstraint("delegator_id <> delegate_id", name=op.f("ck_delegations_two_people")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_delegations_{column}_{table}")
            )
            for column, table in (
                ("grant_id", "role_grants"),
                ("delegator_id", "users"),
                ("delegate_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    _index("delegations", "grant_id", "delegator_id", "delegate_id")


def _stamps(*, versioned: bool = True) -> list[sa.Column]:
    columns = [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
    ]
    return [*columns, sa.Column("version", sa.Integer(), nullable=False)] if versioned else columns


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
