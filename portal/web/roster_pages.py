"""What the pages of a roster need beside its rows: badges as pictures, whom to invite, the mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import segno
from flask import g
from flask_babel import gettext

from portal.domain import clock
from portal.queries import pool
from portal.queries.pool import PoolFilter, PoolRow
from portal.queries.rosters import RosterRow
from portal.queries.rota import StaffRow
from portal.web.filters import moment

_SHOWN = 30


def pictures(rows: Iterable[RosterRow]) -> Mapping[UUID, str]:
    """Return the QR of each badge: a random word that says nothing outside the programme."""
    return {
        row.id: str(segno.make_qr(row.badge, error="m").svg_data_uri(scale=4, border=2))
        for row in rows
        if row.badge
    }


def watermark() -> str:
    """Return who takes a file along, and when: it stands on every page of it."""
    now = moment(clock.now())
    return gettext("%(name)s于%(when)s导出，仅供本次活动使用", name=g.actor.name, when=now)


def candidates(given: Mapping[str, str], staff: Iterable[StaffRow]) -> tuple[PoolRow, ...]:
    """Return people of tier 2 from the pool who are not on the rota yet."""
    on_rota = {one.supporter_id for one in staff if one.status != "removed"}
    wanted = PoolFilter(
        county=given["county"], skill=given["skill"], day=given["day"], tier="2", until=None
    )
    found = pool.search(g.actor, wanted, limit=_SHOWN + len(on_rota))
    return tuple(row for row in found.rows if row.supporter_id not in on_rota)[:_SHOWN]
