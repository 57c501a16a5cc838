"""Children and carers in programmes, and who may fetch a child.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_UNIT, or_runs, protect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
#: In the order in which they may be removed.
TABLES = (
    "pickup_persons",
    "enrolments",
)


def upgrade() -> None:
    """Make the tables and raise both walls around them."""
    _enrolments()
    _pickup_persons()
    protect("enrolments", or_runs(BY_UNIT))
    protect("pickup_persons", or_runs(BY_UNIT))


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


def _enrolments() -> None:
    op.create_table(
        "enrolments",
        _column("id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("child_id", sa.Uuid()),
        _column("participant", sa.String(8)),
        _column("called", sa.Text(), empty=True),
        _column("age", sa.Integer(), empty=True),
        _column("roster_no", sa.Integer(), empty=True),
        _column("source", sa.String(12)),
        _column("applied_by", sa.Uuid(), empty=True),
        _column("applied_at", _MOMENT),
        _column("status", sa.String(12)),
        _column("status_since", _MOMENT),
        _column("together", sa.Uuid(), empty=True),
        _column("consent_activity", sa.Boolean()),
        _column("consent_photo", sa.Boolean()),
        _column("consent_medical", sa.Boolean()),
        _column("consent_transport", sa.Boolean()),
        _column("consented_by", sa.Text(), empty=True),
        _column("consented_on", sa.Date(), empty=True),
        _column("consent_method", sa.String(16)),
        _column("wait_no", sa.Integer(), empty=True),
        _column("answer_by", _MOMENT, empty=True),
        _column("reason", sa.Text()),
        _column("guardian_name", sa.Text(), empty=True),
        _column("guardian_phone", sa.Text(), empty=True),
        _column("second_contact", sa.Text(), empty=True),
        _column("second_phone", sa.Text(), empty=True),
        _column("health", sa.Text(), empty=True),
        _column("diet", sa.Text(), empty=True),
        _column("forgotten_at", _MOMENT, empty=True),
        _column("badge", sa.Text()),
        _column("unit_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("enrolments", "programme_id", "programmes"),
        _foreign("enrolments", "child_id", "child_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
    )
    _index("enrolments", "child_id", "status", name="ix_enrolments_child")
    _index("enrolments", "programme_id", "status", name="ix_enrolments_programme")
    _index("enrolments", "unit_path")
    _partly_unique(
        "uq_enrolments_live",
        "enrolments",
        ["programme_id", "child_id", "participant"],
        "status NOT IN ('dropped', 'refused')",
    )


def _pickup_persons() -> None:
    op.create_table(
        "pickup_persons",
        _column("id", sa.Uuid()),
        _column("enrolment_id", sa.Uuid()),
        _column("programme_id", sa.Uuid()),
        _column("name", sa.Text()),
        _column("relation", sa.String(20)),
        _column("phone", sa.Text(), empty=True),
        _column("code_hash", sa.String(200)),
        _column("photo_id", sa.Uuid(), empty=True),
        _column("ended_at", _MOMENT, empty=True),
        _column("unit_path", PATH),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), empty=True),
        _column("version", sa.Integer()),
        _foreign("pickup_persons", "enrolment_id", "enrolments"),
        _foreign("pickup_persons", "programme_id", "programmes"),
        _foreign("pickup_persons", "photo_id", "stored_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_persons")),
    )
    _index("pickup_persons", "enrolment_id")
    _index("pickup_persons", "unit_path")
