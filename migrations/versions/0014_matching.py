"""Runs of the matching and the pairs they were told to keep or avoid.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_UNIT, protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_LIVE = sa.text("ended_at IS NULL")
_KEPT = sa.text("ended_at IS NULL AND rule = 'keep'")
_NUMBERS = (
    "needs", "people", "candidates", "served", "children", "score", "greedy_served",
    "greedy_children", "greedy_score", "free_served", "free_score", "took_ms",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables; only the units of a need or of a run read them, no supporter."""
    op.create_table(
        "match_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _NUMBERS),
        sa.Column("result", sa.Text(), nullable=True),
        *_owned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
    )
    op.create_index(op.f("ix_match_runs_unit_path"), "match_runs", ["unit_path"])
    op.create_index("ix_match_runs_made", "match_runs", ["unit_path", "asked_at"])
    op.create_table(
        "match_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_owned(),
        sa.ForeignKeyConstraint(
            ["need_id"], ["pairing_needs.id"], name=op.f("fk_match_rules_need_id_pairing_needs")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_match_rules_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_rules")),
    )
    op.create_index(op.f("ix_match_rules_unit_path"), "match_rules", ["unit_path"])
    _partly_unique("uq_match_rules_live", ["need_id", "supporter_id"], _LIVE)
    _partly_unique("uq_match_rules_kept", ["need_id"], _KEPT)
    protect("match_runs", BY_UNIT)
    protect("match_rules", BY_UNIT)


def downgrade() -> None:
    """Remove them."""
    op.drop_table("match_rules")
    op.drop_table("match_runs")


def _owned() -> list[sa.Column]:
    return [
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
    ]


def _partly_unique(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(
        name, "match_rules", columns, unique=True, sqlite_where=where, postgresql_where=where
    )
