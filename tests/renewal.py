"""A PostgreSQL database brought back to its template in place, in a hundredth of a second.

Copying a template costs the server ten times that, one copy at a time, and every connection begins
with cold catalogues. Rows go and come back; a test that changed anything but rows (a trigger, a
policy, a privilege) is found out by the catalogues' own row versions and gets a new copy.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg

from tests.postgres import Cluster

#: Bytes beyond which a table has swollen, with rows or with what rows left: a new copy is cheaper.
_LARGE = 4_000_000
_TABLES = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
#: Everything made by a migration: how much of it there is, and who changed it last.
_MADE = " UNION ALL ".join(
    f"SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {table} WHERE {ours}"
    for table, ours in (
        ("pg_class", "relnamespace = 'public'::regnamespace"),
        ("pg_attribute", "attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"),
        ("pg_constraint", "connamespace = 'public'::regnamespace"),
        ("pg_trigger", "NOT tgisinternal"),
        ("pg_policy", "true"),
        ("pg_proc", "pronamespace = 'public'::regnamespace"),
        ("pg_namespace", "nspname = 'public'"),
        ("pg_default_acl", "true"),
    )
)  # fmt: skip
_OTHERS = """
    SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'
"""


@dataclass
class Renewable:
    """A copy of a template, seen by the superuser while tests write to it."""

    cluster: Cluster
    name: str
    connection: psycopg.Connection = field(init=False)
    #: Tables that hold rows in the template, whose rows are also kept beside; and all others.
    seeded: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    sequences: list[tuple[str, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = self.cluster.connect(self.name)
        self.connection.autocommit = False
        # No trigger speaks and no foreign key is asked: everything goes, everything comes back.
        self.connection.execute("SET session_replication_role = replica; CREATE SCHEMA beside")
        for name, _size in self._all(_TABLES):
            if self._all(f'SELECT 1 FROM "{name}" LIMIT 1'):
                self.connection.execute(f'CREATE TABLE beside."{name}" AS TABLE "{name}"')
                self.seeded.append(name)
            else:
                self.empty.append(name)
        for (name,) in self._all("SELECT sequencename FROM pg_sequences"):
            [(last, called)] = self._all(f'SELECT last_value, is_called FROM "{name}"')
            self.sequences.append((name, last, called))
        self._made = self._all(_MADE)
        self._written = {name: self._state(name) for name in self.seeded}
        self.connection.commit()

    def renew(self) -> bool:
        """Bring the rows of the template back; false where that is not enough."""
        self._all(_OTHERS)
        sizes = dict(self._all(_TABLES))
        if self._all(_MADE) != self._made or max(sizes.values()) > _LARGE:
            return False
        steps = [f'DELETE FROM "{name}"' for name in self.empty if sizes[name]]
        steps += [
            f"SELECT setval('\"{name}\"', {last}, {str(called).lower()})"
            for name, last, called in self.sequences
        ]
        self.connection.execute("; ".join(steps))
        for name in self.seeded:
            if self._state(name) != self._written[name]:
                self._repair(name)
        self.connection.commit()
        return True

    def close(self) -> None:
        """Let the database go."""
        self.connection.close()

    def _state(self, name: str) -> tuple[int, int]:
        """Return how many rows a table holds and which transaction wrote last among them."""
        return self._all(f'SELECT count(*), max(xmin::text::bigint) FROM "{name}"')[0]

    def _repair(self, name: str) -> None:
        """Take out what was written since, put back what is missing."""
        last = self._written[name][1]
        self.connection.execute(
            f'DELETE FROM "{name}" WHERE xmin::text::bigint > {last};'
            f'INSERT INTO "{name}" SELECT kept.* FROM beside."{name}" kept'
            f' WHERE kept::text NOT IN (SELECT there::text FROM "{name}" there)'
        )
        self._written[name] = self._state(name)

    def _all(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()
