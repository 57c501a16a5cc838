"""Contact cards, letters through staff, the child's words, stars and the yearly portfolio.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_UNIT, or_speaks_for, protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_VALID = sa.text("status = 'valid'")
#: In the order in which they may be removed.
TABLES = (
    "portfolios",
    "pairing_stars",
    "pairing_thanks",
    "child_voices",
    "letters",
    "contact_cards",
)


def upgrade() -> None:
    """Make the tables; a mentor reads the own rows, a child's words only staff."""
    _cards()
    _letters()
    _voices()
    _recognition()
    for table in TABLES:
        rule = BY_UNIT if table == "child_voices" else or_speaks_for(BY_UNIT, "supporter_id")
        protect(table, rule)


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _to(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


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


def _cards() -> None:
    op.create_table(
        "contact_cards",
        _id(),
        _to("pairing_id"),
        _to("supporter_id"),
        sa.Column("serial", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        _to("issued_by", nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=True),
        _to("file_id", nullable=True),
        sa.Column("paper_fault", sa.String(length=16), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("void_reason", sa.String(length=16), nullable=False),
        *_owned(),
        _version(),
        *_keys(
            "contact_cards",
            pairing_id="pairings",
            supporter_id="supporters",
            file_id="stored_files",
        ),
        sa.UniqueConstraint("serial", name=op.f("uq_contact_cards_serial")),
    )
    _indexes("contact_cards", "pairing_id", "status", "supporter_id", "unit_path")
    op.create_index(
        "uq_contact_cards_valid", "contact_cards", ["pairing_id"], unique=True,
        sqlite_where=_VALID, postgresql_where=_VALID,
    )  # fmt: skip


def _letters() -> None:
    op.create_table(
        "letters",
        _id(),
        _to("pairing_id"),
        _to("child_id"),
        _to("supporter_id", nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("status_since", _MOMENT, nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _to("scan_id", nullable=True),
        sa.Column("with_picture", sa.Boolean(), nullable=False),
        _to("read_by", nullable=True),
        sa.Column("read_at", _MOMENT, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        _to("handed_over_by", nullable=True),
        _to("log_id", nullable=True),
        *_owned(),
        _version(),
        *_keys(
            "letters", pairing_id="pairings", child_id="child_files", supporter_id="supporters",
            scan_id="stored_files", log_id="contact_logs",
        ),
    )  # fmt: skip
    _indexes("letters", "child_id", "status", "unit_path")
    op.create_index("ix_letters_pairing_day", "letters", ["pairing_id", "written_on"])
    op.create_index("ix_letters_supporter", "letters", ["supporter_id", "pairing_id"])


def _voices() -> None:
    op.create_table(
        "child_voices",
        _id(),
        _to("pairing_id"),
        _to("child_id"),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.Column("face", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _to("recorded_by", nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        *_owned(),
        _version(),
        *_keys("child_voices", pairing_id="pairings", child_id="child_files"),
    )
    _indexes("child_voices", "child_id", "pairing_id", "unit_path")
    op.create_table(
        "pairing_thanks",
        _id(),
        _to("pairing_id"),
        _to("child_id"),
        _to("supporter_id"),
        _to("voice_id"),
        sa.Column("words", sa.Text(), nullable=False),
        _to("passed_by", nullable=True),
        sa.Column("passed_on", sa.Date(), nullable=False),
        *_owned(),
        *_keys(
            "pairing_thanks", pairing_id="pairings", child_id="child_files",
            supporter_id="supporters", voice_id="child_voices",
        ),
    )  # fmt: skip
    _indexes("pairing_thanks", "child_id", "pairing_id", "supporter_id", "unit_path", "voice_id")


def _recognition() -> None:
    op.create_table(
        "pairing_stars",
        _id(),
        _to("pairing_id"),
        _to("supporter_id"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _to("given_by", nullable=True),
        *_owned(),
        *_keys("pairing_stars", pairing_id="pairings", supporter_id="supporters"),
        sa.UniqueConstraint("pairing_id", "month", name=op.f("uq_pairing_stars_pairing_id_month")),
    )
    _indexes("pairing_stars", "supporter_id", "unit_path")
    op.create_table(
        "portfolios",
        _id(),
        _to("supporter_id"),
        _to("user_id"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        _to("file_id", nullable=True),
        sa.Column("paper_fault", sa.String(length=16), nullable=False),
        *_owned(),
        *_keys("portfolios", supporter_id="supporters", user_id="users", file_id="stored_files"),
        sa.UniqueConstraint("supporter_id", "year", name=op.f("uq_portfolios_supporter_id_year")),
    )
    _indexes("portfolios", "unit_path")
