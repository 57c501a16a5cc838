"""Printing contact cards and yearly portfolios: in the worker, once each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.core import jobs, scope, unit_of_work
from portal.core.jobs import Lease
from portal.core.scope import Scope
from portal.documents import certificate, contact_card, portfolio
from portal.services import contact_cards, portfolios


def print_card(lease: Lease) -> None:
    """Print a valid card; a machine that cannot says why on the page."""
    _print(lease, _county(lease), UUID(lease.args["card"]), contact_cards, contact_card.pdf)


def print_portfolio(lease: Lease) -> None:
    """Print somebody's year; only the rows that they may read themselves are read."""
    own = UUID(lease.args["supporter"])
    work = scope.Scope(supporters=(own,), reason="print a mentor's own year")
    _print(lease, work, UUID(lease.args["portfolio"]), portfolios, portfolio.pdf)


def _print(
    lease: Lease, work: Scope, which: UUID, service: Any, pdf: Callable[[Any], bytes]
) -> None:
    with unit_of_work.reading(work):
        paper = service.to_print(which)
    if paper is None:
        return
    try:
        data = pdf(paper)
    except certificate.CannotPrint as lacking:
        with unit_of_work.transaction(work):
            service.note_fault(which, lacking.fault)
        return
    with unit_of_work.transaction(work):
        service.keep(which, data)
        if not jobs.still_mine(lease.id, lease.fence):
            raise jobs.LeaseLost


def _county(lease: Lease) -> Scope:
    paths = (lease.unit_path,) if lease.unit_path else ()
    return scope.Scope(paths=paths, reason="print the card of one pairing")
