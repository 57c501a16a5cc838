"""The list of what was erased: rows in the database, and lines in a file beside the backups.

A backup is older than what was erased after it; reading the list again on the restored database
erases it anew (L18). The list holds kinds and ids, nobody's data.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.domain.errors import Invalid
from portal.extensions import db
from portal.models.rights import Tombstone


def lay(kind: str, row_id: UUID, reason: str) -> None:
    """Write a tombstone in the running transaction; a second one of the same row is none."""
    session = db.session()
    known = session.scalar(
        select(Tombstone.id).where(Tombstone.kind == kind, Tombstone.row_id == row_id)
    )
    if known is None:
        session.add(Tombstone(kind=kind, row_id=row_id, at=clock.now(), reason=reason))
        session.flush()


def write_out(path: Path) -> int:
    """Append to the file what the table holds and the file does not; return how many lines.

    The lines are on the disk before this returns. The file is the operator's to keep where the
    backups are, apart from the database.
    """
    written = {(each[0], each[1]) for each in _lines(path)} if path.exists() else set()
    rows = db.session.execute(
        select(Tombstone.kind, Tombstone.row_id, Tombstone.at, Tombstone.reason).order_by(
            Tombstone.id
        )
    )
    fresh = [row for row in rows if (row.kind, row.row_id) not in written]
    if not fresh:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for row in fresh:
            line = {"kind": row.kind, "id": str(row.row_id), "at": row.at.isoformat()}
            file.write(json.dumps(line | {"reason": row.reason}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def from_file(path: Path) -> list[tuple[str, UUID, str]]:
    """Return the (kind, id, reason) of every line; Invalid for a line that is none."""
    return list(_lines(path))


def _lines(path: Path) -> Iterable[tuple[str, UUID, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            yield read["kind"], UUID(read["id"]), read["reason"]
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid("名单第{number}行读不懂", number=number) from error
