"""Who works in a programme on which days, and what they swap.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, or_runs, or_speaks_for, protect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
#: In the order in which they may be removed.
TABLES = (
    "duty_swaps",
    "programme_duties",
    "programme_staff",
)


def upgrade() -> None:
    """Make the tables and raise both walls around them."""
    _programme_staff()
    _programme_duties()
    _duty_swaps()
    protect("programme_staff", or_runs(or_speaks_for(BY_TENANT, "supporter_id")))
    protect("programme_duties", or_runs(or_speaks_for(BY_TENANT, "supporter_id")))
    protect("duty_swaps", or_runs(or_speaks_for(BY_TENANT, "supporter_id")))


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)


def _column(name: str, kind: object, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=empty)


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _index(table: str, *columns: str, name: str = "") -> None:
    op.create_index(name or op.f(f"ix_{table}_{columns[0]}"), table, list(columns))


def _partly_unique(name: str, table: str, columns: list[str], where: str) -> None:
    rule = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=rule, postgresql_where=rule)


def _programme_staff() -> None:
    op.create_table(
        "programme_staff",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("supporter_id", sa.Uuid()),
        _column("user_id", sa.Uuid(), empty=True),
        _column("name", sa.Text()),
        _column("role", sa.String(12)),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("removed_reason", sa.String(24)),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("programme_staff", "programme_id", "programmes"),
        _foreign("programme_staff", "supporter_id", "supporters"),
        _foreign("programme_staff", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_staff")),
    )
    _index("programme_staff", "programme_id")
    _index("programme_staff", "supporter_id")
    _index("programme_staff", "tenant_path")
    _index("programme_staff", "user_id")
    _partly_unique(
        "uq_programme_staff_standing",
        "programme_staff",
        ["programme_id", "supporter_id"],
        "status <> 'removed'",
    )


def _programme_duties() -> None:
    op.create_table(
        "programme_duties",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("staff_id", sa.Uuid()),
        _column("supporter_id", sa.Uuid()),
        _column("happens_on", sa.Date()),
        _column("starts", sa.String(5)),
        _column("ends", sa.String(5)),
        _column("status", sa.String(12)),
        _column("minutes", sa.Integer(), empty=True),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("programme_duties", "programme_id", "programmes"),
        _foreign("programme_duties", "staff_id", "programme_staff"),
        _foreign("programme_duties", "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_duties")),
    )
    _index("programme_duties", "supporter_id", "happens_on", name="ix_programme_duties_day")
    _index("programme_duties", "programme_id")
    _index("programme_duties", "tenant_path")
    _partly_unique(
        "uq_programme_duties_kept",
        "programme_duties",
        ["staff_id", "happens_on", "starts"],
        "status IN ('planned', 'done')",
    )


def _duty_swaps() -> None:
    op.create_table(
        "duty_swaps",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("duty_id", sa.Uuid()),
        _column("supporter_id", sa.Uuid()),
        _column("to_staff_id", sa.Uuid()),
        _column("words", sa.String(200)),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("decided_by", sa.Uuid(), empty=True),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("duty_swaps", "programme_id", "programmes"),
        _foreign("duty_swaps", "duty_id", "programme_duties"),
        _foreign("duty_swaps", "supporter_id", "supporters"),
        _foreign("duty_swaps", "to_staff_id", "programme_staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_swaps")),
    )
    _index("duty_swaps", "programme_id")
    _index("duty_swaps", "tenant_path")
    _partly_unique("uq_duty_swaps_open", "duty_swaps", ["duty_id"], "status = 'asked'")
