"""What hangs on a child's pairings alone goes with the child: journal, excuses, stars, pictures.

Rows that name the child themselves are emptied by services.erasure; these name only the pairing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from portal.core import transitions
from portal.core.storage import storage
from portal.domain.actor import SYSTEM
from portal.domain.lifecycles import child_transfers
from portal.extensions import db
from portal.models import Base
from portal.models.contact_logs import ContactLog
from portal.models.continuity import ChildTransfer
from portal.models.pairings import Pairing
from portal.models.records import StoredFile
from portal.services import tombstones

#: Cards name the helper, stars praise the helper: they are the supporter's rows.
_OF_SUPPORTER = frozenset({"contact_cards", "pairing_stars"})


def forget(child_id: UUID, empty: Callable[[Table, Any], None]) -> list[UUID]:
    """Empty the rows of a child's pairings; return the ids beside whose facts words may stand.

    Needs the whole tree: a child's pairings may have stood in several counties.
    """
    pairings = list(db.session.scalars(select(Pairing.id).where(Pairing.child_id == child_id)))
    subjects = [*pairings, *_call_off(child_id)]
    _pictures(pairings)
    for table in _tables():
        mine = table.c.pairing_id.in_(pairings)
        subjects += db.session.scalars(select(table.c.id).where(mine)).all()
        if table.name not in _OF_SUPPORTER and "child_id" not in table.c:
            empty(table, mine)
    return subjects


def _tables() -> Sequence[Table]:
    return [table for table in Base.metadata.sorted_tables if "pairing_id" in table.c]


def _call_off(child_id: UUID) -> list[UUID]:
    """End a transfer that waits; nobody is left to move."""
    rows = db.session.scalars(select(ChildTransfer).where(ChildTransfer.child_id == child_id)).all()
    for row in rows:
        if row.status == "proposed":
            transitions.fire(child_transfers.MACHINE, row, "lapse", SYSTEM)
    db.session.flush()
    return [row.id for row in rows]


def _pictures(pairings: list[UUID]) -> None:
    """Delete the journal's photographs and the signed agreements, rows and bytes."""
    logs = db.session.scalars(
        select(ContactLog).where(
            ContactLog.pairing_id.in_(pairings), ContactLog.photo_id.is_not(None)
        )
    ).all()
    signed = db.session.scalars(
        select(Pairing).where(Pairing.id.in_(pairings), Pairing.agreement_file_id.is_not(None))
    ).all()
    files = [log.photo_id for log in logs] + [one.agreement_file_id for one in signed]
    for log in logs:
        log.photo_id = None
    for one in signed:
        one.agreement_file_id = None
    db.session.flush()
    for file_id in files:
        file = db.session.get(StoredFile, file_id)
        if file is not None:
            tombstones.lay("file", file.id, "owner")
            storage().delete(file.key)
            db.session.delete(file)
    db.session.flush()
