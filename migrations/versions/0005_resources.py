"""The loving-parent pool, honours, the resource directory, an authority's catalogue.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, BY_UNIT, or_speaks_for, protect

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Dropped in this order: what points at others first.
TABLES = (
    "catalogue_additions",
    "catalogue_proposals",
    "catalogue_settings",
    "resource_links",
    "resource_offers",
    "honour_cards",
    "honours",
    "publicity_consents",
    "pool_tags",
    "pool_profiles",
)


def upgrade() -> None:
    """Make the tables and raise their walls.

    ``honour_cards`` and ``catalogue_additions`` are public rows written at approval.
    """
    _pool()
    _honours()
    _resources()
    _catalogue()
    for table in ("pool_profiles", "pool_tags", "publicity_consents", "resource_offers"):
        protect(table, or_speaks_for(BY_TENANT, "supporter_id"))
    for table in ("honours", "resource_links"):
        protect(table, or_speaks_for(BY_UNIT, "supporter_id"))
    for table in ("catalogue_settings", "catalogue_proposals"):
        protect(table, BY_TENANT)


def downgrade() -> None:
    """Remove them."""
    for table in TABLES:
        op.drop_table(table)


def _pool() -> None:
    op.create_table(
        "pool_profiles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_pool_profiles_capacity_not_negative")),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_pool_profiles_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_profiles")),
        sa.UniqueConstraint("supporter_id", name=op.f("uq_pool_profiles_supporter_id")),
    )
    op.create_index(
        op.f("ix_pool_profiles_tenant_path"), "pool_profiles", ["tenant_path"], unique=False
    )
    op.create_table(
        "pool_tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["pool_profiles.id"],
            name=op.f("fk_pool_tags_profile_id_pool_profiles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_pool_tags_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_tags")),
        sa.UniqueConstraint(
            "profile_id", "kind", "value", name=op.f("uq_pool_tags_profile_id_kind_value")
        ),
    )
    op.create_index(op.f("ix_pool_tags_tenant_path"), "pool_tags", ["tenant_path"], unique=False)
    op.create_index(
        "ix_pool_tags_value", "pool_tags", ["kind", "value", "profile_id"], unique=False
    )
    op.create_table(
        "publicity_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.String(length=24), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_publicity_consents_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_consents")),
    )
    op.create_index(
        op.f("ix_publicity_consents_supporter_id"),
        "publicity_consents",
        ["supporter_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publicity_consents_tenant_path"),
        "publicity_consents",
        ["tenant_path"],
        unique=False,
    )


def _honours() -> None:
    op.create_table(
        "honours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", sa.String(length=120), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("sentence", sa.String(length=80), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_honours_supporter_id_supporters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honours")),
    )
    op.create_index(op.f("ix_honours_status"), "honours", ["status"], unique=False)
    op.create_index(op.f("ix_honours_supporter_id"), "honours", ["supporter_id"], unique=False)
    op.create_index(op.f("ix_honours_unit_path"), "honours", ["unit_path"], unique=False)
    op.create_table(
        "honour_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("honour_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=24), nullable=False),
        sa.Column("region_name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("shown_name", sa.String(length=60), nullable=False),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("sentence", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour_cards")),
        sa.UniqueConstraint("honour_id", name=op.f("uq_honour_cards_honour_id")),
    )
    op.create_index(
        "ix_honour_cards_roll", "honour_cards", ["year", "region_code", "id"], unique=False
    )


def _resources() -> None:
    op.create_table(
        "resource_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("county_code", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reach", sa.String(length=400), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=False),
        sa.Column("returned", sa.String(length=500), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND used <= capacity", name=op.f("ck_resource_offers_within_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_resource_offers_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_offers")),
    )
    op.create_index(
        "ix_resource_offers_list", "resource_offers", ["tenant_path", "status", "id"], unique=False
    )
    op.create_index(
        op.f("ix_resource_offers_supporter_id"), "resource_offers", ["supporter_id"], unique=False
    )
    op.create_index(
        op.f("ix_resource_offers_tenant_path"), "resource_offers", ["tenant_path"], unique=False
    )
    op.create_table(
        "resource_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", sa.String(length=120), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("subject_type", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_resource_links_amount_positive")),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["resource_offers.id"],
            name=op.f("fk_resource_links_offer_id_resource_offers"),
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_resource_links_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_links")),
    )
    op.create_index(
        op.f("ix_resource_links_offer_id"), "resource_links", ["offer_id"], unique=False
    )
    op.create_index(
        "ix_resource_links_subject", "resource_links", ["subject_type", "subject_id"], unique=False
    )
    op.create_index(
        op.f("ix_resource_links_unit_path"), "resource_links", ["unit_path"], unique=False
    )


def _catalogue() -> None:
    op.create_table(
        "catalogue_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.String(length=24), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=True),
        sa.Column("cap_fen", sa.Integer(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_settings")),
        sa.UniqueConstraint(
            "tenant_path", "item_code", name=op.f("uq_catalogue_settings_tenant_path_item_code")
        ),
    )
    op.create_index(
        op.f("ix_catalogue_settings_tenant_path"),
        "catalogue_settings",
        ["tenant_path"],
        unique=False,
    )
    op.create_table(
        "catalogue_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_proposals")),
        sa.UniqueConstraint("code", name=op.f("uq_catalogue_proposals_code")),
    )
    op.create_index(
        op.f("ix_catalogue_proposals_tenant_path"),
        "catalogue_proposals",
        ["tenant_path"],
        unique=False,
    )
    op.create_table(
        "catalogue_additions",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_catalogue_additions")),
    )
    op.create_index(
        op.f("ix_catalogue_additions_tenant_path"),
        "catalogue_additions",
        ["tenant_path"],
        unique=False,
    )
