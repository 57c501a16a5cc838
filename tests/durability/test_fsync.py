"""A power cut, not only a kill: on SQLite no answer leaves before its commit is on the disk.

Kill tests stay green at any ``synchronous`` level; only the order of the system calls tells.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from tests.durability import machine as machines
from tests.durability.claimers import browser
from tests.durability.test_claims import prepare

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
CLAIMS = 30
_CALL = re.compile(r"^(\d+) +(pwrite64|fdatasync|fsync|sendto|write)\(\d+<([^>]*)>(.*)")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. f(?:data)?sync resumed>")


@pytest.fixture
def machine(tmp_path):
    assert shutil.which("strace"), "install strace: make test does"
    made = machines.Machine("sqlite", tmp_path)
    made.portal.workers = 1
    made.portal.start(worker=False)
    yield made
    made.stop()


def traced(machine, act):
    """Run ``act`` while every write, sync and send of the web processes is written down."""
    master = machine.portal.children["web"].pid
    pids = [str(master), *Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    log = machine.folder / "calls"
    calls = "trace=pwrite64,fdatasync,fsync,sendto,write"
    tracer = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "32", "-e", calls, "-o", str(log),
         *(part for pid in pids for part in ("-p", pid))],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert machines.until(log.exists, 10)
        time.sleep(1)
        act()
        time.sleep(0.5)
    finally:
        tracer.send_signal(signal.SIGINT)
        _, said = tracer.communicate(timeout=20)
    assert b"Operation not permitted" not in said
    return log.read_text(errors="replace").splitlines()


def audit(lines, database):
    """Count the answers that say "done", and those that left over unsynced database writes.

    A sync counts when it has returned, not when it was asked for.
    """
    dirty, asked, answers, early = set(), {}, 0, 0
    for line in lines:
        if resumed := _RESUMED.match(line):
            dirty.discard(asked.pop(resumed[1], ""))
            continue
        found = _CALL.match(line)
        if not found:
            continue
        process, call, target, rest = found.groups()
        if call == "pwrite64" and target == f"{database}-wal":
            dirty.add(target)
        elif call in ("fdatasync", "fsync") and "unfinished" in rest:
            asked[process] = target
        elif call in ("fdatasync", "fsync"):
            dirty.discard(target)
        elif '"HTTP/1.1 303' in rest:
            answers += 1
            early += bool(dirty)
    return answers, early


def test_the_audit_itself_tells_the_orders_apart():
    write = '7 pwrite64(5</d/p.sqlite3-wal>, "x", 4096, 0) = 4096'
    sync = "7 fdatasync(5</d/p.sqlite3-wal>) = 0"
    send = '7 sendto(9<TCP:[1]>, "HTTP/1.1 303 SEE OTHER", 20, 0, NULL, 0) = 20'
    began = "7 fdatasync(5</d/p.sqlite3-wal> <unfinished ...>"
    ended = "7 <... fdatasync resumed>) = 0"
    assert audit([write, sync, send], "/d/p.sqlite3") == (1, 0)
    assert audit([write, send, sync], "/d/p.sqlite3") == (1, 1)
    assert audit([write, began, ended, send], "/d/p.sqlite3") == (1, 0)
    assert audit([write, began, send, ended], "/d/p.sqlite3") == (1, 1)


def test_every_acknowledged_claim_is_on_the_disk_first(machine):
    codes = prepare(machine, CLAIMS)
    visitor = browser(machine)

    def claim_all():
        for code in codes:
            assert visitor.claim(code, uuid.uuid4().hex) == 303

    lines = traced(machine, claim_all)
    visitor.hang_up()
    database = str(machine.folder / "portal.sqlite3")
    assert audit(lines, database) == (CLAIMS, 0)
    synced = sum("sync(" in line and "portal.sqlite3-wal" in line for line in lines)
    assert synced >= CLAIMS
