"""Carrying a child's file to another unit, with everything that hangs on it, in one transaction.

Rows are found by their foreign keys from the file on, so that a table of tomorrow moves like those
of today. Facts and looks stay where they were written, and so does what the old county recorded
about its own acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from portal.core import facts, scope
from portal.domain.actor import Actor
from portal.domain.lifecycles.pairings import APPROVED
from portal.domain.pool import COUNTY
from portal.extensions import db
from portal.models import Base
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.pool import PoolTag
from portal.models.records import Fact, FactNote
from portal.queries import directors, pairing_contacts, units
from portal.queries.units import UnitRow
from portal.services import contact_cards, needs, pairing_ends

#: Where it came from, who decided, who looked: these stay with the county that did it.
STAYS = frozenset({"child_transfers", "sight_requests", "match_runs"})
_FILES = "stored_files"
_WHY = "儿童迁入，由工作人员物色"


def carry(actor: Actor, child: ChildFile, to: UnitRow) -> list[str]:
    """Move a child's file to a unit of the same authority; return what is left to settle there.

    Keys of domain.continuity.MISSING. Needs a scope that covers both places.
    """
    session = db.session()
    session.flush()
    child_id, old = child.id, child.unit_path
    found = _rows(child_id, old)
    files = _files(found)
    for table, ids in found.items():
        _repoint(table, ids, old, to.path)
    _repoint(Base.metadata.tables[_FILES], files, old, to.path)
    _place(child_id, to)
    _forget(session)
    missing = {"address"}
    if not directors.of_village(to.path):
        missing.add("director")
    missing |= _needs(child_id)
    for pairing in session.scalars(
        select(Pairing)
        .where(Pairing.child_id == child_id, Pairing.status.in_(APPROVED))
        .order_by(Pairing.file_no)
    ).all():
        missing |= _go_on(actor, pairing, to)
    return sorted(missing)


def _rows(child_id: UUID, path: str) -> dict[Table, set[UUID]]:
    """Return the child's rows by table: those that stand at the child's own unit."""
    known: dict[str, set[UUID]] = {"child_files": {child_id}}
    found: dict[Table, set[UUID]] = {Base.metadata.tables["child_files"]: {child_id}}
    for table in Base.metadata.sorted_tables:
        if "unit_path" not in table.c or table.name in STAYS or table.name in known:
            continue
        ids: set[UUID] = set()
        for column in table.columns:
            for key in column.foreign_keys:
                owner = known.get(key.column.table.name)
                if owner and "id" in table.c:
                    hit = select(table.c.id).where(column.in_(owner), table.c.unit_path == path)
                    ids |= set(db.session.scalars(hit))
        if ids:
            known[table.name] = ids
            found[table] = ids
    return found


def _files(found: Mapping[Table, set[UUID]]) -> set[UUID]:
    """Return the scans and pictures that the rows point at."""
    files: set[UUID] = set()
    for table, ids in found.items():
        for column in table.columns:
            if any(key.column.table.name == _FILES for key in column.foreign_keys):
                held = select(column).where(table.c.id.in_(ids), column.is_not(None))
                files |= set(db.session.scalars(held))
    return files


def _repoint(table: Table, ids: Iterable[UUID], old: str, new: str) -> None:
    values: dict[str, Any] = {"unit_path": new}
    if "version" in table.c:
        # A page that was open in the old county is stale now.
        values["version"] = table.c.version + 1
    mine = table.c.id.in_(list(ids))
    db.session.execute(
        update(table)
        .where(mine, table.c.unit_path == old)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _place(child_id: UUID, to: UnitRow) -> None:
    """Write where the file counts now; the address is for the new county to ask."""
    line = [one for one in units.above(to.path) if one.level in ("county", "township", "village")]
    county = next((one.code for one in line if one.level == "county"), to.code)
    table: Any = ChildFile.__table__
    db.session.execute(
        update(table)
        .where(table.c.id == child_id)
        .values(
            county_code=county, region_code=to.code, region_text="".join(one.name for one in line)
        )
    )


def _needs(child_id: UUID) -> set[str]:
    """Take cards of the old county down: staff look for somebody here until they approve anew."""
    public = db.session.scalars(
        select(PairingNeed)
        .where(PairingNeed.child_id == child_id, PairingNeed.status.in_(("approved", "published")))
        .order_by(PairingNeed.file_no)
    ).all()
    for need in public:
        needs.keep_back(need, _WHY)
    return {"need"} if public else set()


def _go_on(actor: Actor, pairing: Pairing, to: UnitRow) -> set[str]:
    """Let a pairing go on in the new place; say what is missing there."""
    nearest = next(iter(pairing_contacts.candidates(to.path)), None)
    pairing.contact_id = nearest.user_id if nearest else actor.user_id
    pairing.meeting_on, pairing.meeting_hour, pairing.meeting_place = None, "", None
    db.session.flush()
    facts.publish("pairing.move", actor=actor, subject=pairing)
    missing = {"place"}
    if not pairing.contact_stands:
        missing.add("standing")
        if pairing.status == "active":
            pairing_ends.halt(pairing, "moved")
    contact_cards.renew(pairing)
    return missing | _reach(pairing, to)


def _reach(pairing: Pairing, to: UnitRow) -> set[str]:
    """Tell whether the mentor offered to serve in some counties, and this is none of them."""
    served = set(
        db.session.scalars(
            select(PoolTag.value).where(
                PoolTag.supporter_id == pairing.supporter_id, PoolTag.kind == COUNTY
            )
        )
    )
    here = {one.code for one in units.above(to.path)}
    return {"reach"} if served and not served & here else set()


def reaching(tenant_path: str) -> scope.Scope:
    """Return the scope in which a file moves: the authority, both counties below it."""
    return scope.Scope(
        paths=(tenant_path,), tenants=(tenant_path,),
        reason="a child's file moves between two counties of one authority",
    )  # fmt: skip


def _forget(session: Session) -> None:
    """Let the session read rows again; facts stand as they were written."""
    for held in list(session.identity_map.values()):
        if not isinstance(held, Fact | FactNote):
            session.expire(held)
