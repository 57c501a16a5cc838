"""Start the whole portal on one machine: migrations, demo data, web server and worker.

Everything it keeps lies in var/. Stopping it stops everything it started. Other uses:
--reset (forget the local state), --demo-only, --shell, --flask ARGS (flask on the local database).
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
BIN = Path(sys.executable).parent
DATABASE = VAR / "portal.sqlite3"
UNFINISHED = VAR / "demo-unfinished"
#: One process, eight threads: enough for one machine, and quick to start.
WEB = (
    "--worker-class=gthread",
    "--threads=8",
    "--graceful-timeout=20",
    "--no-control-socket",
    "--log-level=warning",
)
START_SECONDS = 60
STOP_SECONDS = 25


def main(arguments: list[str]) -> int:
    """Do what the arguments ask; return the exit status."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    if arguments == ["--reset"]:
        return reset()
    port = int(os.environ.get("PORT", "8000"))
    prepare_environment(port)
    if arguments[:1] == ["--flask"]:
        return flask(*arguments[1:])
    is_serving = not arguments
    if (is_serving and is_taken(port)) or not prepare_database():
        return 1
    match arguments:
        case ["--demo-only"]:
            return 0
        case ["--shell"]:
            return flask("shell")
    return serve(port)


def reset() -> int:
    """Remove the local databases, queue, mail and files; keep the secrets."""
    for name in ("mail", "files", "shots"):
        shutil.rmtree(VAR / name, ignore_errors=True)
    for path in [*VAR.glob("*.sqlite3*"), UNFINISHED]:
        path.unlink(missing_ok=True)
    print("The local state is gone: make run begins again.")
    return 0


def prepare_environment(port: int) -> None:
    """Fill the settings that the operator did not choose; secrets are made at the first start."""
    for folder in (VAR, VAR / "mail", VAR / "files"):
        folder.mkdir(parents=True, exist_ok=True)
    secret = VAR / "secret.env"
    if not secret.exists():
        write_secrets(secret)
    for line in secret.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{DATABASE}")
    os.environ.setdefault("QUEUE_URL", f"sqlite:///{VAR / 'queue.sqlite3'}")
    os.environ.setdefault("STORAGE_URL", f"file:{VAR / 'files'}")
    os.environ.setdefault("MAIL_DIR", str(VAR / "mail"))
    os.environ.setdefault("PUBLIC_URL", f"http://localhost:{port}")
    os.environ.setdefault("ALLOW_FICTITIOUS_ID", "1")
    os.environ.setdefault("LOG_LEVEL", "WARNING")


def write_secrets(path: Path) -> None:
    """Write fresh keys that only this account can read; all of them or no file at all."""
    from portal.domain.cipher import KeyRing

    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(
        f"SECRET_KEY={secrets.token_urlsafe(48)}\nFIELD_KEYS={KeyRing.generate()}\n",
        encoding="utf-8",
    )
    half.rename(path)


def is_local() -> bool:
    """Tell whether the database is the one in var/, which this script may begin again."""
    return os.environ["DATABASE_URL"] == f"sqlite:///{DATABASE}"


def prepare_database() -> bool:
    """Migrate; load the demo data into a new local database. False when a step failed."""
    if is_local() and UNFINISHED.exists():
        print("The first start was interrupted: beginning again.")
        reset()
    is_new = is_local() and not DATABASE.exists()
    if is_new:
        UNFINISHED.touch()
        print("First start: making the database and playing the demo year (about a minute).")
    if not is_migrated() and flask("db", "upgrade", quiet=True):
        return False
    if not is_local():
        print("DATABASE_URL is set: demo data is loaded only by flask --app wsgi demo.")
    elif is_new and flask("demo", quiet=True):
        return False
    UNFINISHED.unlink(missing_ok=True)
    return True


def is_migrated() -> bool:
    """Tell whether the local database stands at the newest revision already."""
    if not (is_local() and DATABASE.exists()):
        return False
    from alembic.script import ScriptDirectory

    with closing(sqlite3.connect(DATABASE)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return False
    return found == (ScriptDirectory(str(ROOT / "migrations")).get_current_head(),)


def flask(*arguments: str, quiet: bool = False) -> int:
    """Run a flask command; when quiet, show its output only if it failed."""
    command = [str(BIN / "flask"), "--app", "wsgi", *arguments]
    if not quiet:
        return subprocess.call(command)
    done = subprocess.run(
        command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        print(done.stdout)
        print(f"flask {' '.join(arguments)} failed: the lines above say why.")
    return done.returncode


def is_taken(port: int) -> bool:
    """Tell, also the reader, whether something listens on the port already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        print(f"Port {port} is in use: stop what listens there, or: make run PORT={port + 80}")
    return taken


def serve(port: int) -> int:
    """Run web server and worker until a signal comes or one of them ends."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["web server"] = start("gunicorn", "wsgi:app", *WEB, "--bind", f"0.0.0.0:{port}")
        children["worker"] = start("flask", "--app", "wsgi", "worker")
        if wait_until_ready(port, children):
            show_table(port)
            watch(children)
        return 1
    except Stopped:
        print("\nStopping.")
        return 0
    finally:
        stop(children)


class Stopped(Exception):
    """Raised in the main loop by SIGINT or SIGTERM."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program of the environment in its own session; it dies with this script."""
    return subprocess.Popen(
        [str(BIN / program), *arguments],
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread here
    )


def _die_with_parent() -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def wait_until_ready(port: int, children: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Wait for /readyz; False when a child ended or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if report_dead(children):
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    print(f"The portal did not become ready in {START_SECONDS} seconds: see the lines above.")
    return False


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Return when one of the children has ended, after saying which."""
    while not report_dead(children):
        time.sleep(0.5)


def report_dead(children: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Name the children that ended by themselves."""
    dead = [name for name, child in children.items() if child.poll() is not None]
    for name in dead:
        print(f"The {name} ended by itself (status {children[name].returncode}).", flush=True)
    return bool(dead)


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End every child: politely first, then for certain."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def show_table(port: int) -> None:
    """Print the address, one demo account per role, where mail is read, what is missing."""
    from portal import demo

    rows = [(a.role_label, a.login, a.password, a.where) for a in demo.accounts()]
    print(f"\n微光 is running: http://localhost:{port}   (Ctrl-C stops it)\n")
    if is_local():
        header = ("who", "sign in as", "password", "starts at")
        widths = [max(width(row[i]) for row in [header, *rows]) for i in range(len(header))]
        for row in [header, *rows]:
            cells = [cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)]
            print("  " + "  ".join(cells).rstrip())
        print("\n  Staff sign in in two steps: the six digits of this minute stand at")
        print(f"  http://localhost:{port}/mailbox, above the mail (files in var/mail)")
    missing = missing_parts()
    if missing:
        print(f"  Not installed, only these are affected: {'; '.join(missing)}.")
    print(flush=True)


def width(text: str) -> int:
    """Return the number of terminal columns of a text; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def missing_parts() -> list[str]:
    """Name optional parts that this machine lacks, with what each would add."""
    missing = []
    if find_spec("weasyprint") is None:
        missing.append("weasyprint (PDF files; pages print from the browser)")
    fonts = shutil.which("fc-list")
    if (
        not fonts
        or not subprocess.run(
            [fonts, ":lang=zh", "family"], check=False, capture_output=True
        ).stdout.strip()
    ):
        missing.append("a Chinese font such as fonts-noto-cjk (Chinese text in PDF files)")
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
