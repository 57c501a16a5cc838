"""What a director chooses from when a wish begins: the children, who may consent, the items."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain import catalogue, clock
from portal.domain.actor import Actor
from portal.domain.bands import band_of
from portal.domain.catalogue import CatalogueItem
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.lifecycles.wishes import LIVE
from portal.domain.masking import Kind
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile, Consent, GuardianLink
from portal.models.wishes import Wish
from portal.queries import catalogue_items
from portal.queries.wishes import ConsentRow, consent_row


@dataclass(frozen=True, slots=True)
class ChildChoice:
    """A child of the director's village: who, how old, and whether a wish can begin."""

    id: UUID
    name: str
    age: int
    gender: str
    live_wish: UUID | None
    tenant_path: str = ""


@dataclass(frozen=True, slots=True)
class GuardianChoice:
    """A guardian on file who may consent."""

    id: UUID
    name: str
    relation: str


def children(actor: Actor) -> list[ChildChoice]:
    """Return the active children of one's own village with their live wish, if any."""
    statement = (
        select(ChildFile, Wish.id)
        .outerjoin(Wish, (Wish.child_id == ChildFile.id) & Wish.status.in_(LIVE))
        .where(ChildFile.status == "active")
        .order_by(ChildFile.birth_date, ChildFile.id)
    )
    seen: dict[UUID, ChildChoice] = {}
    for child, wish_id in db.session.execute(statement):
        seen.setdefault(child.id, _choice(actor, child, wish_id))
    return list(seen.values())


def child(actor: Actor, child_id: UUID) -> ChildChoice:
    """Return one child of one's own village; NotFound."""
    found = db.session.scalar(
        select(ChildFile).where(ChildFile.id == child_id, ChildFile.status == "active")
    )
    if found is None:
        raise NotFound
    return _choice(actor, found, None)


def guardians(child_id: UUID) -> list[GuardianChoice]:
    """Return the guardians on file of a child."""
    rows = db.session.execute(
        select(GuardianLink.id, GuardianLink.name, GuardianLink.relation)
        .where(GuardianLink.child_id == child_id)
        .order_by(GuardianLink.created_at)
    )
    return [GuardianChoice(*row) for row in rows]


def _choice(actor: Actor, child: ChildFile, wish_id: UUID | None) -> ChildChoice:
    return ChildChoice(
        child.id,
        show(actor, Kind.NAME, child.name, child.unit_path),
        age_on(child.birth_date, clock.today()),
        child.gender,
        wish_id,
        child.tenant_path,
    )


def suitable(child: ChildChoice) -> tuple[CatalogueItem, ...]:
    """Return the items on the shelf of a child's authority that are made for its age."""
    if band_of(child.age) is None:
        return ()
    return tuple(
        one
        for one in catalogue_items.shelf(child.tenant_path)
        if child.age in catalogue.face_of(one.code).ages
    )


def consent(child_id: UUID) -> ConsentRow | None:
    """Return the newest consent for wishes that was not withdrawn."""
    row = db.session.scalar(
        select(Consent)
        .where(
            Consent.child_id == child_id, Consent.scope == "wish", Consent.withdrawn_at.is_(None)
        )
        .order_by(Consent.given_on.desc(), Consent.created_at.desc())
        .limit(1)
    )
    return consent_row(row) if row else None
