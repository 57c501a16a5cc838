"""The catalogue as one authority has it: the shipped file, what it took off, what it added."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import transitions
from portal.core.transitions import Offer
from portal.domain import catalogue, catalogue_own
from portal.domain.actor import Actor
from portal.domain.catalogue import CatalogueItem
from portal.domain.errors import Invalid
from portal.domain.lifecycles.honours import CATALOGUE_ITEMS
from portal.extensions import db
from portal.models.accounts import User
from portal.models.catalogue_items import CatalogueAddition, CatalogueProposal, CatalogueSetting

#: Another process's new item is found by search after so many seconds.
_FRESH_SECONDS = 30
_ADDITIONS = CatalogueAddition.__table__
_kept: dict[str, tuple[float, dict[str, tuple[str, CatalogueItem]]]] = {}


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One item as an authority has it; money in 分."""

    item: CatalogueItem
    is_own: bool
    retired: bool
    cost_fen: int
    cap_fen: int | None
    set_cost_fen: int | None


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposed item with the buttons of whoever looks."""

    id: UUID
    version: int
    item: CatalogueItem
    status: str
    proposed_by: str
    at: datetime
    moves: tuple[Offer, ...]


class Additions:
    """What authorities added, for ``domain.catalogue``: public words, read past every scope."""

    def find(self, code: str) -> CatalogueItem | None:
        """Return the added item of a code; an approved item never changes."""
        if not catalogue_own.OWN_CODE.fullmatch(code):
            return None
        known = _additions()
        if code not in known:
            forget()
            known = _additions()
        return known[code][1] if code in known else None

    def every(self) -> tuple[CatalogueItem, ...]:
        """Return every added item."""
        return tuple(item for _, item in _additions().values())


def forget() -> None:
    """Read the added items anew when they are asked for next."""
    _kept.clear()


def shelf(tenant_path: str) -> tuple[CatalogueItem, ...]:
    """Return what a wish of this authority may ask for, with its usual costs."""
    rows = rows_of(tenant_path)
    return tuple(replace(row.item, cost_fen=row.cost_fen) for row in rows if not row.retired)


def on_shelf(tenant_path: str, code: str) -> CatalogueItem:
    """Return an item a new wish may ask for; Invalid for one that is off the shelf."""
    for one in shelf(tenant_path):
        if one.code == code:
            return one
    raise Invalid("目录里没有这件物品，请从列表中选择")


def cap(tenant_path: str, code: str, usual: int) -> int:
    """Return the cap of an item in 分: the authority's word on it, or ``usual``."""
    own = db.session.scalar(
        select(CatalogueSetting.cap_fen).where(
            CatalogueSetting.tenant_path == tenant_path, CatalogueSetting.item_code == code
        )
    )
    return usual if own is None else min(own, usual)


def rows_of(tenant_path: str) -> tuple[ShelfRow, ...]:
    """Return every item of an authority's catalogue, shipped ones first."""
    settings = {
        row.item_code: row
        for row in db.session.scalars(
            select(CatalogueSetting).where(CatalogueSetting.tenant_path == tenant_path)
        )
    }
    added = tuple(item for path, item in _additions().values() if path == tenant_path)
    return tuple(
        _shelf_row(item, settings.get(item.code), is_own=item in added)
        for item in (*catalogue.items(), *added)
    )


def known_codes(tenant_path: str) -> frozenset[str]:
    """Return the codes an authority's catalogue holds."""
    return frozenset(row.item.code for row in rows_of(tenant_path))


def names(tenant_path: str) -> frozenset[str]:
    """Return the names its items go by, inside and in public, proposed ones too."""
    waiting = db.session.scalars(
        select(CatalogueProposal.fields).where(
            CatalogueProposal.tenant_path == tenant_path, CatalogueProposal.status == "proposed"
        )
    )
    here = (row.item for row in rows_of(tenant_path))
    both = {name for item in here for name in (item.name, item.public_name) if name}
    return frozenset(both | {str(fields["name"]) for fields in waiting})


def proposals(actor: Actor, tenant_path: str, statuses: Sequence[str]) -> tuple[ProposalRow, ...]:
    """Return an authority's proposals in these states, oldest first."""
    rows = db.session.execute(
        select(CatalogueProposal, User.name)
        .outerjoin(User, User.id == CatalogueProposal.created_by)
        .where(CatalogueProposal.tenant_path == tenant_path, CatalogueProposal.status.in_(statuses))
        .order_by(CatalogueProposal.created_at, CatalogueProposal.id)
    )
    return tuple(
        ProposalRow(
            row.id, row.version, catalogue_own.read(row.code, row.fields), row.status,
            name or "", row.created_at, transitions.offers(CATALOGUE_ITEMS, row, actor),
        )
        for row, name in rows
    )  # fmt: skip


def _shelf_row(item: CatalogueItem, own: CatalogueSetting | None, *, is_own: bool) -> ShelfRow:
    cost = own.cost_fen if own is not None else None
    return ShelfRow(
        item=item,
        is_own=is_own,
        retired=own is not None and own.retired,
        cost_fen=item.cost_fen if cost is None else cost,
        cap_fen=own.cap_fen if own is not None else None,
        set_cost_fen=cost,
    )


def _additions() -> dict[str, tuple[str, CatalogueItem]]:
    """Return the added items by code with their authority, kept for a moment per database.

    Within a transaction that adds one, its own connection sees it; others do from the commit on.
    """
    try:
        key = str(db.engine.url)
    except RuntimeError:
        # Outside the application (a rule asked for by itself) there is the shipped file only.
        return {}
    at, known = _kept.get(key, (0.0, {}))
    if time.monotonic() - at > _FRESH_SECONDS or key not in _kept:
        known = {row.code: (row.tenant_path, _item(row)) for row in _read()}
        _kept[key] = (time.monotonic(), known)
    return known


def _read() -> Sequence[Any]:
    return db.session.execute(select(_ADDITIONS).order_by(_ADDITIONS.c.approved_at)).all()


def _item(row: Any) -> CatalogueItem:
    return catalogue_own.read(row.code, row.fields)
