"""Applying a previewed ledger: one act, one transaction, all rows or none (S0-F1, security R5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from portal.core import access, facts, faults, jobs, transitions
from portal.domain import cipher, clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict
from portal.domain.ledger import LedgerEntry
from portal.domain.ledger_stage import StagedRow, Verdict
from portal.domain.lifecycles import children, imports
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, Consent, GuardianLink, ImportBatch
from portal.models.units import Unit
from portal.queries import ledger as reading
from portal.queries import units
from portal.services import ledger
from portal.services import ledger_staging as staging

T = TypeVar("T")
Progress = Callable[[int], None]

_COUNTY_SEGMENT = 6
_STALE = "预览之后档案又有变动，没有导入任何一行；请点“重新核对”后再导入"
#: Form 1 does not tell the level of care; a new file begins with the ordinary one (S1-2.2c).
_FIRST_LEVEL = "daily"


def owe_apply(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Leave applying a large ledger to the worker."""
    batch = _ready(actor, batch_id)
    if batch.job_id is None:
        job = jobs.owe("ledger_apply", actor=actor, unit_path=batch.unit_path, batch=str(batch.id))
        batch.job_id = job.id
    return batch


def apply(actor: Actor, batch_id: UUID, progress: Progress | None = None) -> ImportBatch:
    """Bring the good rows of a previewed ledger onto the register.

    The caller commits once; until then nothing has happened. Raises Conflict when the register
    has changed since the preview, WrongState when the ledger was applied already. ``progress``
    is told how many rows are done.
    """
    batch = _ready(actor, batch_id)
    transitions.fire(imports.MACHINE, batch, "apply", actor, **staging.told(batch))
    batch.applied_at = clock.now()
    batch.job_id = None
    # The row is changed first: of two who press the button, the second waits here and loses.
    db.session.flush()
    faults.reached("ledger.apply.begun")
    writer = _Writer(actor, batch)
    done = 0
    rows = staging.rows_of(batch.id, (Verdict.NEW, Verdict.CHANGED, Verdict.ASIDE))
    for chunk in _chunks(rows, staging.CHUNK):
        writer.write(chunk)
        done += len(chunk)
        if progress is not None:
            progress(done)
        faults.reached(f"ledger.apply.rows.{done}")
    faults.reached("ledger.apply.written")
    return batch


def tell_applied(batch: ImportBatch) -> None:
    """Let the clerk who left the page know that the worker has applied the ledger."""
    facts.publish("import.finish", actor=SYSTEM, subject=batch)


def _ready(actor: Actor, batch_id: UUID) -> ImportBatch:
    batch = ledger.get(batch_id)
    access.require(actor, Permission.LEDGER_IMPORT, batch)
    imports.MACHINE.check("apply", batch.status)
    return batch


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    walking = iter(rows)
    while chunk := list(islice(walking, size)):
        yield chunk


class _Writer:
    """Writes rows of one ledger in bulk: files, guardians, ledger lines, facts."""

    def __init__(self, actor: Actor, batch: ImportBatch) -> None:
        bureau = units.by_path(batch.unit_path)
        self._actor = actor
        self._batch = batch
        self._bureau = bureau
        self._tenant = bureau.tenant_path or bureau.path
        self._year = batch.year or clock.today().year
        self._paths = _unit_paths(bureau.path)
        self._seq = self._last_seq()

    def _last_seq(self) -> int:
        path = self._bureau.path
        last = db.session.scalar(
            select(func.max(CareLedgerRow.seq)).where(
                CareLedgerRow.year == self._year,
                CareLedgerRow.unit_path >= path,
                CareLedgerRow.unit_path < path[:-1] + "0",
            )
        )
        return last or 0

    def write(self, rows: Sequence[StagedRow]) -> None:
        """Write one chunk; raise Conflict when the register is not as it was previewed."""
        fresh = [row for row in rows if row.verdict is Verdict.NEW]
        changed = [row for row in rows if row.verdict is Verdict.CHANGED]
        self._refuse_stale(rows)
        self._add([row.checked.entry for row in fresh if row.checked.entry])
        self._change(changed)
        self._age_out([row for row in rows if row.verdict is Verdict.ASIDE and row.child_id])

    def _refuse_stale(self, rows: Sequence[StagedRow]) -> None:
        entries = {self._digest(row.checked.entry): row for row in rows if row.checked.entry}
        found = reading.on_file(self._tenant, list(entries), self._year)
        for digest, row in entries.items():
            known = found.get(digest)
            if row.verdict is Verdict.NEW and known is not None:
                raise Conflict(_STALE)
            if row.child_id is not None and (known is None or known.stamp != row.stamp):
                raise Conflict(_STALE)
        new = [digest for digest, row in entries.items() if row.verdict is Verdict.NEW]
        if new and reading.on_file_elsewhere(self._tenant, new):
            raise Conflict(_STALE)

    @staticmethod
    def _digest(entry: LedgerEntry) -> str:
        return cipher.ring().blind_index(entry.id_number, "child_id")

    def _add(self, entries: Sequence[LedgerEntry]) -> None:
        if not entries:
            return
        opened = children.MACHINE.transition("open").target
        files = [{**self._file(entry), "status": opened} for entry in entries]
        pairs = list(zip(files, entries, strict=True))
        session = db.session()
        session.execute(insert(ChildFile), files)
        session.execute(insert(GuardianLink), [self._guardian(*pair) for pair in pairs])
        session.execute(insert(CareLedgerRow), [self._line(*pair) for pair in pairs])
        facts.publish_many(
            "child.open",
            actor=self._actor,
            subject_type="ChildFile",
            subjects=[(file["id"], file["unit_path"]) for file in files],
            after=opened,
            batch=str(self._batch.id),
        )

    def _file(self, entry: LedgerEntry) -> dict[str, Any]:
        path = self._paths[entry.region_code]
        return {
            "id": uuid4(),
            "unit_path": path,
            "tenant_path": self._tenant,
            "name": entry.name,
            "gender": entry.sex.value,
            "birth_date": entry.birth,
            "id_no": entry.id_number,
            "id_hmac": self._digest(entry),
            "county_code": _county(path) or self._bureau.code,
            "region_code": entry.region_code,
            "region_text": entry.region_text,
            "primary_category": entry.category.value,
            "care_level": _FIRST_LEVEL,
            "created_by": self._actor.user_id,
        }

    def _guardian(self, file: dict[str, Any], entry: LedgerEntry) -> dict[str, Any]:
        return {
            "child_id": file["id"],
            "unit_path": file["unit_path"],
            "kind": "guardian",
            "name": entry.guardian,
            "relation": entry.relation,
            "phone": entry.phone,
            "created_by": self._actor.user_id,
        }

    def _line(self, file: dict[str, Any], entry: LedgerEntry) -> dict[str, Any]:
        self._seq += 1
        return {
            "tenant_path": self._tenant,
            "unit_path": file["unit_path"],
            "year": self._year,
            "seq": self._seq,
            "child_id": file["id"],
            "service_types": [service.value for service in entry.services],
            "effect": entry.effect,
            "region_text": entry.region_text,
            "created_by": self._actor.user_id,
        }

    def _change(self, rows: Sequence[StagedRow]) -> None:
        if not rows:
            return
        ids = [row.child_id for row in rows]
        session = db.session()
        files = {c.id: c for c in session.scalars(select(ChildFile).where(ChildFile.id.in_(ids)))}
        for row in rows:
            if row.child_id is not None and row.checked.entry is not None:
                self._change_one(files[row.child_id], row.checked.entry)
        session.flush()
        facts.publish_many(
            "child.change",
            actor=self._actor,
            subject_type="ChildFile",
            subjects=[(child.id, child.unit_path) for child in files.values()],
            batch=str(self._batch.id),
        )

    def _change_one(self, child: ChildFile, entry: LedgerEntry) -> None:
        path = self._paths[entry.region_code]
        if child.status == "draft":
            transitions.fire(children.MACHINE, child, "open", self._actor)
        child.name = entry.name
        child.primary_category = entry.category.value
        child.region_code, child.region_text = entry.region_code, entry.region_text
        guardian = self._guardian_of(child, entry)
        guardian.name, guardian.relation = entry.guardian, entry.relation
        guardian.phone = entry.phone
        line = self._line_of(child, entry)
        line.service_types = [service.value for service in entry.services]
        line.effect, line.region_text = entry.effect, entry.region_text
        if child.unit_path != path:
            self._move(child, path)

    def _guardian_of(self, child: ChildFile, entry: LedgerEntry) -> GuardianLink:
        found = db.session.scalar(
            select(GuardianLink)
            .where(GuardianLink.child_id == child.id, GuardianLink.kind == "guardian")
            .order_by(GuardianLink.created_at, GuardianLink.id)
            .limit(1)
        )
        if found is None:
            values = self._guardian({"id": child.id, "unit_path": child.unit_path}, entry)
            found = GuardianLink(**values)
            db.session.add(found)
        return found

    def _line_of(self, child: ChildFile, entry: LedgerEntry) -> CareLedgerRow:
        found = db.session.scalar(
            select(CareLedgerRow).where(
                CareLedgerRow.child_id == child.id, CareLedgerRow.year == self._year
            )
        )
        if found is None:
            values = self._line({"id": child.id, "unit_path": child.unit_path}, entry)
            found = CareLedgerRow(**values)
            db.session.add(found)
        return found

    def _move(self, child: ChildFile, path: str) -> None:
        """Let a child's papers follow it to another village of the bureau."""
        child.unit_path = path
        child.county_code = _county(path) or self._bureau.code
        db.session.flush()
        papers: list[GuardianLink | CareLedgerRow | Consent] = [
            *db.session.scalars(select(GuardianLink).where(GuardianLink.child_id == child.id)),
            *db.session.scalars(select(CareLedgerRow).where(CareLedgerRow.child_id == child.id)),
            *db.session.scalars(select(Consent).where(Consent.child_id == child.id)),
        ]
        for paper in papers:
            paper.unit_path = path

    def _age_out(self, rows: Sequence[StagedRow]) -> None:
        ids = [row.child_id for row in rows]
        if not ids:
            return
        grown = select(ChildFile).where(ChildFile.id.in_(ids), ChildFile.status == "active")
        for child in db.session.scalars(grown):
            transitions.fire(
                children.MACHINE, child, "age_out", self._actor, batch=str(self._batch.id)
            )


def _unit_paths(path: str) -> dict[str, str]:
    rows = db.session.execute(
        select(Unit.code, Unit.path).where(Unit.path >= path, Unit.path < path[:-1] + "0")
    )
    return {row.code: row.path for row in rows}


def _county(path: str) -> str:
    return next((part for part in path.split("/") if len(part) == _COUNTY_SEGMENT), "")
