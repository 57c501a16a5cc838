"""A PostgreSQL server of the suite's own: started on demand, also as root, shared by all workers.

The controlling pytest process makes a state folder and names it in the environment; the first
worker that needs a server starts it under a file lock and writes down where it listens; the
controller stops it at the end. A server left by a killed run is swept at the next start.

``python -m tests.postgres COMMAND…`` runs a command (`make test`: all the stages) whose runs share
one state folder, so that what one of them made, the others find.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

STATE = "WEIGUANG_TEST_STATE"
PREFIX = "weiguang-pg-"
OWNER = "portal_owner"
APP = "portal_app"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


@dataclass(frozen=True)
class Cluster:
    """Where a server listens; every role of a test cluster is trusted on loopback."""

    port: int
    folder: str

    def url(self, database: str, role: str = APP) -> str:
        """Return the SQLAlchemy address of a database for a role."""
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres", role: str = "postgres") -> psycopg.Connection:
        """Open an autocommit connection, by default as the superuser."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname=database, user=role, autocommit=True
        )

    def create(self, name: str, template: str | None = None) -> None:
        """Make a database owned by the owner role, replacing one of that name."""
        copy = f' TEMPLATE "{template}"' if template else ""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}{copy}')

    def drop(self, name: str) -> None:
        """Remove a database, closing whoever is still connected."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def has(self, name: str) -> bool:
        """Tell whether a database of that name exists."""
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            return found.fetchone() is not None


def find_server() -> Path:
    """Return the folder of initdb and pg_ctl, the newest installed version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*found, *([Path(on_path)] if on_path else [])]
    if not candidates:
        message = "No PostgreSQL server is installed: install the package postgresql."
        raise RuntimeError(message)
    return candidates[0].parent


def as_postgres(*command: str) -> list[str]:
    """Run a command as an ordinary user: PostgreSQL refuses to be started by root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


def free_port() -> int:
    """Return a free port below the range the kernel hands out by itself."""
    for _ in range(200):
        port = 20_000 + secrets.randbelow(11_900)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    message = "No free port between 20000 and 31900."
    raise RuntimeError(message)


def start(options: tuple[str, ...] = FAST) -> Cluster:
    """Make and start a server in a fresh folder; about two seconds."""
    binaries = find_server()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner.pid").write_text(str(os.getpid()))
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    run(
        as_postgres(
            str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust",
            "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync",
        )
    )  # fmt: skip
    port = free_port()
    settings = (
        f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}",
        "max_connections=300", "shared_buffers=64MB", "log_min_messages=warning", *options,
    )  # fmt: skip
    flags = " ".join(f"-c {setting}" for setting in settings)
    run(
        as_postgres(
            str(binaries / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-t", "60",
            "-o", flags, "start",
        )
    )  # fmt: skip
    cluster = Cluster(port=port, folder=str(folder))
    with cluster.connect() as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB")
        connection.execute(f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT")
    return cluster


def stop(cluster: Cluster) -> None:
    """Stop a server and remove its folder."""
    data = Path(cluster.folder) / "data"
    command = as_postgres(
        str(find_server() / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"
    )
    subprocess.run(command, check=False, cwd="/", capture_output=True, stdin=subprocess.DEVNULL)
    shutil.rmtree(cluster.folder, ignore_errors=True)


def run(command: list[str]) -> None:
    """Run a server tool; its output is shown only when it fails."""
    # pg_ctl's server keeps inherited pipes open: a file, unlike a pipe, does not make us wait.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, check=False, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        if done.returncode:
            output.seek(0)
            message = f"{command} failed: {output.read().decode(errors='replace')}"
            raise RuntimeError(message)


def open_state() -> Path:
    """Make the run's state folder, unless a parent process made it; sweep what killed runs left."""
    if STATE not in os.environ:
        os.environ[STATE] = tempfile.mkdtemp(prefix="weiguang-tests-")
        sweep()
    return Path(os.environ[STATE])


def close_state() -> None:
    """Stop the run's server, if one was started, and remove the state folder."""
    folder = Path(os.environ.pop(STATE))
    if (folder / "cluster.json").exists():
        stop(Cluster(**json.loads((folder / "cluster.json").read_text())))
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Stop servers whose test run is dead."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            pid = int((folder / "owner.pid").read_text())
        except (OSError, ValueError):
            continue
        if not Path(f"/proc/{pid}").exists():
            stop(Cluster(port=0, folder=str(folder)))


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """Hold one of the run's locks across processes; yields the state folder."""
    folder = open_state()
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder


def sharing(command: list[str]) -> int:
    """Run a command whose test runs share a state folder; return how it ended."""
    os.environ["PYTEST_CONTROLLER"] = str(os.getpid())
    open_state()
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        close_state()


def shared() -> Cluster:
    """Return the run's server, starting it if this is the first process to ask."""
    with locked("cluster") as folder:
        written = folder / "cluster.json"
        if not written.exists():
            cluster = start()
            # The controller outlives the workers: it is the one whose death orphans the server.
            (Path(cluster.folder) / "owner.pid").write_text(
                os.environ.get("PYTEST_CONTROLLER", str(os.getpid()))
            )
            written.write_text(json.dumps(asdict(cluster)))
        return Cluster(**json.loads(written.read_text()))


if __name__ == "__main__":
    sys.exit(sharing(sys.argv[1:]))
