"""The tables of the foundation.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_key_at", "attempts", ["key", "at"], unique=False)

    op.create_table(
        "block_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_entries")),
        sa.UniqueConstraint("tenant_path", "hmac", name=op.f("uq_block_entries_tenant_path_hmac")),
    )
    op.create_index(
        op.f("ix_block_entries_tenant_path"), "block_entries", ["tenant_path"], unique=False
    )

    op.create_table(
        "child_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gender", sa.String(length=6), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("id_no", sa.Text(), nullable=False),
        sa.Column("id_hmac", sa.String(length=64), nullable=False),
        sa.Column("county_code", sa.String(length=12), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("region_text", sa.Text(), nullable=False),
        sa.Column("home_address", sa.Text(), nullable=True),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("nickname", sa.Text(), nullable=True),
        sa.Column("primary_category", sa.String(length=24), nullable=False),
        sa.Column("care_level", sa.String(length=12), nullable=True),
        sa.Column("left_behind", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_files")),
        sa.UniqueConstraint(
            "tenant_path", "id_hmac", name=op.f("uq_child_files_tenant_path_id_hmac")
        ),
    )
    op.create_index(
        op.f("ix_child_files_county_code"), "child_files", ["county_code"], unique=False
    )
    op.create_index(
        "ix_child_files_register",
        "child_files",
        ["tenant_path", "status", "birth_date"],
        unique=False,
    )
    op.create_index(op.f("ix_child_files_status"), "child_files", ["status"], unique=False)
    op.create_index(op.f("ix_child_files_unit_path"), "child_files", ["unit_path"], unique=False)

    op.create_table(
        "facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.String(length=24), nullable=True),
        sa.Column("after", sa.String(length=24), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    op.create_index(op.f("ix_facts_actor_id"), "facts", ["actor_id"], unique=False)
    op.create_index(op.f("ix_facts_at"), "facts", ["at"], unique=False)
    op.create_index(op.f("ix_facts_kind"), "facts", ["kind"], unique=False)
    op.create_index("ix_facts_subject", "facts", ["subject_id", "id"], unique=False)
    op.create_index(op.f("ix_facts_unit_path"), "facts", ["unit_path"], unique=False)

    op.create_table(
        "import_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=100), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("message", sa.String(length=400), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_index(
        "ix_import_batches_file", "import_batches", ["unit_path", "sha256"], unique=False
    )
    op.create_index(
        op.f("ix_import_batches_unit_path"), "import_batches", ["unit_path"], unique=False
    )

    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=True),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("unit_path", PATH, nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("slot", name=op.f("uq_jobs_slot")),
    )
    op.create_index("ix_jobs_due", "jobs", ["status", "due_at"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_messages_dedupe_key")),
    )
    op.create_index("ix_messages_due", "messages", ["status", "due_at"], unique=False)
    op.create_index(op.f("ix_messages_user_id"), "messages", ["user_id"], unique=False)

    op.create_table(
        "stored_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("unit_path", PATH, nullable=True),
        sa.Column("supporter_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_files_key")),
    )
    op.create_table(
        "supporters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("county_code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_marks", sa.Text(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("uscc_hmac", sa.String(length=64), nullable=True),
        sa.Column("id_no", sa.Text(), nullable=True),
        sa.Column("id_hmac", sa.String(length=64), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("is_teacher", sa.Boolean(), nullable=False),
        sa.Column("fundraising_no", sa.String(length=40), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("pledge_version", sa.String(length=16), nullable=True),
        sa.Column("privacy_version", sa.String(length=16), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("returned_fields", sa.JSON(), nullable=False),
        sa.Column("claims_blocked_until", sa.Date(), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporters")),
        sa.UniqueConstraint(
            "tenant_path", "id_hmac", name=op.f("uq_supporters_tenant_path_id_hmac")
        ),
        sa.UniqueConstraint(
            "tenant_path", "uscc_hmac", name=op.f("uq_supporters_tenant_path_uscc_hmac")
        ),
    )
    op.create_index(op.f("ix_supporters_status"), "supporters", ["status"], unique=False)
    op.create_index(op.f("ix_supporters_tenant_path"), "supporters", ["tenant_path"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("tenant_path", PATH, nullable=True),
        sa.Column("is_tenant", sa.Boolean(), nullable=False),
        sa.Column("is_pseudo", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", "level", name=op.f("uq_units_code_level")),
        sa.UniqueConstraint("path", name=op.f("uq_units_path")),
    )
    op.create_index(op.f("ix_units_level"), "units", ["level"], unique=False)
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_index(op.f("ix_units_tenant_path"), "units", ["tenant_path"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "wall_counts",
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facet", "value", name=op.f("pk_wall_counts")),
    )
    op.create_table(
        "wish_cards",
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
        sa.Column("sex", sa.String(length=6), nullable=True),
        sa.Column("need", sa.String(length=16), nullable=False),
        sa.Column("item_code", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("spec", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("illustration", sa.String(length=24), nullable=False),
        sa.Column("is_service", sa.Boolean(), nullable=False),
        sa.Column("cost_band", sa.String(length=12), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("deliver_by", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_cards")),
        sa.UniqueConstraint("code", name=op.f("uq_wish_cards_code")),
    )
    op.create_index(op.f("ix_wish_cards_batch_id"), "wish_cards", ["batch_id"], unique=False)
    op.create_index(
        "ix_wish_cards_city", "wish_cards", ["city_code", "status", "shuffle", "id"], unique=False
    )
    op.create_index(
        "ix_wish_cards_item", "wish_cards", ["item_code", "status", "shuffle", "id"], unique=False
    )
    op.create_index(
        "ix_wish_cards_need", "wish_cards", ["need", "status", "shuffle", "id"], unique=False
    )
    op.create_index(
        "ix_wish_cards_region",
        "wish_cards",
        ["region_code", "status", "shuffle", "id"],
        unique=False,
    )
    op.create_index("ix_wish_cards_wall", "wish_cards", ["status", "shuffle", "id"], unique=False)

    op.create_table(
        "wish_windows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("deliver_by", sa.Date(), nullable=False),
        sa.Column("festival_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_windows")),
        sa.UniqueConstraint(
            "tenant_path",
            "year",
            "occasion",
            name=op.f("uq_wish_windows_tenant_path_year_occasion"),
        ),
    )
    op.create_index(
        op.f("ix_wish_windows_tenant_path"), "wish_windows", ["tenant_path"], unique=False
    )

    op.create_table(
        "care_ledger_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("service_types", sa.JSON(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("region_text", sa.Text(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_care_ledger_rows_child_id_child_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_ledger_rows")),
        sa.UniqueConstraint(
            "tenant_path",
            "year",
            "child_id",
            name=op.f("uq_care_ledger_rows_tenant_path_year_child_id"),
        ),
    )
    op.create_index(
        op.f("ix_care_ledger_rows_child_id"), "care_ledger_rows", ["child_id"], unique=False
    )
    op.create_index(
        op.f("ix_care_ledger_rows_unit_path"), "care_ledger_rows", ["unit_path"], unique=False
    )

    op.create_table(
        "fact_notes",
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_fact_notes_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_fact_notes")),
    )
    op.create_index(op.f("ix_fact_notes_unit_path"), "fact_notes", ["unit_path"], unique=False)

    op.create_table(
        "guardian_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("id_hmac", sa.String(length=64), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_guardian_links_child_id_child_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_links")),
    )
    op.create_index(
        op.f("ix_guardian_links_child_id"), "guardian_links", ["child_id"], unique=False
    )
    op.create_index(
        op.f("ix_guardian_links_unit_path"), "guardian_links", ["unit_path"], unique=False
    )

    op.create_table(
        "import_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_rows_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
    )
    op.create_index(
        "ix_import_rows_page", "import_rows", ["batch_id", "verdict", "number"], unique=False
    )
    op.create_index(op.f("ix_import_rows_unit_path"), "import_rows", ["unit_path"], unique=False)

    op.create_table(
        "one_time_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_one_time_tokens_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_one_time_tokens_user_id"), "one_time_tokens", ["user_id"], unique=False
    )

    op.create_table(
        "publication_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["window_id"],
            ["wish_windows.id"],
            name=op.f("fk_publication_batches_window_id_wish_windows"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_batches")),
    )
    op.create_index(
        op.f("ix_publication_batches_tenant_path"),
        "publication_batches",
        ["tenant_path"],
        unique=False,
    )

    op.create_table(
        "role_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("tenant_path", PATH, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_role_grants_unit_id_units")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_role_grants_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    op.create_index(op.f("ix_role_grants_unit_path"), "role_grants", ["unit_path"], unique=False)
    op.create_index(op.f("ix_role_grants_user_id"), "role_grants", ["user_id"], unique=False)

    op.create_table(
        "supporter_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_supporter_documents_file_id_stored_files"),
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_supporter_documents_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter_documents")),
    )
    op.create_index(
        op.f("ix_supporter_documents_supporter_id"),
        "supporter_documents",
        ["supporter_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supporter_documents_tenant_path"),
        "supporter_documents",
        ["tenant_path"],
        unique=False,
    )

    op.create_table(
        "supporter_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_supporter_members_supporter_id_supporters"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_supporter_members_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter_members")),
        sa.UniqueConstraint(
            "supporter_id", "user_id", name=op.f("uq_supporter_members_supporter_id_user_id")
        ),
    )
    op.create_index(
        op.f("ix_supporter_members_user_id"), "supporter_members", ["user_id"], unique=False
    )

    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)

    op.create_table(
        "vetting_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"],
            ["supporters.id"],
            name=op.f("fk_vetting_checks_supporter_id_supporters"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_checks")),
    )
    op.create_index(
        op.f("ix_vetting_checks_supporter_id"), "vetting_checks", ["supporter_id"], unique=False
    )
    op.create_index(
        op.f("ix_vetting_checks_tenant_path"), "vetting_checks", ["tenant_path"], unique=False
    )

    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_consents_child_id_child_files")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian_links.id"],
            name=op.f("fk_consents_guardian_id_guardian_links"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_child_scope", "consents", ["child_id", "scope"], unique=False)
    op.create_index(op.f("ix_consents_unit_path"), "consents", ["unit_path"], unique=False)

    op.create_table(
        "wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", sa.String(length=120), nullable=False),
        sa.Column("file_no", sa.String(length=20), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("window_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("item_code", sa.String(length=24), nullable=False),
        sa.Column("spec", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("est_cost_fen", sa.Integer(), nullable=False),
        sa.Column("cap_reason", sa.String(length=200), nullable=False),
        sa.Column("public_note", sa.String(length=80), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("screened_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rolled", sa.Integer(), nullable=False),
        sa.Column("hold_reason", sa.String(length=200), nullable=False),
        sa.Column("disclosure", sa.JSON(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("thanks_by", sa.Uuid(), nullable=True),
        sa.Column("thanks_public", sa.String(length=200), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_files.id"], name=op.f("fk_wishes_child_id_child_files")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_wishes_consent_id_consents")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["wish_windows.id"], name=op.f("fk_wishes_window_id_wish_windows")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("card_id", name=op.f("uq_wishes_card_id")),
        sa.UniqueConstraint("tenant_path", "file_no", name=op.f("uq_wishes_tenant_path_file_no")),
    )
    op.create_index(op.f("ix_wishes_child_id"), "wishes", ["child_id"], unique=False)
    op.create_index("ix_wishes_queue", "wishes", ["status", "unit_path"], unique=False)
    op.create_index(op.f("ix_wishes_unit_path"), "wishes", ["unit_path"], unique=False)
    op.create_index(op.f("ix_wishes_window_id"), "wishes", ["window_id"], unique=False)
    op.create_index(
        "uq_wishes_live",
        "wishes",
        ["child_id", "window_id"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('archived', 'expired', 'withdrawn')"),
        postgresql_where=sa.text("status NOT IN ('archived', 'expired', 'withdrawn')"),
    )

    op.create_table(
        "commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_path", sa.String(length=120), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("promise", sa.JSON(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deliver_by", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("tracking_no", sa.String(length=60), nullable=False),
        sa.Column("handover_point", sa.String(length=120), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("value_fen", sa.Integer(), nullable=True),
        sa.Column("receipt_file_id", sa.Uuid(), nullable=True),
        sa.Column("donation_receipt_no", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("thanks", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_file_id"],
            ["stored_files.id"],
            name=op.f("fk_commitments_receipt_file_id_stored_files"),
        ),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_commitments_supporter_id_supporters")
        ),
        sa.ForeignKeyConstraint(
            ["wish_id"], ["wishes.id"], name=op.f("fk_commitments_wish_id_wishes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint(
            "supporter_id",
            "idempotency_key",
            name=op.f("uq_commitments_supporter_id_idempotency_key"),
        ),
    )
    op.create_index(op.f("ix_commitments_lapses_at"), "commitments", ["lapses_at"], unique=False)
    op.create_index(
        "ix_commitments_supporter", "commitments", ["supporter_id", "status"], unique=False
    )
    op.create_index(op.f("ix_commitments_unit_path"), "commitments", ["unit_path"], unique=False)
    op.create_index(op.f("ix_commitments_wish_id"), "commitments", ["wish_id"], unique=False)
    op.create_index(
        "uq_commitments_live",
        "commitments",
        ["wish_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('pending', 'approved', 'delivering', 'delivered')"),
        postgresql_where=sa.text("status IN ('pending', 'approved', 'delivering', 'delivered')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_commitments_live",
        table_name="commitments",
        sqlite_where=sa.text("status IN ('pending', 'approved', 'delivering', 'delivered')"),
        postgresql_where=sa.text("status IN ('pending', 'approved', 'delivering', 'delivered')"),
    )
    op.drop_index(op.f("ix_commitments_wish_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_unit_path"), table_name="commitments")
    op.drop_index("ix_commitments_supporter", table_name="commitments")
    op.drop_index(op.f("ix_commitments_lapses_at"), table_name="commitments")

    op.drop_table("commitments")
    op.drop_index(
        "uq_wishes_live",
        table_name="wishes",
        sqlite_where=sa.text("status NOT IN ('archived', 'expired', 'withdrawn')"),
        postgresql_where=sa.text("status NOT IN ('archived', 'expired', 'withdrawn')"),
    )
    op.drop_index(op.f("ix_wishes_window_id"), table_name="wishes")
    op.drop_index(op.f("ix_wishes_unit_path"), table_name="wishes")
    op.drop_index("ix_wishes_queue", table_name="wishes")
    op.drop_index(op.f("ix_wishes_child_id"), table_name="wishes")

    op.drop_table("wishes")
    op.drop_index(op.f("ix_consents_unit_path"), table_name="consents")
    op.drop_index("ix_consents_child_scope", table_name="consents")

    op.drop_table("consents")
    op.drop_index(op.f("ix_vetting_checks_tenant_path"), table_name="vetting_checks")
    op.drop_index(op.f("ix_vetting_checks_supporter_id"), table_name="vetting_checks")

    op.drop_table("vetting_checks")
    op.drop_index(op.f("ix_user_sessions_user_id"), table_name="user_sessions")

    op.drop_table("user_sessions")
    op.drop_index(op.f("ix_supporter_members_user_id"), table_name="supporter_members")

    op.drop_table("supporter_members")
    op.drop_index(op.f("ix_supporter_documents_tenant_path"), table_name="supporter_documents")
    op.drop_index(op.f("ix_supporter_documents_supporter_id"), table_name="supporter_documents")

    op.drop_table("supporter_documents")
    op.drop_index(op.f("ix_role_grants_user_id"), table_name="role_grants")
    op.drop_index(op.f("ix_role_grants_unit_path"), table_name="role_grants")

    op.drop_table("role_grants")
    op.drop_index(op.f("ix_publication_batches_tenant_path"), table_name="publication_batches")

    op.drop_table("publication_batches")
    op.drop_index(op.f("ix_one_time_tokens_user_id"), table_name="one_time_tokens")

    op.drop_table("one_time_tokens")
    op.drop_index(op.f("ix_import_rows_unit_path"), table_name="import_rows")
    op.drop_index("ix_import_rows_page", table_name="import_rows")

    op.drop_table("import_rows")
    op.drop_index(op.f("ix_guardian_links_unit_path"), table_name="guardian_links")
    op.drop_index(op.f("ix_guardian_links_child_id"), table_name="guardian_links")

    op.drop_table("guardian_links")
    op.drop_index(op.f("ix_fact_notes_unit_path"), table_name="fact_notes")

    op.drop_table("fact_notes")
    op.drop_index(op.f("ix_care_ledger_rows_unit_path"), table_name="care_ledger_rows")
    op.drop_index(op.f("ix_care_ledger_rows_child_id"), table_name="care_ledger_rows")

    op.drop_table("care_ledger_rows")
    op.drop_index(op.f("ix_wish_windows_tenant_path"), table_name="wish_windows")

    op.drop_table("wish_windows")
    op.drop_index("ix_wish_cards_wall", table_name="wish_cards")
    op.drop_index("ix_wish_cards_region", table_name="wish_cards")
    op.drop_index("ix_wish_cards_need", table_name="wish_cards")
    op.drop_index("ix_wish_cards_item", table_name="wish_cards")
    op.drop_index("ix_wish_cards_city", table_name="wish_cards")
    op.drop_index(op.f("ix_wish_cards_batch_id"), table_name="wish_cards")

    op.drop_table("wish_cards")
    op.drop_table("wall_counts")
    op.drop_table("users")
    op.drop_index(op.f("ix_units_tenant_path"), table_name="units")
    op.drop_index(op.f("ix_units_parent_id"), table_name="units")
    op.drop_index(op.f("ix_units_level"), table_name="units")

    op.drop_table("units")
    op.drop_index(op.f("ix_supporters_tenant_path"), table_name="supporters")
    op.drop_index(op.f("ix_supporters_status"), table_name="supporters")

    op.drop_table("supporters")
    op.drop_table("stored_files")
    op.drop_index(op.f("ix_messages_user_id"), table_name="messages")
    op.drop_index("ix_messages_due", table_name="messages")

    op.drop_table("messages")
    op.drop_index("ix_jobs_due", table_name="jobs")

    op.drop_table("jobs")
    op.drop_index(op.f("ix_import_batches_unit_path"), table_name="import_batches")
    op.drop_index("ix_import_batches_file", table_name="import_batches")

    op.drop_table("import_batches")
    op.drop_index(op.f("ix_facts_unit_path"), table_name="facts")
    op.drop_index("ix_facts_subject", table_name="facts")
    op.drop_index(op.f("ix_facts_kind"), table_name="facts")
    op.drop_index(op.f("ix_facts_at"), table_name="facts")
    op.drop_index(op.f("ix_facts_actor_id"), table_name="facts")

    op.drop_table("facts")
    op.drop_index(op.f("ix_child_files_unit_path"), table_name="child_files")
    op.drop_index(op.f("ix_child_files_status"), table_name="child_files")
    op.drop_index("ix_child_files_register", table_name="child_files")
    op.drop_index(op.f("ix_child_files_county_code"), table_name="child_files")

    op.drop_table("child_files")
    op.drop_index(op.f("ix_block_entries_tenant_path"), table_name="block_entries")

    op.drop_table("block_entries")
    op.drop_index("ix_attempts_key_at", table_name="attempts")

    op.drop_table("attempts")
