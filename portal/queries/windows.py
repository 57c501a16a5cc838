"""The wish windows of one's authority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import POLICY, Permission
from portal.extensions import db
from portal.models.wishes import WishWindow
from portal.queries import units


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority as what a permission is asked about: its windows are planned at its own unit."""

    unit_path: str


@dataclass(frozen=True, slots=True)
class Place:
    """An authority whose windows a person sees, and whether they plan them."""

    code: str
    name: str
    tenant_path: str
    plans: bool


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


def authorities(actor: Actor) -> tuple[Place, ...]:
    """Return the authorities whose windows come with one's roles: planned ones first, by code."""
    rule = POLICY[Permission.WINDOW_MANAGE]
    paths = {
        grant.tenant_path
        for grant in actor.grants
        if grant.tenant_path and rule(replace(actor, grants=(grant,)), None)
    }
    found = [
        Place(unit.code, unit.name, path, rule(actor, Authority(path)))
        for path, unit in ((path, units.by_path(path)) for path in paths)
    ]
    return tuple(sorted(found, key=lambda place: (not place.plans, place.code)))


def authority(actor: Actor, code: str | None = None) -> Place:
    """Return the authority that is meant, by default the first; NotFound for a stranger's."""
    place = next((one for one in authorities(actor) if code in (None, "", one.code)), None)
    if place is None:
        raise NotFound
    return place


def every(year: int | None = None, tenant_path: str | None = None) -> list[WindowRow]:
    """Return the windows of the scope, by opening day; of one year or authority if asked."""
    statement = select(WishWindow).order_by(WishWindow.opens)
    if year is not None:
        statement = statement.where(WishWindow.year == year)
    if tenant_path is not None:
        statement = statement.where(WishWindow.tenant_path == tenant_path)
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
