"""The anchor of the chain: a file outside the database, to which seals are only ever appended.

Whoever holds the database and the keys could write a whole new chain, or cut its end off; neither
fits what was anchored. An operator keeps the folder away from the database's administrator.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "seals.jsonl"


@dataclass(frozen=True, slots=True)
class Anchored:
    """One seal as it was written outside: number, digest, when."""

    no: int
    digest: str
    sealed_at: str


class AnchorError(Exception):
    """An anchor file that cannot be read as one; the words name the line."""


def read(file: Path) -> list[Anchored]:
    """Return what a file anchors, nothing when there is none; AnchorError for a broken line."""
    if not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            given = json.loads(line)
            found.append(Anchored(int(given["no"]), given["digest"], given["sealed_at"]))
        except (ValueError, KeyError, TypeError) as error:
            msg = f"{file.name}, line {number}"
            raise AnchorError(msg) from error
    return found


class AnchorFolder:
    """Where this installation anchors."""

    def __init__(self, folder: Path) -> None:
        self.file = folder.absolute() / _NAME

    def read(self) -> list[Anchored]:
        """Return what was anchored so far."""
        return read(self.file)

    def append(self, seals: Iterable[Anchored]) -> int:
        """Append the seals whose number is not anchored yet, on the disk before it returns.

        Two workers take turns by a lock on the file; raises OSError when it cannot be written.
        """
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            last = max((each.no for each in self.read()), default=0)
            fresh = [each for each in seals if each.no > last]
            text = "".join(json.dumps(asdict(each), sort_keys=True) + "\n" for each in fresh)
            os.write(handle, text.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        return len(fresh)


_anchor: AnchorFolder | None = None


def install(folder: Path) -> None:
    """Choose the process's anchor; create_app calls this once."""
    global _anchor  # noqa: PLW0603 -- one anchor per process, set at start
    _anchor = AnchorFolder(folder)


def anchor() -> AnchorFolder:
    """Return the installed anchor."""
    if _anchor is None:
        msg = "no anchor installed"
        raise RuntimeError(msg)
    return _anchor
