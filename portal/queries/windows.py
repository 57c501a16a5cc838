"""The wish windows of one's authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.extensions import db
from portal.models.wishes import WishWindow


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window as pages show it; ``phase`` is before, open, after or closed."""

    id: UUID
    tenant_path: str
    year: int
    occasion: str
    opens: date
    closes: date
    deliver_by: date
    festival_on: date | None
    closed_at: datetime | None

    @property
    def phase(self) -> str:
        """Say where today lies."""
        if self.closed_at is not None:
            return "closed"
        today = clock.today()
        if today < self.opens:
            return "before"
        return "open" if today <= self.closes else "after"


def every(year: int | None = None) -> list[WindowRow]:
    """Return the windows of the scope, by opening day; of one year if asked."""
    statement = select(WishWindow).order_by(WishWindow.opens)
    if year is not None:
        statement = statement.where(WishWindow.year == year)
    return [_row(window) for window in db.session.scalars(statement)]


def open_for_drafts() -> list[WindowRow]:
    """Return the windows a new wish can still aim at."""
    statement = (
        select(WishWindow)
        .where(WishWindow.closes >= clock.today(), WishWindow.closed_at.is_(None))
        .order_by(WishWindow.opens)
    )
    return [_row(window) for window in db.session.scalars(statement)]


def _row(window: WishWindow) -> WindowRow:
    return WindowRow(
        window.id,
        window.tenant_path,
        window.year,
        window.occasion,
        window.opens,
        window.closes,
        window.deliver_by,
        window.festival_on,
        window.closed_at,
    )
