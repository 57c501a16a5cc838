"""Reading the chain: what is sealed, what waits, and how the last look went.

These reads are for the sealer and the auditor's check and need the system's scope: the chain
covers every unit's rows and holds nothing of them but ids and digests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, exists, func, select

from portal.domain.seals import GENESIS, Seal
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import Fact
from portal.models.rights import Tombstone
from portal.models.seals import AuditCheck, FactSeal, SealedRow
from portal.models.sight import AccessRow
from portal.models.units import UnitChange

#: The append-only tables that the chain covers, each with a time-ordered id.
SOURCES: Mapping[str, Table] = {
    model.__tablename__: model.metadata.tables[model.__tablename__]
    for model in (Fact, AccessRow, UnitChange, Tombstone)
}
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Link:
    """A stored seal: what it says, and the digest and key mark that stand beside it."""

    seal: Seal
    digest: str
    mac: str


@dataclass(frozen=True, slots=True)
class Member:
    """A row as it was sealed."""

    row_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class LastCheck:
    """How the last look at the chain went."""

    at: datetime
    by: str
    rows: int
    seals: int
    unsealed: int
    anchored: int
    late: int
    faults: list[dict[str, Any]]


def newest() -> Link | None:
    """Return the last seal."""
    row = db.session.scalar(select(FactSeal).order_by(FactSeal.no.desc()).limit(1))
    return _link(row) if row is not None else None


def newest_digest() -> str:
    """Return what the next seal follows."""
    last = newest()
    return last.digest if last else GENESIS


def links(after: int = 0, upto: int | None = None) -> list[Link]:
    """Return the seals in order."""
    query = select(FactSeal).where(FactSeal.no > after).order_by(FactSeal.no)
    if upto is not None:
        query = query.where(FactSeal.no <= upto)
    return [_link(row) for row in db.session.scalars(query)]


def members(no: int) -> list[Member]:
    """Return what a seal holds, in its order."""
    rows = db.session.execute(
        select(SealedRow.row_id, SealedRow.digest)
        .where(SealedRow.seal_no == no)
        .order_by(SealedRow.position)
    )
    return [Member(row.row_id, row.digest) for row in rows]


def rows(source: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the rows of a table as they stand now, by id; one that is gone is left out."""
    table = SOURCES[source]
    found: dict[UUID, dict[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        part = select(table).where(table.c.id.in_(ids[start : start + _CHUNK]))
        for row in db.session.execute(part).mappings():
            found[row["id"]] = dict(row)
    return found


def waiting(source: str, limit: int, since: UUID | None = None) -> list[dict[str, Any]]:
    """Return committed rows that no seal holds, in the order of their ids, from ``since`` on."""
    table = SOURCES[source]
    query = select(table).where(_unsealed(source))
    if since is not None:
        query = query.where(table.c.id >= since)
    found = db.session.execute(query.order_by(table.c.id).limit(limit)).mappings()
    return [dict(row) for row in found]


def count_waiting() -> int:
    """Return how many rows no seal holds yet."""
    return sum(
        db.session.scalar(select(func.count()).select_from(table).where(_unsealed(source))) or 0
        for source, table in SOURCES.items()
    )


def places(source: str, ids: Sequence[UUID]) -> Iterator[tuple[UUID, int, int, str]]:
    """Yield where rows are sealed: id, number of the seal, position, digest."""
    for start in range(0, len(ids), _CHUNK):
        found = db.session.execute(
            select(SealedRow.row_id, SealedRow.seal_no, SealedRow.position, SealedRow.digest).where(
                SealedRow.source == source, SealedRow.row_id.in_(ids[start : start + _CHUNK])
            )
        )
        for row in found:
            yield row.row_id, row.seal_no, row.position, row.digest


def last_check() -> LastCheck | None:
    """Return the newest look at the chain."""
    row = db.session.execute(
        select(AuditCheck, User.name)
        .outerjoin(User, User.id == AuditCheck.by)
        .order_by(AuditCheck.at.desc(), AuditCheck.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    check, name = row
    return LastCheck(
        check.at, name or "", check.rows, check.seals, check.unsealed, check.anchored,
        check.late, check.faults,
    )  # fmt: skip


def last_anchored() -> int:
    """Return up to which seal the newest look found the anchor; nought before the first look."""
    newest_look = (
        select(AuditCheck.anchored).order_by(AuditCheck.at.desc(), AuditCheck.id.desc()).limit(1)
    )
    return db.session.scalar(newest_look) or 0


def _unsealed(source: str) -> Any:
    return ~exists().where(SealedRow.source == source, SealedRow.row_id == SOURCES[source].c.id)


def _link(row: FactSeal) -> Link:
    seal = Seal(
        row.no, row.source, row.sealed_at, row.first_id, row.last_id, row.rows,
        row.rows_digest, row.previous,
    )  # fmt: skip
    return Link(seal, row.digest, row.mac)
