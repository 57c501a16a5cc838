"""Reading the vetting passport: all of it for whoever vets, one's own lines for a supporter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, transitions
from portal.core.transitions import Offer
from portal.domain import clock, passport
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.lifecycles import appeals, clearances, complaints
from portal.domain.passport import Item
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.pairings import Pairing
from portal.models.standings import Appeal, Clearance
from portal.models.supporters import Complaint, Supporter, Tie, VettingCheck
from portal.queries import deadlines


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One recorded check; ``by`` is who recorded it."""

    id: UUID
    kind: str
    done_on: date
    expires_on: date | None
    result: str
    office: str
    minutes: int
    reference: str
    issued_on: date | None
    file_id: UUID | None
    by: str
    is_struck: bool


@dataclass(frozen=True, slots=True)
class TieRow:
    """A declared conflict of interest, and who released it."""

    id: UUID
    side: str
    kind: str
    words: str
    by: str
    at: datetime
    released_by: str
    release_words: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A complaint or an appeal with what may be done about it now."""

    id: UUID
    version: int
    kind: str
    status: str
    words: str
    answer: str
    by: str
    at: datetime
    answered_by: str
    reporter: str = ""
    source: str = ""
    moves: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class PairingRow:
    """A pairing of the supporter, without the child."""

    id: UUID
    file_no: str
    status: str
    started_on: date | None
    paused_reason: str
    end_reason: str


@dataclass(frozen=True, slots=True)
class Passport:
    """What stands, what is missing, until when; ``status`` is empty before tier 2 was asked."""

    lines: tuple[Item, ...]
    id: UUID | None = None
    status: str = ""
    version: int = 0
    valid_to: date | None = None
    words: str = ""
    is_held: bool = False
    recommended_by: str = ""
    granted_by: str = ""
    moves: tuple[Offer, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    ties: tuple[TieRow, ...] = ()
    complaints: tuple[Matter, ...] = ()
    appeals: tuple[Matter, ...] = ()
    pairings: tuple[PairingRow, ...] = ()
    #: The last day on which the present refusal may be appealed; None when there is none.
    appeal_until: date | None = None

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Return the subject of tier 2's own facts, if there is one."""
        return (self.id,) if self.id else ()

    @property
    def missing(self) -> tuple[Item, ...]:
        """Return the lines that are not in order."""
        return passport.gaps(self.lines)

    @property
    def is_live(self) -> bool:
        """Tell whether children may be met today, as far as tier 2 goes."""
        in_time = self.valid_to is not None and self.valid_to >= clock.today()
        return self.status in clearances.LIVE and in_time

    @property
    def may_appeal(self) -> bool:
        """Tell whether the 15 days run and nothing was said yet."""
        in_time = self.appeal_until is not None and clock.today() <= self.appeal_until
        return in_time and not any(one.status == "open" for one in self.appeals)


def of(actor: Actor, supporter_id: UUID) -> Passport:
    """Return the whole passport for whoever vets; NotFound behind a wall."""
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None or not access.permits(actor, Permission.SUPPORTER_VET, supporter):
        raise NotFound
    checks = _checks(supporter_id)
    row = _clearance(supporter_id)
    names = _names(_hands(row))
    offered = transitions.offers(clearances.MACHINE, row, actor) if row else ()
    return Passport(
        lines=_lines(checks),
        id=row.id if row else None,
        status=row.status if row else "",
        version=row.version if row else 0,
        valid_to=row.valid_to if row else None,
        words=row.words if row else "",
        is_held=row.open_ties if row else False,
        recommended_by=names.get(row.recommended_by, "") if row else "",
        granted_by=names.get(row.granted_by, "") if row else "",
        moves=tuple(offered),
        checks=checks,
        ties=_ties(supporter_id),
        complaints=_complaints(actor, supporter_id),
        appeals=_appeals(actor, supporter_id),
        pairings=_pairings(supporter_id),
    )


def own(actor: Actor) -> dict[UUID, Passport]:
    """Return the passports of the supporters somebody speaks for, without the office's notes."""
    found = {}
    rows = db.session.scalars(select(Supporter).where(Supporter.id.in_(actor.supporter_ids)))
    for supporter in rows.all():
        row = _clearance(supporter.id)
        decided = supporter.closed_at if supporter.status in ("rejected", "revoked") else None
        said = _appeals(actor, supporter.id)
        found[supporter.id] = Passport(
            lines=_lines(_checks(supporter.id)),
            status=row.status if row else "",
            valid_to=row.valid_to if row else None,
            words=row.words if row else "",
            is_held=row.open_ties if row else False,
            appeals=said,
            pairings=_pairings(supporter.id),
            appeal_until=_until(supporter.tenant_path, decided, said),
        )
    return found


def _until(tenant_path: str, decided: datetime | None, said: tuple[Matter, ...]) -> date | None:
    """Return the last day of an appeal that is still to be made."""
    if decided is None or any(one.kind == decided.isoformat() for one in said):
        return None
    return deadlines.last_appeal(tenant_path, clock.local(decided).date())


def _lines(checks: Iterable[CheckRow]) -> tuple[Item, ...]:
    standing = (
        passport.Check(one.kind, one.done_on, one.expires_on, one.result, one.minutes)
        for one in checks
        if not one.is_struck
    )
    return passport.read(standing, clock.today())


def _clearance(supporter_id: UUID) -> Clearance | None:
    found: Clearance | None = db.session.scalar(
        select(Clearance).where(Clearance.supporter_id == supporter_id)
    )
    return found


def _hands(row: Clearance | None) -> set[UUID | None]:
    return {row.recommended_by, row.granted_by} if row else set()


def _names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = [one for one in ids if one is not None]
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _checks(supporter_id: UUID) -> tuple[CheckRow, ...]:
    rows = db.session.scalars(
        select(VettingCheck)
        .where(VettingCheck.supporter_id == supporter_id)
        .order_by(VettingCheck.done_on, VettingCheck.created_at, VettingCheck.id)
    ).all()
    names = _names({row.created_by for row in rows})
    return tuple(
        CheckRow(
            row.id, row.kind, row.done_on, row.expires_on, row.result, row.office, row.minutes,
            row.reference, row.issued_on, row.file_id, names.get(row.created_by, ""),
            row.struck_at is not None,
        )
        for row in rows
    )  # fmt: skip


def _ties(supporter_id: UUID) -> tuple[TieRow, ...]:
    rows = db.session.scalars(
        select(Tie).where(Tie.supporter_id == supporter_id).order_by(Tie.created_at, Tie.id)
    ).all()
    names = _names({hand for row in rows for hand in (row.created_by, row.released_by)})
    return tuple(
        TieRow(
            row.id, row.side, row.kind, row.words, names.get(row.created_by, ""), row.created_at,
            names.get(row.released_by, "") if row.released_by else "", row.release_words,
        )
        for row in rows
    )  # fmt: skip


def _complaints(actor: Actor, supporter_id: UUID) -> tuple[Matter, ...]:
    rows = _of(Complaint, supporter_id)
    names = _names({hand for row in rows for hand in (row.created_by, row.decided_by)})
    return tuple(
        Matter(
            row.id, row.version, row.kind, row.status, row.words, row.finding,
            names.get(row.created_by, ""), row.created_at, names.get(row.decided_by, ""),
            row.reporter, row.source, transitions.offers(complaints.MACHINE, row, actor),
        )
        for row in rows
    )  # fmt: skip


def _appeals(actor: Actor, supporter_id: UUID) -> tuple[Matter, ...]:
    """Return the appeals; ``kind`` is the moment of the decision that each is against."""
    rows = _of(Appeal, supporter_id)
    names = _names({row.answered_by for row in rows})
    return tuple(
        Matter(
            row.id, row.version, row.decided_at.isoformat(), row.status, row.words, row.answer,
            "", row.created_at, names.get(row.answered_by, ""),
            moves=transitions.offers(appeals.MACHINE, row, actor),
        )
        for row in rows
    )  # fmt: skip


def _of(model: Any, supporter_id: UUID) -> list[Any]:
    return list(
        db.session.scalars(
            select(model)
            .where(model.supporter_id == supporter_id)
            .order_by(model.created_at.desc(), model.id)
        )
    )


def _pairings(supporter_id: UUID) -> tuple[PairingRow, ...]:
    rows = db.session.execute(
        select(
            Pairing.id, Pairing.file_no, Pairing.status, Pairing.started_on,
            Pairing.paused_reason, Pairing.end_reason,
        )
        .where(Pairing.supporter_id == supporter_id)
        .order_by(Pairing.file_no)
    )  # fmt: skip
    return tuple(PairingRow(*row) for row in rows)
