"""The second wall and the append-only memory.

On PostgreSQL every table with a unit or an authority path gets row-level security, forced, for
the application's role (security.md 3.3). On both databases facts cannot be changed or deleted.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UNIT_TABLES = (
    "care_ledger_rows",
    "child_files",
    "consents",
    "guardian_links",
    "import_batches",
    "import_rows",
    "wishes",
)
TENANT_TABLES = ("block_entries", "publication_batches", "wish_windows")
#: table → the column that names the supporter who may see the row
UNIT_AND_SUPPORTER = {"commitments": "supporter_id"}
TENANT_AND_SUPPORTER = {
    "supporter_documents": "supporter_id",
    "supporters": "id",
    "vetting_checks": "supporter_id",
}
#: Readable under the wall, writable by anybody's act (core.facts is the only writer).
WRITE_OPEN = ("fact_notes", "facts")
APPEND_ONLY = ("facts",)

_COVERS = """
CREATE FUNCTION app_covers(path text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (
    SELECT 1 FROM unnest(string_to_array(nullif(current_setting('app.paths', true), ''), ',')) p
    WHERE starts_with(path, p))
$$
"""
_COVERS_TENANT = """
CREATE FUNCTION app_covers_tenant(path text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT app_covers(path) OR path = ANY (
    string_to_array(nullif(current_setting('app.tenants', true), ''), ','))
$$
"""
_SPEAKS_FOR = """
CREATE FUNCTION app_speaks_for(supporter uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT supporter::text = ANY (
    string_to_array(nullif(current_setting('app.supporters', true), ''), ','))
$$
"""


def upgrade() -> None:
    """Raise both walls' second halves."""
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def downgrade() -> None:
    """Take them down again."""
    if op.get_bind().dialect.name == "postgresql":
        for table in _scoped():
            op.execute(f"DROP POLICY IF EXISTS wall ON {table}")
            op.execute(f"DROP POLICY IF EXISTS wall_write ON {table}")
            op.execute(f"DROP POLICY IF EXISTS wall_erase ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER append_only ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION app_speaks_for(uuid)")
        op.execute("DROP FUNCTION app_covers_tenant(text)")
        op.execute("DROP FUNCTION app_covers(text)")
    else:
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")


def _scoped() -> list[str]:
    return [
        *UNIT_TABLES,
        *TENANT_TABLES,
        *UNIT_AND_SUPPORTER,
        *TENANT_AND_SUPPORTER,
        *WRITE_OPEN,
    ]


def _postgresql() -> None:
    for function in (_COVERS, _COVERS_TENANT, _SPEAKS_FOR):
        op.execute(function)
    rules = dict.fromkeys(UNIT_TABLES, "app_covers(unit_path)")
    rules |= dict.fromkeys(TENANT_TABLES, "app_covers_tenant(tenant_path)")
    rules |= {
        table: f"app_covers(unit_path) OR app_speaks_for({owner})"
        for table, owner in UNIT_AND_SUPPORTER.items()
    }
    rules |= {
        table: f"app_covers_tenant(tenant_path) OR app_speaks_for({owner})"
        for table, owner in TENANT_AND_SUPPORTER.items()
    }
    for table, rule in rules.items():
        _secure(table)
        op.execute(f"CREATE POLICY wall ON {table} USING ({rule}) WITH CHECK ({rule})")
    for table in WRITE_OPEN:
        _secure(table)
        op.execute(f"CREATE POLICY wall ON {table} FOR SELECT USING (app_covers(unit_path))")
        op.execute(f"CREATE POLICY wall_write ON {table} FOR INSERT WITH CHECK (true)")
    op.execute("CREATE POLICY wall_erase ON fact_notes FOR UPDATE USING (app_covers(unit_path))")
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    _grant()


def _secure(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _grant() -> None:
    """Give the application's role what it needs, where the operator made that role."""
    op.execute(
        """
        DO $$ BEGIN
          IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'portal_app') THEN
            GRANT USAGE ON SCHEMA public TO portal_app;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
            REVOKE UPDATE, DELETE, TRUNCATE ON facts FROM portal_app;
            REVOKE DELETE, TRUNCATE ON fact_notes FROM portal_app;
            REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM portal_app;
            ALTER DEFAULT PRIVILEGES IN SCHEMA public
              GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
          END IF;
        END $$
        """
    )


def _sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
