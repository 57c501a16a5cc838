"""Marks, the sheet that follows from them, departures, sessions opened again.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, or_runs, protect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
#: In the order in which they may be removed.
TABLES = (
    "session_unlocks",
    "departures",
    "attendance_cells",
    "attendance_marks",
)


def upgrade() -> None:
    """Make the tables and raise both walls around them."""
    _attendance_marks()
    _attendance_cells()
    _departures()
    _session_unlocks()
    protect("attendance_marks", or_runs(BY_UNIT))
    protect("attendance_cells", or_runs(BY_UNIT))
    protect("departures", or_runs(BY_UNIT))
    protect("session_unlocks", or_runs(BY_TENANT))


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


def _attendance_marks() -> None:
    op.create_table(
        "attendance_marks",
        _column("id", sa.Uuid()),
        _column("session_id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("enrolment_id", sa.Uuid()),
        _column("client_id", sa.Uuid()),
        _column("device_id", sa.Uuid()),
        _column("seen", sa.JSON()),
        _column("state", sa.String(8)),
        _column("reason", sa.Text()),
        _column("arrived", sa.String(5)),
        _column("left", sa.String(5)),
        _column("way", sa.String(8)),
        _column("marked_at", _MOMENT),
        _column("received_at", _MOMENT),
        _column("marked_by", sa.Uuid()),
        _column("unit_path", PATH),
        _foreign("attendance_marks", "session_id", "programme_sessions"),
        _foreign("attendance_marks", "programme_id", "programmes"),
        _foreign("attendance_marks", "enrolment_id", "enrolments"),
        _foreign("attendance_marks", "marked_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_marks")),
        sa.UniqueConstraint(
            "session_id", "client_id", name=op.f("uq_attendance_marks_session_id_client_id")
        ),
    )
    _index("attendance_marks", "session_id", "enrolment_id", name="ix_attendance_marks_cell")
    _index("attendance_marks", "unit_path")


def _attendance_cells() -> None:
    op.create_table(
        "attendance_cells",
        _column("id", sa.Uuid()),
        _column("session_id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("enrolment_id", sa.Uuid()),
        _column("state", sa.String(8)),
        _column("heads", sa.JSON()),
        _column("conflict", sa.Boolean()),
        _column("arrived", sa.String(5)),
        _column("left", sa.String(5)),
        _column("alerted_at", _MOMENT, empty=True),
        _column("unit_path", PATH),
        _column("version", sa.Integer()),
        _foreign("attendance_cells", "session_id", "programme_sessions"),
        _foreign("attendance_cells", "programme_id", "programmes"),
        _foreign("attendance_cells", "enrolment_id", "enrolments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_cells")),
        sa.UniqueConstraint(
            "session_id", "enrolment_id", name=op.f("uq_attendance_cells_session_id_enrolment_id")
        ),
    )
    _index("attendance_cells", "enrolment_id", name="ix_attendance_cells_enrolment")
    _index("attendance_cells", "programme_id")
    _index("attendance_cells", "unit_path")


def _departures() -> None:
    op.create_table(
        "departures",
        _column("id", sa.Uuid()),
        _column("session_id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("enrolment_id", sa.Uuid()),
        _column("client_id", sa.Uuid()),
        _column("pickup_id", sa.Uuid(), empty=True),
        _column("way", sa.String(8)),
        _column("blocked", sa.Boolean()),
        _column("words", sa.Text()),
        _column("left_at", _MOMENT),
        _column("let_go_by", sa.Uuid()),
        _column("unit_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _foreign("departures", "session_id", "programme_sessions"),
        _foreign("departures", "programme_id", "programmes"),
        _foreign("departures", "enrolment_id", "enrolments"),
        _foreign("departures", "pickup_id", "pickup_persons"),
        _foreign("departures", "let_go_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departures")),
        sa.UniqueConstraint(
            "session_id", "client_id", name=op.f("uq_departures_session_id_client_id")
        ),
    )
    _index("departures", "unit_path")
    _partly_unique(
        "uq_departures_gone", "departures", ["session_id", "enrolment_id"], "NOT blocked"
    )


def _session_unlocks() -> None:
    op.create_table(
        "session_unlocks",
        _column("id", sa.Uuid()),
        _column("session_id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("asked_by", sa.Uuid(), empty=True),
        _column("reason", sa.String(300)),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("decided_by", sa.Uuid(), empty=True),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("session_unlocks", "session_id", "programme_sessions"),
        _foreign("session_unlocks", "programme_id", "programmes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_unlocks")),
    )
    _index("session_unlocks", "programme_id")
    _index("session_unlocks", "tenant_path")
    _partly_unique("uq_session_unlocks_open", "session_unlocks", ["session_id"], "status = 'asked'")
