"""Programmes, their notices, timetables and sessions; who works in them, and until when.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, or_runs, protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
#: In the order in which they may be removed.
TABLES = (
    "calendar_feeds",
    "programme_sessions",
    "timetable_items",
    "programme_access",
    "programme_notices",
    "programmes",
)

_RUNS = """
CREATE FUNCTION app_runs(programme uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT programme::text = ANY (
    string_to_array(nullif(current_setting('app.programmes', true), ''), ','))
$$
"""


def upgrade() -> None:
    """Make the tables and raise both walls around them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_RUNS)
    _programmes()
    _programme_notices()
    _programme_access()
    _timetable_items()
    _programme_sessions()
    _calendar_feeds()
    protect("programmes", or_runs(BY_TENANT, "id"))
    protect("timetable_items", or_runs(BY_TENANT))
    protect("programme_sessions", or_runs(BY_TENANT))


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION app_runs(uuid)")


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


def _programmes() -> None:
    op.create_table(
        "programmes",
        _column("id", sa.Uuid()),
        _column("unit_path", PATH),
        _column("code", sa.String(16)),
        _column("kind", sa.String(20)),
        _column("title", sa.String(60)),
        _column("public_words", sa.String(600)),
        _column("season", sa.String(8)),
        _column("starts_on", sa.Date()),
        _column("ends_on", sa.Date()),
        _column("capacity", sa.Integer()),
        _column("age_min", sa.Integer()),
        _column("age_max", sa.Integer()),
        _column("ratio", sa.Integer()),
        _column("venue", sa.String(120)),
        _column("meeting_point", sa.String(120)),
        _column("venue_checked_on", sa.Date(), empty=True),
        _column("venue_checked_by", sa.Uuid(), empty=True),
        _column("insurance_no", sa.String(40)),
        _column("insured_until", sa.Date(), empty=True),
        _column("plan_file_id", sa.Uuid(), empty=True),
        _column("drill_on", sa.Date(), empty=True),
        _column("budget_fen", sa.Integer()),
        _column("costs", sa.JSON()),
        _column("register_from", sa.Date(), empty=True),
        _column("register_until", sa.Date(), empty=True),
        _column("places_by", sa.String(8)),
        _column("draw_seed", sa.String(64)),
        _column("drawn_at", _MOMENT, empty=True),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("organiser_id", sa.Uuid(), empty=True),
        _column("drafted_by", sa.Uuid(), empty=True),
        _column("approved_by", sa.Uuid(), empty=True),
        _column("approved_on", sa.Date(), empty=True),
        _column("remark", sa.String(300)),
        _column("notice_id", sa.Uuid(), empty=True),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("programmes", "plan_file_id", "stored_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_programmes_notice_id")),
        sa.UniqueConstraint("tenant_path", "code", name=op.f("uq_programmes_tenant_path_code")),
    )
    _index("programmes", "status")
    _index("programmes", "tenant_path")
    _index("programmes", "unit_path", "status", name="ix_programmes_unit")


def _programme_notices() -> None:
    op.create_table(
        "programme_notices",
        _column("id", sa.Uuid()),
        _column("code", sa.String(16)),
        _column("kind", sa.String(20)),
        _column("title", sa.String(60)),
        _column("words", sa.String(600)),
        _column("region_code", sa.String(12)),
        _column("season", sa.String(8)),
        _column("starts_on", sa.Date()),
        _column("ends_on", sa.Date()),
        _column("register_from", sa.Date(), empty=True),
        _column("register_until", sa.Date(), empty=True),
        _column("age_min", sa.Integer()),
        _column("age_max", sa.Integer()),
        _column("capacity", sa.Integer()),
        _column("topics", sa.JSON()),
        _column("days", sa.Integer()),
        _column("state", sa.String(12)),
        _column("draw_seed", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_notices")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_notices_code")),
    )
    _index("programme_notices", "region_code")
    _index("programme_notices", "starts_on")


def _programme_access() -> None:
    op.create_table(
        "programme_access",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("user_id", sa.Uuid()),
        _column("role", sa.String(12)),
        _column("from_at", _MOMENT),
        _column("until_at", _MOMENT),
        _column("ended_at", _MOMENT, empty=True),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _foreign("programme_access", "programme_id", "programmes"),
        _foreign("programme_access", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_access")),
    )
    _index("programme_access", "programme_id")
    _index("programme_access", "user_id", "until_at", name="ix_programme_access_user")


def _timetable_items() -> None:
    op.create_table(
        "timetable_items",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("happens_on", sa.Date()),
        _column("starts", sa.String(5)),
        _column("ends", sa.String(5)),
        _column("title", sa.String(60)),
        _column("topic", sa.String(24)),
        _column("room", sa.String(40)),
        _column("staff_id", sa.Uuid(), empty=True),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("timetable_items", "programme_id", "programmes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_items")),
    )
    _index("timetable_items", "programme_id", "happens_on", "starts", name="ix_timetable_items_day")
    _index("timetable_items", "tenant_path")


def _programme_sessions() -> None:
    op.create_table(
        "programme_sessions",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("happens_on", sa.Date()),
        _column("starts", sa.String(5)),
        _column("ends", sa.String(5)),
        _column("part", sa.String(12)),
        _column("title", sa.String(60)),
        _column("topic", sa.String(24)),
        _column("room", sa.String(40)),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("cancel_reason", sa.String(200)),
        _column("replaces_id", sa.Uuid(), empty=True),
        _column("teacher_id", sa.Uuid(), empty=True),
        _column("head_count", sa.Integer(), empty=True),
        _column("taken_by", sa.Uuid(), empty=True),
        _column("taken_at", _MOMENT, empty=True),
        _column("unlocked_until", _MOMENT, empty=True),
        _column("tenant_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("programme_sessions", "programme_id", "programmes"),
        _foreign("programme_sessions", "replaces_id", "programme_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_sessions")),
    )
    _index("programme_sessions", "happens_on", "status", name="ix_programme_sessions_day")
    _index("programme_sessions", "tenant_path")
    _partly_unique(
        "uq_programme_sessions_live",
        "programme_sessions",
        ["programme_id", "happens_on", "starts"],
        "status <> 'cancelled'",
    )


def _calendar_feeds() -> None:
    op.create_table(
        "calendar_feeds",
        _column("id", sa.Uuid()),
        _column("token_hash", sa.String(64)),
        _column("user_id", sa.Uuid()),
        _column("programme_id", sa.Uuid(), empty=True),
        _column("label", sa.Text()),
        _column("revoked_at", _MOMENT, empty=True),
        _column("last_read_at", _MOMENT, empty=True),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _foreign("calendar_feeds", "user_id", "users"),
        _foreign("calendar_feeds", "programme_id", "programmes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    _index("calendar_feeds", "user_id")
