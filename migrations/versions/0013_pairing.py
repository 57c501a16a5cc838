"""Needs with their public cards, applications and offers; what a pairing goes through; its journal.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, or_speaks_for, protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_LIVE_NEED = sa.text("status NOT IN ('closed', 'withdrawn')")
_LODGED = sa.text("status = 'lodged'")
_OPEN_OFFER = sa.text("status = 'open'")
_OPEN_PAUSE = sa.text("until_on IS NULL")
#: In the order in which they may be removed.
TABLES = (
    "pairing_pauses",
    "contact_logs",
    "need_applications",
    "pairing_offers",
    "pairing_needs",
    "need_cards",
)
#: New columns of pairings; what is sealed may be empty, because an empty text cannot be unsealed.
_NEW = (
    "need_id", "helper", "origin", "reasons", "follows_id", "approved_by", "approved_on",
    "guardian_agreed_on", "guardian_agreed_by", "child_agreed_on", "child_words", "met_on",
    "met_with", "called", "meeting_place", "review_due",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables; a supporter reads the own rows, a card everybody."""
    _needs()
    _answers()
    _pairings()
    _journal()
    protect("pairing_needs", BY_UNIT)
    protect("need_applications", or_speaks_for(BY_UNIT, "supporter_id"))
    protect("pairing_offers", or_speaks_for(BY_TENANT, "supporter_id"))
    protect("contact_logs", or_speaks_for(BY_UNIT, "supporter_id"))
    protect("pairing_pauses", or_speaks_for(BY_UNIT, "supporter_id"))


def downgrade() -> None:
    """Remove them; pairings keep what they were before."""
    for table in TABLES[:2]:
        op.drop_table(table)
    with op.batch_alter_table("pairings") as batch:
        batch.drop_constraint("fk_pairings_follows_id_pairings", type_="foreignkey")
        batch.drop_constraint("fk_pairings_need_id_pairing_needs", type_="foreignkey")
        batch.drop_index("ix_pairings_need_id")
        for name in reversed(_NEW):
            batch.drop_column(name)
    for table in TABLES[2:]:
        op.drop_table(table)
    op.drop_column("child_files", "lacks_affection")


def _owned() -> list[sa.Column]:
    return [
        sa.Column("unit_path", PATH, nullable=False),
        *_stamped(),
    ]


def _stamped() -> list[sa.Column]:
    return [
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
    ]


def _version() -> sa.Column:
    return sa.Column("version", sa.Integer(), nullable=False)


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _partly_unique(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _needs() -> None:
    op.add_column(
        "child_files",
        sa.Column("lacks_affection", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "pairing_needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("file_no", sa.String(length=16), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("helper", sa.String(length=16), nullable=False),
        sa.Column("sex_rule", sa.String(length=6), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", _MOMENT, nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("assessed_by", sa.Uuid(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("child_words", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("hold_reason", sa.String(length=200), nullable=False),
        sa.Column("disclosure", sa.JSON(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        *_owned(),
        _version(),
        _foreign("pairing_needs", "child_id", "child_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_needs")),
        sa.UniqueConstraint("card_id", name=op.f("uq_pairing_needs_card_id")),
        sa.UniqueConstraint(
            "tenant_path", "file_no", name=op.f("uq_pairing_needs_tenant_path_file_no")
        ),
    )
    op.create_index(op.f("ix_pairing_needs_status"), "pairing_needs", ["status"])
    op.create_index(op.f("ix_pairing_needs_unit_path"), "pairing_needs", ["unit_path"])
    op.create_index(
        "ix_pairing_needs_waiting", "pairing_needs", ["tenant_path", "status", "waiting_since"]
    )
    _partly_unique("uq_pairing_needs_live", "pairing_needs", ["child_id", "kind"], _LIVE_NEED)
    _cards()


def _cards() -> None:
    op.create_table(
        "need_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=26), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("shuffle", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("region_name", sa.String(length=40), nullable=False),
        sa.Column("city_code", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("band", sa.String(length=12), nullable=False),
        sa.Column("need", sa.String(length=16), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("helper", sa.String(length=16), nullable=False),
        sa.Column("illustration", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_cards")),
        sa.UniqueConstraint("code", name=op.f("uq_need_cards_code")),
    )
    op.create_index(op.f("ix_need_cards_batch_id"), "need_cards", ["batch_id"])
    op.create_index("ix_need_cards_wall", "need_cards", ["status", "shuffle", "id"])
    op.create_index(
        "ix_need_cards_region", "need_cards", ["region_code", "status", "shuffle", "id"]
    )
    op.create_index("ix_need_cards_need", "need_cards", ["need", "status", "shuffle", "id"])


def _answers() -> None:
    op.create_table(
        "need_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("promise", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("applied_at", _MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        *_owned(),
        _version(),
        _foreign("need_applications", "need_id", "pairing_needs"),
        _foreign("need_applications", "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_applications")),
    )
    op.create_index(op.f("ix_need_applications_need_id"), "need_applications", ["need_id"])
    op.create_index(op.f("ix_need_applications_unit_path"), "need_applications", ["unit_path"])
    op.create_index(
        "ix_need_applications_supporter", "need_applications", ["supporter_id", "status"]
    )
    _partly_unique(
        "uq_need_applications_live", "need_applications", ["need_id", "supporter_id"], _LODGED
    )
    op.create_table(
        "pairing_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("offered_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        *_stamped(),
        _version(),
        _foreign("pairing_offers", "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_offers")),
    )
    op.create_index(op.f("ix_pairing_offers_tenant_path"), "pairing_offers", ["tenant_path"])
    _partly_unique("uq_pairing_offers_open", "pairing_offers", ["supporter_id"], _OPEN_OFFER)


def _pairings() -> None:
    with op.batch_alter_table("pairings") as batch:
        batch.add_column(sa.Column("need_id", sa.Uuid(), nullable=True))
        batch.add_column(
            sa.Column("helper", sa.String(length=16), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("origin", sa.String(length=12), nullable=False, server_default="search")
        )
        batch.add_column(sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("approved_by", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("guardian_agreed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("guardian_agreed_by", sa.Text(), nullable=True))
        batch.add_column(sa.Column("child_agreed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("child_words", sa.Text(), nullable=True))
        batch.add_column(sa.Column("met_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("met_with", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("called", sa.Text(), nullable=True))
        batch.add_column(sa.Column("meeting_place", sa.Text(), nullable=True))
        batch.add_column(sa.Column("review_due", sa.Date(), nullable=True))
        batch.create_index("ix_pairings_need_id", ["need_id"])
        batch.create_foreign_key(
            "fk_pairings_need_id_pairing_needs", "pairing_needs", ["need_id"], ["id"]
        )
        batch.create_foreign_key(
            "fk_pairings_follows_id_pairings", "pairings", ["follows_id"], ["id"]
        )


def _journal() -> None:
    op.create_table(
        "contact_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", _MOMENT, nullable=False),
        sa.Column("accompanied_by", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("mood", sa.Text(), nullable=False),
        sa.Column("child_state", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("worried", sa.Boolean(), nullable=False),
        sa.Column("worry", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("verified_at", _MOMENT, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        *_owned(),
        _version(),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_contact_logs_minutes_positive")),
        _foreign("contact_logs", "pairing_id", "pairings"),
        _foreign("contact_logs", "photo_id", "stored_files"),
        _foreign("contact_logs", "supporter_id", "supporters"),
        _foreign("contact_logs", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_logs")),
        sa.UniqueConstraint(
            "pairing_id", "client_id", name=op.f("uq_contact_logs_pairing_id_client_id")
        ),
    )
    op.create_index("ix_contact_logs_pairing_day", "contact_logs", ["pairing_id", "happened_on"])
    op.create_index(op.f("ix_contact_logs_status"), "contact_logs", ["status"])
    op.create_index(op.f("ix_contact_logs_unit_path"), "contact_logs", ["unit_path"])
    op.create_table(
        "pairing_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        *_owned(),
        _foreign("pairing_pauses", "pairing_id", "pairings"),
        _foreign("pairing_pauses", "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_pauses")),
    )
    op.create_index(op.f("ix_pairing_pauses_pairing_id"), "pairing_pauses", ["pairing_id"])
    op.create_index(op.f("ix_pairing_pauses_unit_path"), "pairing_pauses", ["unit_path"])
    _partly_unique("uq_pairing_pauses_open", "pairing_pauses", ["pairing_id"], _OPEN_PAUSE)
