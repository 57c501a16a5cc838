"""What a guardian's link shows of one child, and what staff see of the links to a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.core import access
from portal.domain import catalogue, clock
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.masking import COMPOUND_SURNAMES, Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.domain.words import CONSENT_WORDS
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, Consent, GuardianLink
from portal.models.rights import ChildProtection, GuardianAccess, RightsRequest
from portal.models.units import Unit
from portal.models.wishes import Wish, WishWindow

#: What a guardian is asked about one by one, in the order of the page (L03).
PURPOSES = ("wish", "pairing", "camp", "photo", "share")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: whether it is agreed to, which text, since when, ended when."""

    scope: str
    agreed: bool
    number: str
    given_on: date | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish as a guardian reads it."""

    item_code: str
    year: int
    occasion: str
    status: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with its clock and its written answer."""

    id: UUID
    kind: str
    field: str
    status: str
    received_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None
    asker_id: UUID | None

    @property
    def overdue(self) -> bool:
        """Tell whether the answer should be here already."""
        return self.answered_at is None and self.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class ChildPage:
    """One child to a guardian: a given name, never a place."""

    given_name: str
    authority: str
    authority_code: str
    purposes: tuple[Purpose, ...]
    wishes: tuple[WishRow, ...]
    requests: tuple[RequestRow, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as staff see it; the token is nowhere here."""

    id: UUID
    guardian: str
    relation: str
    medium: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def live(self) -> bool:
        """Tell whether it still opens."""
        return self.revoked_at is None and self.expires_at > clock.now()


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardian whom a link may go to."""

    id: UUID
    name: str
    relation: str
    has_phone: bool
    suspended_by: UUID | None


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Everything about the links to one child."""

    child_id: UUID
    unit_path: str
    name: str
    guardians: tuple[GuardianRow, ...]
    links: tuple[LinkRow, ...]
    protected_by: UUID | None
    reasons: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: for whom, which token, until when."""

    id: UUID
    given_name: str
    guardian: str
    expires_at: datetime


def given_name(name: str) -> str:
    """Return the given name: 王小明 → 小明, 欧阳小明 → 小明; a single sign stays."""
    cut = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1  # noqa: PLR2004 -- two signs
    return name[cut:] or name


def page(child_id: UUID) -> ChildPage:
    """Return what the link of this child shows; the caller opened the link's scope."""
    child = db.session.execute(
        select(ChildFile.name, ChildFile.tenant_path).where(ChildFile.id == child_id)
    ).one_or_none()
    if child is None:
        raise NotFound
    place = db.session.execute(
        select(Unit.name, Unit.code).where(Unit.path == child.tenant_path)
    ).one()
    return ChildPage(
        given_name=given_name(child.name),
        authority=place.name,
        authority_code=place.code,
        purposes=purposes(child_id),
        wishes=_wishes(child_id),
        requests=_requests(child_id),
    )


def purposes(child_id: UUID) -> tuple[Purpose, ...]:
    """Return every purpose, agreed to or not, with the newest sheet of each."""
    rows = db.session.execute(
        select(Consent.scope, Consent.text_version, Consent.given_on, Consent.withdrawn_at)
        .where(Consent.child_id == child_id)
        .order_by(Consent.given_on, Consent.created_at)
    ).all()
    newest = {row.scope: row for row in rows}
    standing = {row.scope: row for row in rows if row.withdrawn_at is None}
    found = []
    for scope in (*PURPOSES, *(each for each in newest if each not in PURPOSES)):
        row = standing.get(scope) or newest.get(scope)
        found.append(
            Purpose(
                scope,
                scope in standing,
                row.text_version if row else "",
                row.given_on if row else None,
                row.withdrawn_at if row else None,
            )
        )
    return tuple(each for each in found if each.scope in CONSENT_WORDS)


def links(actor: Actor, child_id: UUID) -> LinksPage:
    """Return the links, guardians and protections of a child for staff who issue links."""
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None or not access.permits(actor, Permission.GUARDIAN_LINK, child):
        raise NotFound
    path = child.unit_path
    kept = db.session.execute(
        select(ChildProtection)
        .where(ChildProtection.child_id == child_id, ChildProtection.lifted_at.is_(None))
        .order_by(ChildProtection.set_at)
    ).scalars()
    by_guardian = {row.guardian_id: row for row in kept}
    people = db.session.scalars(
        select(GuardianLink)
        .where(GuardianLink.child_id == child_id)
        .order_by(GuardianLink.created_at, GuardianLink.id)
    ).all()
    shown = {each.id: (show(actor, Kind.NAME, each.name, path), each.relation) for each in people}
    return LinksPage(
        child_id=child.id,
        unit_path=path,
        name=show(actor, Kind.NAME, child.name, path),
        guardians=tuple(
            GuardianRow(
                each.id, *shown[each.id], bool(each.phone),
                by_guardian[each.id].id if each.id in by_guardian else None,
            )
            for each in people
        ),
        links=_links(child_id, shown),
        protected_by=by_guardian[None].id if None in by_guardian else None,
        reasons=tuple((row.reason, row.set_at) for row in by_guardian.values()),
    )  # fmt: skip


def paper(actor: Actor, access_id: UUID) -> Paper:
    """Return what a paper link prints; NotFound when it is dead or behind a wall."""
    row = db.session.execute(
        select(GuardianAccess, ChildFile.name, GuardianLink.relation, GuardianLink.name)
        .join(ChildFile, ChildFile.id == GuardianAccess.child_id)
        .join(GuardianLink, GuardianLink.id == GuardianAccess.guardian_id)
        .where(GuardianAccess.id == access_id, GuardianAccess.revoked_at.is_(None))
    ).one_or_none()
    if row is None or not access.permits(actor, Permission.GUARDIAN_LINK, row[0]):
        raise NotFound
    link, child, relation, guardian = row
    if link.medium != "paper" or link.expires_at <= clock.now():
        raise NotFound
    return Paper(link.id, given_name(child), f"{guardian[:1]}{relation}", link.expires_at)


def _links(child_id: UUID, shown: dict[UUID, tuple[str, str]]) -> tuple[LinkRow, ...]:
    rows = db.session.scalars(
        select(GuardianAccess)
        .where(GuardianAccess.child_id == child_id)
        .order_by(GuardianAccess.created_at.desc(), GuardianAccess.id)
    )
    return tuple(
        LinkRow(
            row.id, *shown.get(row.guardian_id, ("", "")), row.medium, row.created_at,
            row.expires_at, row.revoked_at, row.last_used_at,
        )
        for row in rows
    )  # fmt: skip


def _wishes(child_id: UUID) -> tuple[WishRow, ...]:
    rows = db.session.execute(
        select(Wish.item_code, WishWindow.year, WishWindow.occasion, Wish.status)
        .join(WishWindow, WishWindow.id == Wish.window_id)
        .where(Wish.child_id == child_id)
        .order_by(Wish.created_at.desc(), Wish.id)
    )
    return tuple(WishRow(*row) for row in rows)


def _requests(child_id: UUID) -> tuple[RequestRow, ...]:
    rows = db.session.scalars(
        select(RightsRequest)
        .where(RightsRequest.child_id == child_id)
        .order_by(RightsRequest.received_at.desc(), RightsRequest.id)
    )
    return tuple(request_row(row) for row in rows)


def request_row(row: RightsRequest) -> RequestRow:
    """Return a request as its asker reads it."""
    return RequestRow(
        row.id, row.kind, row.field, row.status, row.received_at, row.due_on, row.answer,
        row.answered_at, row.asker_id,
    )  # fmt: skip


def years_of_care(child_id: UUID) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the years a child was listed and the services, in official words' codes."""
    rows = db.session.execute(
        select(CareLedgerRow.year, CareLedgerRow.service_types)
        .where(CareLedgerRow.child_id == child_id)
        .order_by(CareLedgerRow.year)
    )
    return tuple((row.year, tuple(row.service_types)) for row in rows)


def item_name(code: str) -> str:
    """Return the public name of a wished item."""
    return catalogue.face_of(code).public_name
