"""Reading for form 1: regions, uploaded ledgers and their rows, what is on file, what goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.core import scope
from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.errors import NotFound
from portal.domain.identity import Sex
from portal.domain.ledger import Category, LedgerEntry, ResolveRegion, ServiceType
from portal.domain.ledger_stage import OnFile
from portal.domain.region_names import Region, RegionNames
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, GuardianLink, ImportBatch
from portal.models.units import Unit
from portal.queries import units
from portal.queries.units import UnitRow

_BUREAU_ROLES = (Role.COUNTY_STAFF, Role.CITY_STAFF)
_CHUNK = 500
RECENT = 30


@dataclass(frozen=True, slots=True)
class BatchRow:
    """An uploaded ledger in the list and at the head of its page."""

    id: UUID
    filename: str
    status: str
    unit_name: str
    unit_path: str
    year: int | None
    counts: dict[str, int]
    message: str
    created_at: datetime
    created_by: UUID | None
    applied_at: datetime | None
    job_id: UUID | None
    version: int


def region_resolver(bureau: UnitRow) -> ResolveRegion:
    """Return the function that reads a region text as staff of this bureau mean it."""
    return _region_names(bureau.path).resolver(bureau.code)


def _region_names(path: str) -> RegionNames:
    top = "/" + path.split("/")[1] + "/"
    rows = db.session.execute(
        select(Unit.code, Unit.name, Unit.level, Unit.path)
        .where(units.under(Unit.path, top), Unit.level != "agency", units.standing())
        .order_by(Unit.path)
    ).all()
    by_path = {row.path: row.code for row in rows}
    return RegionNames(
        (Region(row.code, row.name, row.level, by_path.get(_above(row.path), "")) for row in rows),
        (Region(*former) for former in units.former_names(top)),
    )


def _above(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def bureaus(actor: Actor) -> tuple[UnitRow, ...]:
    """Return the bureaus whose ledger this person keeps: own units, and counties below a city."""
    found: dict[str, UnitRow] = {}
    for grant in actor.grants:
        if grant.role in _BUREAU_ROLES:
            own = units.by_path(grant.path)
            found[own.path] = own
            found |= {each.path: each for each in units.below(own.path, "county")}
    return tuple(found[path] for path in sorted(found))


def bureau(actor: Actor, code: str) -> UnitRow:
    """Return one of this person's bureaus; NotFound for every other."""
    found = next((each for each in bureaus(actor) if each.code == code), None)
    if found is None:
        raise NotFound("没有这个单位：{code}", code=code)
    return found


def recent(limit: int = RECENT) -> tuple[BatchRow, ...]:
    """Return the latest uploads in scope, newest first."""
    found = db.session.execute(
        _batches().order_by(ImportBatch.created_at.desc(), ImportBatch.id).limit(limit)
    )
    return tuple(BatchRow(*row) for row in found)


def batch(batch_id: UUID) -> BatchRow:
    """Return one upload; NotFound when it is absent or behind a wall."""
    found = db.session.execute(_batches().where(ImportBatch.id == batch_id)).first()
    if found is None:
        raise NotFound
    return BatchRow(*found)


def _batches() -> Any:
    return select(
        ImportBatch.id,
        ImportBatch.filename,
        ImportBatch.status,
        Unit.name,
        ImportBatch.unit_path,
        ImportBatch.year,
        ImportBatch.counts,
        ImportBatch.message,
        ImportBatch.created_at,
        ImportBatch.created_by,
        ImportBatch.applied_at,
        ImportBatch.job_id,
        ImportBatch.version,
    ).join(Unit, Unit.path == ImportBatch.unit_path)


def on_file(tenant_path: str, digests: Sequence[str], year: int) -> dict[str, OnFile]:
    """Return the children in scope whose ID number has one of these blind indexes."""
    found = _with_details(
        _children().where(ChildFile.tenant_path == tenant_path, ChildFile.id_hmac.in_(digests)),
        year,
    )
    return {digest: known for digest, known, _ in found}


def on_file_elsewhere(tenant_path: str, digests: Sequence[str]) -> dict[str, str]:
    """Map blind indexes to the unit that has them on file, anywhere in the authority.

    The one look over the wall between counties: it answers "already on file", and the caller
    names the unit only to those who may see it.
    """
    wide = scope.Scope(paths=(tenant_path,), reason="is a number on file in the authority?")
    with scope.within(wide, db.session()):
        rows = db.session.execute(
            select(ChildFile.id_hmac, ChildFile.unit_path).where(
                ChildFile.tenant_path == tenant_path, ChildFile.id_hmac.in_(digests)
            )
        ).all()
    return {row.id_hmac: row.unit_path for row in rows}


def export_entries(bureau_path: str, year: int) -> Iterator[LedgerEntry]:
    """Yield the ledger of a bureau and year in its order, in pieces.

    The present year holds who is listed and still on the register; a past year everybody who was
    listed then. A file without a line (a left-behind child) is not in form 1 (domain.md 7).
    """
    listed = (
        select(CareLedgerRow.child_id, CareLedgerRow.seq)
        .where(CareLedgerRow.year == year)
        .subquery()
    )
    statement = (
        _children().where(_under(bureau_path)).join(listed, listed.c.child_id == ChildFile.id)
    )
    # Whoever was erased is counted where counts were kept, and stands on no list any more.
    statement = statement.where(ChildFile.status != "erased")
    if year == clock.today().year:
        statement = statement.where(ChildFile.status == "active")
    order = (listed.c.seq, ChildFile.unit_path, ChildFile.id)
    ids = list(db.session.scalars(statement.with_only_columns(ChildFile.id).order_by(*order)))
    names = _region_names(bureau_path)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found = _with_details(_children().where(ChildFile.id.in_(chunk)), year)
        by_id = {known.child_id: known for _, known, _ in found}
        for entry in (by_id[each].entry for each in chunk):
            # One way to write a place, whoever wrote it first.
            place = names.full_name(entry.region_code) or entry.region_text
            yield replace(entry, region_text=place)


def active_count(bureau_path: str) -> int:
    """Count the children on the register of a bureau."""
    count = select(func.count(ChildFile.id)).where(
        _under(bureau_path), ChildFile.status == "active"
    )
    return db.session.scalar(count) or 0


def unlisted_count(bureau_path: str, year: int) -> int:
    """Count the children on the register whom the ledger of a year does not list (yet)."""
    listed = select(CareLedgerRow.child_id).where(CareLedgerRow.year == year)
    count = select(func.count(ChildFile.id)).where(
        _under(bureau_path),
        ChildFile.status == "active",
        ChildFile.left_behind.is_(False),
        ChildFile.id.not_in(listed),
    )
    return db.session.scalar(count) or 0


def _under(path: str) -> Any:
    return (ChildFile.unit_path >= path) & (ChildFile.unit_path < path[:-1] + "0")


def _children() -> Any:
    return select(
        ChildFile.id,
        ChildFile.id_hmac,
        ChildFile.unit_path,
        ChildFile.status,
        ChildFile.region_code,
        ChildFile.region_text,
        ChildFile.name,
        ChildFile.gender,
        ChildFile.birth_date,
        ChildFile.id_no,
        ChildFile.primary_category,
        ChildFile.version,
    )


@dataclass(slots=True)
class _Details:
    """What other tables hold about a child."""

    guardian: tuple[str, str, str] = ("", "", "")
    services: tuple[ServiceType, ...] = ()
    effect: str = ""
    in_year: bool = False
    stamp: str = ""


def _with_details(statement: Any, year: int) -> list[tuple[str, OnFile, date]]:
    rows = db.session.execute(statement).all()
    details = {row.id: _Details() for row in rows}
    _add_guardians(details)
    _add_lines(details, year)
    return [(row.id_hmac, _on_file(row, details[row.id]), row.birth_date) for row in rows]


def _add_guardians(details: dict[UUID, _Details]) -> None:
    """Take the first guardian of each child: form 1 knows one."""
    links = db.session.execute(
        select(
            GuardianLink.child_id,
            GuardianLink.name,
            GuardianLink.relation,
            GuardianLink.phone,
            GuardianLink.version,
        )
        .where(GuardianLink.child_id.in_(details), GuardianLink.kind == "guardian")
        .order_by(GuardianLink.created_at.desc(), GuardianLink.id.desc())
    )
    for child_id, name, relation, phone, version in links:
        details[child_id].guardian = (name, relation, phone or "")
        details[child_id].stamp = f"g{version}"


def _add_lines(details: dict[UUID, _Details], year: int) -> None:
    lines = db.session.execute(
        select(
            CareLedgerRow.child_id,
            CareLedgerRow.service_types,
            CareLedgerRow.effect,
            CareLedgerRow.version,
        ).where(CareLedgerRow.child_id.in_(details), CareLedgerRow.year == year)
    )
    for child_id, kinds, effect, version in lines:
        line = details[child_id]
        line.services = tuple(ServiceType(kind) for kind in kinds)
        line.effect, line.in_year = effect, True
        line.stamp += f"l{version}"


def _on_file(row: Any, details: _Details) -> OnFile:
    guardian, relation, phone = details.guardian
    entry = LedgerEntry(
        region_code=row.region_code,
        region_text=row.region_text,
        name=row.name,
        sex=Sex(row.gender),
        birth=row.birth_date,
        id_number=row.id_no,
        guardian=guardian,
        relation=relation,
        phone=phone,
        category=Category(row.primary_category),
        services=details.services,
        effect=details.effect,
    )
    stamp = f"c{row.version}{details.stamp}"
    return OnFile(row.id, row.unit_path, row.status, entry, details.in_year, stamp)
