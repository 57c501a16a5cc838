"""Reviews, hand-overs, closing interviews and transfers between units.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_UNIT, or_speaks_for, protect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("status = 'proposed'")
#: Who reads and writes each table's rows.
TABLES = {
    "child_transfers": BY_UNIT,
    "closing_interviews": BY_UNIT,
    "handovers": or_speaks_for(BY_UNIT, "supporter_id"),
    "pairing_reviews": BY_UNIT,
}
_ADDED = ("past_rhythms", "leaving_since", "leaving_why")


def upgrade() -> None:
    """Make the tables of continuity; a mentor reads only a hand-over that was opened to them."""
    with op.batch_alter_table("pairings") as pairings:
        pairings.add_column(
            sa.Column("past_rhythms", sa.JSON(), nullable=False, server_default="[]")
        )
        pairings.add_column(sa.Column("leaving_since", sa.Date(), nullable=True))
        pairings.add_column(
            sa.Column("leaving_why", sa.String(length=8), nullable=False, server_default="")
        )
    _reviews()
    _handovers()
    _interviews()
    _transfers()
    for table, rule in TABLES.items():
        protect(table, rule)


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)
    for name in reversed(_ADDED):
        op.drop_column("pairings", name)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _to(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _owned() -> list[sa.Column]:
    return [
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
    ]


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False)


def _keys(table: str, **foreign: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
            )
            for column, other in foreign.items()
        ),
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _reviews() -> None:
    op.create_table(
        "pairing_reviews",
        _id(),
        _to("pairing_id"),
        _to("child_id"),
        sa.Column("held_on", sa.Date(), nullable=False),
        _to("reviewer_id", nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        *_text("fares", "goal"),
        sa.Column("decision", sa.String(length=8), nullable=False),
        *_text("child_words", "director_words", "words"),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        *_owned(),
        *_keys("pairing_reviews", pairing_id="pairings", child_id="child_files"),
    )
    op.create_index("ix_pairing_reviews_pairing_day", "pairing_reviews", ["pairing_id", "held_on"])
    _indexes("pairing_reviews", "child_id", "unit_path")


def _handovers() -> None:
    op.create_table(
        "handovers",
        _id(),
        _to("pairing_id"),
        _to("child_id"),
        _to("supporter_id", nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", _MOMENT, nullable=False),
        *_text("did", "likes", "worked", "avoid", "ahead"),
        _to("written_by", nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        _to("released_by", nullable=True),
        *_text("remark"),
        *_owned(),
        _version(),
        *_keys(
            "handovers", pairing_id="pairings", child_id="child_files", supporter_id="supporters"
        ),
        sa.UniqueConstraint("pairing_id", name=op.f("uq_handovers_pairing_id")),
    )
    _indexes("handovers", "child_id", "status", "supporter_id", "unit_path")


def _interviews() -> None:
    op.create_table(
        "closing_interviews",
        _id(),
        _to("pairing_id"),
        _to("child_id"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        *_text("child_words", "mentor_words", "words"),
        sa.Column("follows", sa.String(length=12), nullable=False),
        _to("recorded_by", nullable=True),
        *_owned(),
        *_keys("closing_interviews", pairing_id="pairings", child_id="child_files"),
        sa.UniqueConstraint("pairing_id", name=op.f("uq_closing_interviews_pairing_id")),
    )
    _indexes("closing_interviews", "child_id", "unit_path")


def _transfers() -> None:
    op.create_table(
        "child_transfers",
        _id(),
        _to("child_id"),
        sa.Column("from_path", PATH, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", _MOMENT, nullable=False),
        _to("proposed_by", nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("moves_on", sa.Date(), nullable=False),
        *_text("words", "summary"),
        _to("answered_by", nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        *_text("answer"),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        *_owned(),
        _version(),
        *_keys("child_transfers", child_id="child_files"),
    )
    op.create_index(
        "uq_child_transfers_open", "child_transfers", ["child_id"], unique=True,
        sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip
    _indexes("child_transfers", "child_id", "from_path", "status", "unit_path")
