"""Mails about offers, what is taken of them, and honours: no title, no name, no sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from portal.domain.resources import KINDS
from portal.extensions import db
from portal.models.honours import Honour
from portal.models.resources import ResourceLink, ResourceOffer
from portal.notices.news import News


def _offers(ids: list[UUID]) -> dict[UUID, News]:
    """Name an offer by its kind: its title is somebody's free words."""
    rows = db.session.execute(
        select(
            ResourceOffer.id,
            ResourceOffer.unit_path,
            ResourceOffer.supporter_id,
            ResourceOffer.kind,
        ).where(ResourceOffer.id.in_(ids))
    )
    return {
        row.id: News(
            unit_path=row.unit_path,
            supporter_id=row.supporter_id,
            item={"title": KINDS[row.kind]},
        )
        for row in rows
    }


def _links(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            ResourceLink.id,
            ResourceLink.unit_path,
            ResourceLink.supporter_id,
            ResourceOffer.kind,
        )
        .join(ResourceOffer, ResourceOffer.id == ResourceLink.offer_id)
        .where(ResourceLink.id.in_(ids))
    )
    return {
        row.id: News(
            unit_path=row.unit_path,
            supporter_id=row.supporter_id,
            item={"title": KINDS[row.kind]},
        )
        for row in rows
    }


def _honours(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(select(Honour.id, Honour.unit_path).where(Honour.id.in_(ids)))
    return {row.id: News(unit_path=row.unit_path) for row in rows}


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "Honour": _honours,
    "ResourceLink": _links,
    "ResourceOffer": _offers,
}
