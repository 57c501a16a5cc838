"""Video calls; a programme's days, pictures, notes, slips and end report; kinds of venue.

Revision ID: 0026
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, or_runs, protect

revision = "0026"
down_revision = "0022"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
#: In the order in which they may be removed, with who meets their rows.
TABLES = {
    "programme_reports": or_runs(BY_TENANT),
    "satisfaction_slips": or_runs(BY_UNIT),
    "session_notes": or_runs(BY_TENANT),
    "camp_photos": or_runs(BY_TENANT),
    "camp_days": or_runs(BY_TENANT),
    "video_calls": BY_UNIT,
    "video_rooms": BY_TENANT,
}


def upgrade() -> None:
    """Make the tables and raise both walls around them."""
    _video_rooms()
    _video_calls()
    _camp_days()
    _camp_photos()
    _session_notes()
    _satisfaction_slips()
    _programme_reports()
    for table, rule in TABLES.items():
        protect(table, rule)
    with op.batch_alter_table("programmes") as batch:
        batch.add_column(sa.Column("venue_kind", sa.String(20), nullable=False, server_default=""))


def downgrade() -> None:
    """Remove them."""
    with op.batch_alter_table("programmes") as batch:
        batch.drop_column("venue_kind")
    for table in TABLES:
        op.drop_table(table)


def _column(name: str, kind: object, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=empty)


def _made() -> list[sa.Column]:
    return [_column("created_at", _MOMENT), _column("created_by", sa.Uuid(), empty=True)]


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str, name: str = "") -> None:
    op.create_index(name or op.f(f"ix_{table}_{columns[0]}"), table, list(columns))


def _video_rooms() -> None:
    op.create_table(
        "video_rooms",
        _column("id", sa.Uuid()),
        _column("unit_path", PATH),
        _column("name", sa.String(40)),
        _column("weekdays", sa.String(7)),
        _column("opens", sa.String(5)),
        _column("closes", sa.String(5)),
        _column("slot_minutes", sa.Integer()),
        _column("closed_on", sa.Date(), empty=True),
        _column("tenant_path", PATH),
        *_made(),
        _column("version", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_rooms")),
    )
    _index("video_rooms", "unit_path")
    _index("video_rooms", "tenant_path")


def _video_calls() -> None:
    op.create_table(
        "video_calls",
        _column("id", sa.Uuid()),
        _column("room_id", sa.Uuid()),
        _column("child_id", sa.Uuid()),
        _column("happens_on", sa.Date()),
        _column("starts", sa.String(5)),
        _column("parent_name", sa.Text()),
        _column("relation", sa.String(12)),
        _column("parent_phone", sa.Text(), empty=True),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("minutes", sa.Integer(), empty=True),
        _column("reminded_at", _MOMENT, empty=True),
        _column("unit_path", PATH),
        *_made(),
        _column("version", sa.Integer()),
        _foreign("video_calls", "room_id", "video_rooms"),
        _foreign("video_calls", "child_id", "child_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_calls")),
    )
    taken = sa.text("status <> 'cancelled'")
    op.create_index(
        "uq_video_calls_slot", "video_calls", ["room_id", "happens_on", "starts"], unique=True,
        sqlite_where=taken, postgresql_where=taken,
    )  # fmt: skip
    _index("video_calls", "happens_on", "status", name="ix_video_calls_day")
    _index("video_calls", "child_id")
    _index("video_calls", "unit_path")


def _camp_days() -> None:
    op.create_table(
        "camp_days",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("happens_on", sa.Date()),
        _column("weather", sa.String(12)),
        _column("did", sa.Text()),
        _column("meals", sa.Text()),
        _column("served", sa.JSON()),
        _column("incident", sa.Text()),
        _column("worried", sa.Boolean()),
        _column("handed_in_at", _MOMENT, empty=True),
        _column("tenant_path", PATH),
        *_made(),
        _column("version", sa.Integer()),
        _foreign("camp_days", "programme_id", "programmes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camp_days")),
        _unique("camp_days", "programme_id", "happens_on"),
    )
    _index("camp_days", "tenant_path")


def _camp_photos() -> None:
    op.create_table(
        "camp_photos",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("happens_on", sa.Date()),
        _column("file_id", sa.Uuid()),
        _column("shows", sa.JSON()),
        _column("words", sa.Text()),
        _column("tenant_path", PATH),
        *_made(),
        _foreign("camp_photos", "programme_id", "programmes"),
        _foreign("camp_photos", "file_id", "stored_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camp_photos")),
    )
    _index("camp_photos", "programme_id", "happens_on", name="ix_camp_photos_day")
    _index("camp_photos", "tenant_path")


def _session_notes() -> None:
    op.create_table(
        "session_notes",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("session_id", sa.Uuid()),
        _column("words", sa.Text()),
        _column("tenant_path", PATH),
        *_made(),
        _column("version", sa.Integer()),
        _foreign("session_notes", "programme_id", "programmes"),
        _foreign("session_notes", "session_id", "programme_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_notes")),
        _unique("session_notes", "session_id"),
    )
    _index("session_notes", "programme_id")
    _index("session_notes", "tenant_path")


def _satisfaction_slips() -> None:
    op.create_table(
        "satisfaction_slips",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("enrolment_id", sa.Uuid()),
        _column("child_id", sa.Uuid()),
        _column("who", sa.String(8)),
        _column("stars", sa.Integer()),
        _column("words", sa.Text()),
        _column("way", sa.String(8)),
        _column("unit_path", PATH),
        *_made(),
        _column("version", sa.Integer()),
        _foreign("satisfaction_slips", "programme_id", "programmes"),
        _foreign("satisfaction_slips", "enrolment_id", "enrolments"),
        _foreign("satisfaction_slips", "child_id", "child_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction_slips")),
        _unique("satisfaction_slips", "enrolment_id", "who"),
    )
    for column in ("programme_id", "child_id", "unit_path"):
        _index("satisfaction_slips", column)


def _programme_reports() -> None:
    op.create_table(
        "programme_reports",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("words", sa.Text()),
        _column("numbers", sa.JSON()),
        _column("handed_in_by", sa.Uuid(), empty=True),
        _column("handed_in_at", _MOMENT, empty=True),
        _column("tenant_path", PATH),
        *_made(),
        _column("version", sa.Integer()),
        _foreign("programme_reports", "programme_id", "programmes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_reports")),
        _unique("programme_reports", "programme_id"),
    )
    _index("programme_reports", "tenant_path")
