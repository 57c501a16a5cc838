"""Looking at a child's file leaves a row before anything is read (L05, T5).

A page view is a GET, and a GET changes nothing that anybody asked to change; what it does here is
keep the log of itself, in a transaction of its own that is committed before the page is read. When
the row cannot be written the answer is 503 and shows nothing (ADR 0011).
"""

from __future__ import annotations

from uuid import UUID

from flask import g

from portal.core import scope, unit_of_work
from portal.services import rosters, sight


def note_look(child_id: UUID) -> None:
    """Write that the signed-in person looks at a file; NotFound behind a wall."""
    with unit_of_work.transaction(scope.current()):
        sight.look(g.actor, child_id)


def note_refusal(child_id: UUID, field: str) -> None:
    """Write that the signed-in person tried to open a field without a leave.

    The act itself was refused and is rolled back; what was tried stays on record.
    """
    with unit_of_work.transaction(scope.current()):
        sight.note_refusal(g.actor, child_id, field=field)


def note_roster(programme_id: UUID, *, health: bool) -> None:
    """Write that the signed-in person opens a roster; NotFound for whom it is none of."""
    with unit_of_work.transaction(scope.current()):
        rosters.look(g.actor, programme_id, health=health)
