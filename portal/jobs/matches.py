"""Answering a large run of the matching: in the worker, once."""

from __future__ import annotations

from uuid import UUID

from portal.core import jobs, scope, unit_of_work
from portal.core.jobs import Lease
from portal.services import matches


def answer(lease: Lease) -> None:
    """Compute a run that waits, in the scope of its county; nothing is kept on a lost lease."""
    paths = (lease.unit_path,) if lease.unit_path else ()
    work = scope.Scope(paths=paths, reason="match the needs of one county")
    with unit_of_work.transaction(work):
        matches.answer(UUID(lease.args["run"]))
        if not jobs.still_mine(lease.id, lease.fence):
            raise jobs.LeaseLost
