"""The cells of a sheet: locked, made from all marks, and the rows that marks are kept in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import select

from portal.core.fresh_rows import insert_missing
from portal.domain import attendance, clock
from portal.domain.actor import Actor
from portal.domain.attendance import Mark
from portal.domain.enrolments import ON_ROSTER
from portal.extensions import db
from portal.models.attendance import AttendanceCell, AttendanceMark
from portal.models.enrolments import Enrolment
from portal.models.programmes import ProgrammeSession

#: Whoever dropped out was on the roster when a late mark was made.
_WAS_ON_ROSTER = (*ON_ROSTER, "dropped")
_REASON_LENGTH, _MOST_SEEN = 200, 64


@dataclass(frozen=True, slots=True)
class Sent:
    """A mark as a device sent it; ``marked_at`` by the server's clock (attendance.put_right)."""

    client_id: UUID
    enrolment_id: UUID
    state: str
    marked_at: datetime
    device_id: UUID
    seen: tuple[str, ...] = ()
    reason: str = ""
    arrived: str = ""
    left: str = ""
    way: str = "tap"


def roster(session: ProgrammeSession, wanted: Sequence[UUID]) -> dict[UUID, str]:
    """Return the unit paths of the enrolments that may be marked."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.unit_path).where(
            Enrolment.programme_id == session.programme_id,
            Enrolment.status.in_(_WAS_ON_ROSTER),
            Enrolment.id.in_(wanted),
        )
    )
    return {row.id: row.unit_path for row in rows}


def keep(
    actor: Actor, session: ProgrammeSession, sent: Iterable[Sent], paths: dict[UUID, str]
) -> int:
    """Keep marks, each once, and make their cells anew; return how many are in conflict now.

    ``paths`` are the unit paths of the children's enrolments.
    """
    kept = list(sent)
    cells = _locked(session, {one.enrolment_id: paths[one.enrolment_id] for one in kept})
    rows = [_row(actor, session, one, paths[one.enrolment_id]) for one in kept]
    insert_missing(AttendanceMark, rows, "session_id", "client_id")
    _make(session, cells)
    return sum(cell.conflict for cell in cells.values())


def defaults(
    actor: Actor, session: ProgrammeSession, at: datetime
) -> tuple[list[Sent], dict[UUID, str]]:
    """Return a mark for everybody on the roster of whom nobody said anything: they were there.

    Named after child and session: two phones that close the roll make one of it.
    """
    marked = select(AttendanceCell.enrolment_id).where(AttendanceCell.session_id == session.id)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.unit_path).where(
            Enrolment.programme_id == session.programme_id,
            Enrolment.status.in_(ON_ROSTER),
            Enrolment.id.not_in(marked),
        )
    )
    paths = {row.id: row.unit_path for row in rows}
    device = actor.user_id or session.id
    sent = [
        Sent(
            uuid5(NAMESPACE_OID, f"{session.id}/{one}"), one, "present", at, device,
            way=attendance.ROLL,
        )
        for one in paths
    ]  # fmt: skip
    return sent, paths


def _locked(session: ProgrammeSession, paths: dict[UUID, str]) -> dict[UUID, AttendanceCell]:
    """Return the cells of children, made where there are none; each locked, in one order."""
    fresh = [
        {
            "id": uuid4(), "session_id": session.id, "programme_id": session.programme_id,
            "enrolment_id": enrolment_id, "state": "present", "heads": [], "conflict": False,
            "unit_path": path, "version": 1,
        }
        for enrolment_id, path in sorted(paths.items())
    ]  # fmt: skip
    insert_missing(AttendanceCell, fresh, "session_id", "enrolment_id")
    rows = db.session.scalars(
        select(AttendanceCell)
        .where(
            AttendanceCell.session_id == session.id,
            AttendanceCell.enrolment_id.in_(list(paths)),
        )
        .order_by(AttendanceCell.enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.enrolment_id: row for row in rows}


def _make(session: ProgrammeSession, cells: dict[UUID, AttendanceCell]) -> None:
    """Make the cells from all their marks."""
    marks: dict[UUID, list[Mark]] = defaultdict(list)
    rows = db.session.execute(
        select(
            AttendanceMark.enrolment_id, AttendanceMark.client_id, AttendanceMark.state,
            AttendanceMark.marked_at, AttendanceMark.seen, AttendanceMark.arrived,
            AttendanceMark.left, AttendanceMark.way,
        ).where(
            AttendanceMark.session_id == session.id,
            AttendanceMark.enrolment_id.in_(list(cells)),
        )
    )  # fmt: skip
    for row in rows:
        marks[row.enrolment_id].append(
            Mark(
                str(row.client_id), row.state, row.marked_at, frozenset(row.seen), row.arrived,
                row.left, row.way,
            )
        )  # fmt: skip
    for enrolment_id, cell in cells.items():
        sheet = attendance.merge(marks[enrolment_id])
        if sheet is not None:
            cell.state, cell.heads, cell.conflict = sheet.state, list(sheet.heads), sheet.conflict
            cell.arrived, cell.left = sheet.arrived, sheet.left


def _row(actor: Actor, session: ProgrammeSession, one: Sent, path: str) -> dict[str, Any]:
    return {
        "session_id": session.id, "programme_id": session.programme_id, "unit_path": path,
        "enrolment_id": one.enrolment_id, "client_id": one.client_id, "device_id": one.device_id,
        "seen": list(one.seen[:_MOST_SEEN]), "state": one.state,
        "reason": one.reason.strip()[:_REASON_LENGTH], "arrived": one.arrived, "left": one.left,
        "way": one.way, "marked_at": one.marked_at, "received_at": clock.now(),
        "marked_by": actor.user_id,
    }  # fmt: skip
