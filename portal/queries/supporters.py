"""Reading one supporter: the dossier of whoever vets, and what applicants see of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock, masking
from portal.domain.actor import CONTACT, Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles.supporters import MACHINE, RENEW_DAYS, renewal_waits
from portal.domain.machine import Tone
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.records import StoredFile
from portal.models.supporters import BlockEntry, Supporter, SupporterDocument, SupporterMember
from portal.models.units import Unit
from portal.queries import sight
from portal.queries.vetting import UNSENT, QueueRow, namesakes


@dataclass(frozen=True, slots=True)
class Document:
    """A document handed in; the newest of a kind comes first."""

    kind: str
    file_id: UUID
    mime: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one application, numbers masked unless they were opened just now."""

    id: UUID
    unit_path: str
    created_by: UUID | None
    kind: str
    status: str
    version: int
    name: str
    county: str
    county_code: str
    authority: str
    contact_name: str
    email: str
    email_verified: bool
    phone: str
    id_number: str
    uscc: str
    birth_date: date | None
    is_teacher: bool
    fundraising_no: str
    tier: int
    suspended_for: str
    closed_at: datetime | None
    tied_staff: frozenset[UUID]
    open_complaints: bool
    complaint_hands: frozenset[UUID]
    submitted_at: datetime | None
    approved_at: datetime | None
    valid_to: date | None
    pledge_version: str
    privacy_version: str
    returned: dict[str, str]
    changed: tuple[str, ...]
    documents: tuple[Document, ...]
    opened: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    moves: tuple[Offer, ...] = ()
    same_name: tuple[QueueRow, ...] = ()

    @property
    def renews(self) -> bool:
        """Tell whether a renewal was asked for and waits."""
        return renewal_waits(self)

    @property
    def may_renew(self) -> bool:
        """Tell whether its holder may ask today to renew it (SV)."""
        last = self.valid_to if self.status == "approved" else None
        return last is not None and last - timedelta(days=RENEW_DAYS) <= clock.today() <= last


def dossier(actor: Actor, supporter_id: UUID) -> Dossier:
    """Return one application for whoever vets it.

    NotFound behind a wall, for another county's, and for what is not handed in yet.
    """
    supporter = db.session.scalar(
        select(Supporter).where(Supporter.id == supporter_id, Supporter.status != UNSENT)
    )
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    opened = tuple(sight.opened(actor, supporter_id))
    found = _dossier(supporter, opened, _hints(supporter), namesakes(actor, supporter))
    offers = sorted(transitions.offers(MACHINE, found, actor), key=_good_first)
    return replace(found, moves=tuple(offers))


def own(actor: Actor) -> tuple[Dossier, ...]:
    """Return the applications a person speaks for, their own numbers masked all the same."""
    rows = db.session.scalars(
        select(Supporter)
        .where(Supporter.id.in_(actor.supporter_ids))
        .order_by(Supporter.created_at, Supporter.id)
    )
    return tuple(_dossier(row) for row in rows)


def own_one(actor: Actor, supporter_id: UUID) -> Dossier:
    """Return one own application with its numbers in full, to correct it; NotFound otherwise."""
    if actor.role_in(supporter_id) != CONTACT:
        raise NotFound
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    return _dossier(supporter, ("id_number", "phone"))


def _good_first(offer: Offer) -> int:
    return (Tone.GOOD, Tone.INFO, Tone.WARN, Tone.BAD).index(offer.move.tone)


def _documents(supporter_id: UUID) -> tuple[Document, ...]:
    rows = db.session.execute(
        select(
            SupporterDocument.kind,
            SupporterDocument.file_id,
            StoredFile.mime,
            StoredFile.size,
            SupporterDocument.created_at,
        )
        .join(StoredFile, StoredFile.id == SupporterDocument.file_id)
        .where(SupporterDocument.supporter_id == supporter_id)
        .order_by(SupporterDocument.created_at.desc(), SupporterDocument.id)
    )
    return tuple(Document(*row) for row in rows)


def _hints(supporter: Supporter) -> tuple[str, ...]:
    """Name what a clerk should know before the button: block-list, other rows of the account."""
    numbers = [number for number in (supporter.id_hmac, supporter.uscc_hmac) if number]
    blocked = db.session.scalar(
        select(BlockEntry.id).where(
            BlockEntry.tenant_path == supporter.tenant_path,
            BlockEntry.hmac.in_(numbers),
            BlockEntry.lifted_at.is_(None),
        )
    )
    speakers = select(SupporterMember.user_id).where(SupporterMember.supporter_id == supporter.id)
    others = db.session.scalar(
        select(func.count(Supporter.id))
        .join(SupporterMember, SupporterMember.supporter_id == Supporter.id)
        .where(SupporterMember.user_id.in_(speakers), Supporter.id != supporter.id)
    )
    found = ["block_list"] if blocked else []
    return (*found, "same_account") if others else tuple(found)


#: Columns that a dossier shows as they are.
_AS_STORED = (
    "id", "unit_path", "created_by", "kind", "status", "version", "name", "county_code",
    "birth_date", "is_teacher", "tier", "suspended_for", "closed_at", "tied_staff",
    "open_complaints", "complaint_hands", "submitted_at", "approved_at", "valid_to",
)  # fmt: skip


def _dossier(
    supporter: Supporter,
    opened: tuple[str, ...] = (),
    hints: tuple[str, ...] = (),
    same_name: Sequence[QueueRow] = (),
) -> Dossier:
    county, authority = _places(supporter)
    email, verified = _speaker(supporter.id)
    copied = {name: getattr(supporter, name) for name in _AS_STORED}
    return Dossier(
        **copied,
        county=county,
        authority=authority,
        contact_name=str(supporter.details.get("contact_name", "")),
        email=email,
        email_verified=verified,
        phone=_shown("phone", supporter.phone, opened),
        id_number=_shown("id_number", supporter.id_no, opened),
        uscc=supporter.uscc or "",
        fundraising_no=supporter.fundraising_no or "",
        pledge_version=supporter.pledge_version or "",
        privacy_version=supporter.privacy_version or "",
        returned=dict(supporter.returned_fields),
        changed=tuple(supporter.details.get("changed", ())),
        documents=_documents(supporter.id),
        opened=opened,
        hints=hints,
        same_name=tuple(same_name),
    )


def _shown(kind: str, value: str | None, opened: tuple[str, ...]) -> str:
    return (value or "") if kind in opened else masking.mask(kind, value)


def _places(supporter: Supporter) -> tuple[str, str]:
    rows = db.session.execute(
        select(Unit.path, Unit.name).where(
            Unit.path.in_([supporter.unit_path, supporter.tenant_path])
        )
    )
    names: dict[str, str] = dict(iter(rows))
    return names.get(supporter.unit_path, ""), names.get(supporter.tenant_path, "")


def _speaker(supporter_id: UUID) -> tuple[str, bool]:
    row = db.session.execute(
        select(User.email, User.email_verified_at)
        .join(SupporterMember, SupporterMember.user_id == User.id)
        .where(
            SupporterMember.supporter_id == supporter_id,
            SupporterMember.ended_at.is_(None),
            SupporterMember.invited_at.is_(None),
        )
        .order_by(SupporterMember.created_at)
        .limit(1)
    ).first()
    return (row.email, row.email_verified_at is not None) if row else ("", False)
