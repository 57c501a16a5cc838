"""What a migration says when it makes a table: who reads its rows on PostgreSQL, and what stays.

The functions app_covers, app_covers_tenant and app_speaks_for were made by revision 0002, app_runs
by 0019. On SQLite there is one wall, the ORM's; only the append-only triggers exist there too.
"""

from __future__ import annotations

from alembic import op

#: Rules for ``protect``; each answers "may the open scope meet this row".
BY_UNIT = "app_covers(unit_path)"
BY_TENANT = "app_covers_tenant(tenant_path)"


def or_speaks_for(rule: str, column: str) -> str:
    """Return ``rule`` widened to the supporter that ``column`` names."""
    return f"{rule} OR app_speaks_for({column})"


def or_runs(rule: str, column: str = "programme_id") -> str:
    """Return ``rule`` widened to whoever is on duty for the programme that ``column`` names."""
    return f"{rule} OR app_runs({column})"


def protect(table: str, rule: str) -> None:
    """Force row-level security on a table: reading and writing follow one rule."""
    if _on_postgresql():
        _secure(table)
        op.execute(f"CREATE POLICY wall ON {table} USING ({rule}) WITH CHECK ({rule})")


def protect_open_to_writing(table: str, rule: str) -> None:
    """Force row-level security on a table that any act may add to and few may read."""
    if _on_postgresql():
        _secure(table)
        op.execute(f"CREATE POLICY wall ON {table} FOR SELECT USING ({rule})")
        op.execute(f"CREATE POLICY wall_write ON {table} FOR INSERT WITH CHECK (true)")


def append_only(table: str) -> None:
    """Let nobody change or remove a row of ``table``: triggers, and grants on PostgreSQL."""
    if not _on_postgresql():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"""
        DO $$ BEGIN
          IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'portal_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM portal_app;
          END IF;
        END $$
        """
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _secure(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
