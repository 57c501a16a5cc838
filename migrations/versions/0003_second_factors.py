"""Second factors, devices and fresh proof.

Sessions opened with a password alone end here: everybody signs in once more, staff with a second
factor.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; end what was proved by a password alone."""
    with op.batch_alter_table("user_sessions") as sessions:
        sessions.add_column(
            sa.Column("stage", sa.String(length=8), nullable=False, server_default="half")
        )
        sessions.add_column(sa.Column("last_seen_at", _MOMENT, nullable=True))
        sessions.add_column(sa.Column("idle_until", _MOMENT, nullable=True))
    now = datetime.now(UTC)  # noqa: TID251 -- a migration runs on no story's clock
    stored = sa.table(
        "user_sessions",
        sa.column("revoked_at", _MOMENT),
        sa.column("last_seen_at", _MOMENT),
        sa.column("created_at", _MOMENT),
    )
    op.execute(stored.update().where(stored.c.revoked_at.is_(None)).values(revoked_at=now))
    op.execute(stored.update().values(last_seen_at=stored.c.created_at))
    with op.batch_alter_table("user_sessions") as sessions:
        sessions.alter_column("stage", existing_type=sa.String(length=8), server_default=None)
        sessions.alter_column("last_seen_at", existing_type=_MOMENT, nullable=False)
    _factors()
    _moments()


def _factors() -> None:
    op.create_table(
        "code_generators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        _owner("code_generators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_generators")),
    )
    op.create_index(op.f("ix_code_generators_user_id"), "code_generators", ["user_id"])
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT, nullable=True),
        _owner("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _owner("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")
        ),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"])
    op.create_table(
        "known_devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        _owner("known_devices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_devices")),
        sa.UniqueConstraint(
            "user_id", "token_hash", name=op.f("uq_known_devices_user_id_token_hash")
        ),
    )


def _moments() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_expires_at"), "challenges", ["expires_at"])
    op.create_table(
        "proofs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("thing", sa.String(length=100), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["user_sessions.id"],
            name=op.f("fk_proofs_session_id_user_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index("ix_proofs_for", "proofs", ["session_id", "act", "thing", "at"])
    op.create_index(op.f("ix_proofs_at"), "proofs", ["at"])
    op.create_table(
        "kept_forms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("kept_at", _MOMENT, nullable=False),
        _owner("kept_forms"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_forms")),
    )
    op.create_index(op.f("ix_kept_forms_user_id"), "kept_forms", ["user_id"])
    op.create_index(op.f("ix_kept_forms_kept_at"), "kept_forms", ["kept_at"])


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users")
    )


def downgrade() -> None:
    """Remove them; a session that was not fully open ends, for a password opens it again."""
    op.execute("UPDATE user_sessions SET revoked_at = created_at WHERE stage <> 'open'")
    for table in (
        "kept_forms",
        "proofs",
        "challenges",
        "known_devices",
        "recovery_codes",
        "passkeys",
        "code_generators",
    ):
        op.drop_table(table)
    with op.batch_alter_table("user_sessions") as sessions:
        sessions.drop_column("idle_until")
        sessions.drop_column("last_seen_at")
        sessions.drop_column("stage")
