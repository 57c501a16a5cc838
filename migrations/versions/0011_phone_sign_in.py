"""Codes by SMS, WeChat identities, identity checks.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.row_security import BY_TENANT, or_speaks_for, protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_OF_SUPPORTERS = ("identity_consents", "identity_checks")
_TABLES = (
    "identity_checks",
    "identity_consents",
    "wechat_identities",
    "wechat_asks",
    "confirmed_phones",
    "phone_codes",
)


def upgrade() -> None:
    """Make the tables."""
    _phones()
    _wechat()
    _identity()
    for table in _OF_SUPPORTERS:
        protect(table, or_speaks_for(BY_TENANT, "supporter_id"))


def downgrade() -> None:
    """Remove them."""
    for table in _TABLES:
        op.drop_table(table)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _phones() -> None:
    op.create_table(
        "phone_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("failure", sa.String(length=100), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _to("phone_codes", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_codes")),
    )
    op.create_index("ix_phone_codes_expires_at", "phone_codes", ["expires_at"])
    op.create_index(op.f("ix_phone_codes_user_id"), "phone_codes", ["user_id"])
    op.create_table(
        "confirmed_phones",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("phone_hmac", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=False),
        _to("confirmed_phones", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_confirmed_phones")),
        sa.UniqueConstraint("phone_hmac", name=op.f("uq_confirmed_phones_phone_hmac")),
    )


def _wechat() -> None:
    op.create_table(
        "wechat_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _to("wechat_asks", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_asks")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_wechat_asks_state_hash")),
    )
    op.create_index("ix_wechat_asks_expires_at", "wechat_asks", ["expires_at"])
    op.create_table(
        "wechat_identities",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("openid_hmac", sa.String(length=64), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        _to("wechat_identities", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_wechat_identities")),
        sa.UniqueConstraint("openid_hmac", name=op.f("uq_wechat_identities_openid_hmac")),
    )


def _identity() -> None:
    op.create_table(
        "identity_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        *_of_a_supporter("identity_consents"),
    )
    op.create_table(
        "identity_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=8), nullable=False),
        sa.Column("document", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("masked_number", sa.String(length=18), nullable=False),
        sa.Column("id_hmac", sa.String(length=64), nullable=False),
        _to("identity_checks", "consent_id", "identity_consents"),
        *_of_a_supporter("identity_checks"),
    )
    for table in _OF_SUPPORTERS:
        for column in ("supporter_id", "tenant_path"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _of_a_supporter(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("tenant_path", PATH, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _to(table, "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
