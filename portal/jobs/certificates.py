"""Printing certificates: in the worker, where its memory may swing, once per certificate."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.core import jobs, scope, unit_of_work
from portal.core.jobs import Lease
from portal.core.scope import Scope
from portal.documents import certificate as document
from portal.domain.errors import DomainError
from portal.services import certificate_papers

_log = structlog.get_logger(__name__)


def print_one(lease: Lease) -> None:
    """Print the certificate of an issued row; a machine that cannot says why on the page."""
    certificate_id = UUID(lease.args["certificate"])
    work = _county(lease)
    with unit_of_work.reading(work):
        paper = certificate_papers.to_print(certificate_id)
    if paper is None:
        return
    try:
        data = document.pdf(paper)
    except document.CannotPrint as lacking:
        with unit_of_work.transaction(work):
            certificate_papers.note_fault(certificate_id, lacking.fault)
        return
    with unit_of_work.transaction(work):
        certificate_papers.keep(certificate_id, data)
        if not jobs.still_mine(lease.id, lease.fence):
            raise jobs.LeaseLost


def begin() -> None:
    """At the worker's start: say in one sentence what printing lacks, or print what it lacked."""
    if lacking := document.fault():
        _log.warning(document.SENTENCES[lacking])
        return
    try:
        with unit_of_work.transaction(unit_of_work.system_scope("certificates without a file")):
            certificate_papers.owe_missing()
    except (SQLAlchemyError, DomainError) as error:
        # A database that is away must not keep the worker from starting: the next start looks.
        _log.warning("certificates were not looked through", error=type(error).__name__)


def _county(lease: Lease) -> Scope:
    """Return the scope of the county that issued: it and nothing else is read."""
    paths = (lease.unit_path,) if lease.unit_path else ()
    return scope.Scope(paths=paths, reason="print the certificate of one county")
