"""A mentor's year on paper (年册): asked for, printed by the worker, ready with a mail."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, jobs
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.domain.portfolios import FIRST_YEAR, Year
from portal.extensions import db
from portal.models.recognition import Portfolio
from portal.models.supporters import Supporter
from portal.queries import portfolios as reading
from portal.services import contact_cards


def ask(actor: Actor, supporter_id: UUID, *, year: int) -> UUID:
    """Ask for the own year on paper; a year asked for again is printed anew.

    Raises NotFound for somebody else, Invalid for a year to come or one that holds nothing.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or supporter_id not in actor.supporter_ids or actor.user_id is None:
        raise NotFound
    access.require(actor, Permission.CARD_HOLD, supporter)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Invalid("没有这一年的年册")
    if reading.year_of(supporter_id, year).is_empty:
        raise Invalid("这一年还没有已核实的陪伴记录，暂时没有可以印的内容")
    row = db.session.scalar(
        select(Portfolio).where(Portfolio.supporter_id == supporter_id, Portfolio.year == year)
    )
    row = row or Portfolio(
        supporter_id=supporter_id, year=year, unit_path=supporter.unit_path,
        created_by=actor.user_id,
    )  # fmt: skip
    row.user_id, row.asked_at, row.file_id, row.paper_fault = actor.user_id, clock.now(), None, ""
    db.session.add(row)
    db.session.flush()
    facts.publish("portfolio.ask", actor=actor, subject=row, year=year)
    jobs.owe(
        "portfolio_print", actor=actor, unit_path=row.unit_path, portfolio=str(row.id),
        supporter=str(supporter_id),
    )  # fmt: skip
    return row.id


def to_print(portfolio_id: UUID) -> Year | None:
    """Return what a year says that has no file yet; None when there is nothing to print."""
    row = _row(portfolio_id)
    if row is None or row.file_id is not None:
        return None
    return reading.year_of(row.supporter_id, row.year)


def keep(portfolio_id: UUID, data: bytes) -> None:
    """Keep the printed file and tell its owner that it is ready."""
    row = _row(portfolio_id)
    if row is None or row.file_id is not None:
        return
    row.file_id = contact_cards.keep_paper(
        data, unit_path=row.unit_path, supporter_id=row.supporter_id
    )
    row.paper_fault = ""
    facts.publish("portfolio.ready", actor=SYSTEM, subject=row, year=row.year)


def note_fault(portfolio_id: UUID, fault: str) -> None:
    """Remember why this machine could print no file; the page offers the browser's printing."""
    row = _row(portfolio_id)
    if row is not None and row.file_id is None:
        row.paper_fault = fault


def _row(portfolio_id: UUID) -> Portfolio | None:
    found: Portfolio | None = db.session.scalar(
        select(Portfolio).where(Portfolio.id == portfolio_id)
    )
    return found


__all__ = ["ask"]
