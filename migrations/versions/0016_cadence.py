"""Excuses, substitutes and reminders of a pairing.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_UNIT, or_speaks_for, protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_STANDING = sa.text("withdrawn_at IS NULL")
TABLES = ("cadence_excuses", "cadence_reminders", "substitutions")


def upgrade() -> None:
    """Make the tables; mentor and substitute read the own rows."""
    _table(
        "cadence_excuses",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
    )
    op.create_index(
        "uq_cadence_excuses_standing",
        "cadence_excuses",
        ["pairing_id", "kind", "period_from"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    _table(
        "cadence_reminders",
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("about_talk", sa.Boolean(), nullable=False),
        sa.Column("about_visit", sa.Boolean(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 3", name=op.f("ck_cadence_reminders_three_at_most")
        ),
        sa.UniqueConstraint(
            "pairing_id",
            "period_from",
            "number",
            name=op.f("uq_cadence_reminders_pairing_id_period_from_number"),
        ),
    )
    _table(
        "substitutions",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.String(length=16), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index(
        "ix_substitutions_pairing_days", "substitutions", ["pairing_id", "from_on", "until_on"]
    )
    op.create_index("ix_substitutions_supporter", "substitutions", ["supporter_id", "until_on"])


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)


def _table(name: str, *columns: sa.Column | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        *(one for one in columns if isinstance(one, sa.Column)),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        *(one for one in columns if isinstance(one, sa.Constraint)),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f(f"fk_{name}_pairing_id_pairings")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f(f"fk_{name}_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_unit_path"), name, ["unit_path"])
    protect(name, or_speaks_for(BY_UNIT, "supporter_id"))
