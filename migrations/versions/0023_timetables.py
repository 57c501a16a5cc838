"""What timetables were before each change; a programme's code is one for the whole portal.

Revision ID: 0023
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, or_runs, protect

revision = "0023"
down_revision = "0024"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; its wall is the programme's."""
    op.create_table(
        "timetable_steps",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"],
            name=op.f("fk_timetable_steps_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_steps")),
    )  # fmt: skip
    op.create_index("ix_timetable_steps_newest", "timetable_steps", ["programme_id", "id"])
    op.create_index(op.f("ix_timetable_steps_tenant_path"), "timetable_steps", ["tenant_path"])
    protect("timetable_steps", or_runs(BY_TENANT))
    op.create_index("uq_programmes_code", "programmes", ["code"], unique=True)


def downgrade() -> None:
    """Remove it."""
    op.drop_index("uq_programmes_code", "programmes")
    op.drop_table("timetable_steps")
