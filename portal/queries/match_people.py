"""People as the matching sees them: what they offer, how much is taken, why they may not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain import clock, pool
from portal.domain.lifecycles import clearances, pairings
from portal.domain.matches import Person
from portal.extensions import db
from portal.models.needs import PairingOffer
from portal.models.pairings import Pairing
from portal.models.pool import PoolProfile, PoolTag
from portal.models.standings import Clearance
from portal.models.supporters import Complaint, Supporter, Tie

_SEX_DIGIT, _ID_LENGTH = 16, 18
_PARENTS = {"female": "mother", "male": "father"}
#: A tier 2 that was never granted is not one that ended.
_NEVER = ("asked", "recommended", "returned")


def people(user_id: UUID | None, most: int) -> tuple[Person, ...]:
    """Return who is in the pool or has asked for tier 2, in six statements.

    The open scope must reach the authority; ``user_id`` looks (a tie of theirs bars), ``most`` is
    how many children the authority lets one person take.
    """
    rows = db.session.execute(
        select(Supporter, PoolProfile, Clearance)
        .outerjoin(PoolProfile, PoolProfile.supporter_id == Supporter.id)
        .outerjoin(Clearance, Clearance.supporter_id == Supporter.id)
        .where(
            Supporter.kind == "individual",
            Supporter.status.in_(("approved", "suspended", "expired")),
            or_(PoolProfile.id.is_not(None), Clearance.id.is_not(None)),
        )
        .order_by(Supporter.id)
    ).all()
    around = _Around(user_id)
    return tuple(_person(row, around, most) for row in rows)


class _Around:
    """What hangs on the people, by supporter."""

    def __init__(self, user_id: UUID | None) -> None:
        self.tags: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for owner, kind, value in db.session.execute(
            select(PoolTag.supporter_id, PoolTag.kind, PoolTag.value)
        ):
            self.tags[owner][kind].add(value)
        self.carried = _counted()
        self.offers: Mapping[UUID, list[str]] = {
            row.supporter_id: row.kinds
            for row in db.session.execute(
                select(PairingOffer.supporter_id, PairingOffer.kinds).where(
                    PairingOffer.status == "open"
                )
            )
        }
        own = and_(Tie.side == "staff", Tie.created_by == user_id)
        open_ties = and_(Tie.side == "applicant", Tie.released_at.is_(None))
        ties = db.session.execute(select(Tie.supporter_id, Tie.side).where(or_(own, open_ties)))
        self.ties = {(row.supporter_id, row.side) for row in ties}
        self.accused = frozenset(
            db.session.scalars(select(Complaint.supporter_id).where(Complaint.status == "open"))
        )


def _counted() -> Counter[UUID]:
    rows = db.session.execute(
        select(Pairing.supporter_id, func.count())
        .where(Pairing.status.in_(pairings.LIVE))
        .group_by(Pairing.supporter_id)
    )
    return Counter({row[0]: int(row[1]) for row in rows})


def _person(row: Any, around: _Around, most: int) -> Person:
    supporter, profile, standing = row.Supporter, row.PoolProfile, row.Clearance
    tags = around.tags.get(supporter.id, {})
    sex = _sex(supporter.id_no or "")
    helpers = {"citizen", _PARENTS.get(sex, "citizen")} | (
        {"teacher"} if supporter.is_teacher else set()
    )
    return Person(
        id=supporter.id,
        county=supporter.county_code,
        counties=frozenset(tags.get(pool.COUNTY, ())),
        capacity=min(profile.capacity, most) if profile else 0,
        carried=around.carried[supporter.id],
        days=frozenset(tags.get(pool.DAY, ())),
        languages=frozenset(tags.get(pool.LANGUAGE, ())),
        skills=frozenset(tags.get(pool.SKILL, ())),
        helpers=frozenset(helpers),
        sex=sex,
        kinds=frozenset(around.offers.get(supporter.id, ())),
        offers=supporter.id in around.offers,
        bar=_bar(supporter, profile, standing, around),
        stands_until=standing.valid_to if standing else None,
    )


def _bar(
    supporter: Supporter,
    profile: PoolProfile | None,
    standing: Clearance | None,
    around: _Around,
) -> str:
    """Return why nobody may be paired with them at all: a key of matching.rules.BARS, or empty."""
    today = clock.today()
    found = {
        "goods": not supporter.stands_on(today),
        "standing": standing is None or standing.status in _NEVER,
        "standing_over": _is_over(standing),
        "standing_held": standing is not None and not standing.holds_on(today),
        "ties": (supporter.id, "applicant") in around.ties,
        "own_tie": (supporter.id, "staff") in around.ties,
        "complaint": supporter.id in around.accused,
        "profile": profile is None,
        "offer_over": profile is not None and bool(profile.until and profile.until < today),
    }
    return next((name for name, holds in found.items() if holds), "")


def _is_over(standing: Clearance | None) -> bool:
    if standing is None or standing.valid_to is None or standing.valid_to >= clock.today():
        return False
    return standing.status in clearances.LIVE or standing.status == "expired"


def _sex(number: str) -> str:
    """Return what the ID number tells; empty for another document."""
    if len(number) != _ID_LENGTH or not number[_SEX_DIGIT].isdigit():
        return ""
    return "male" if int(number[_SEX_DIGIT]) % 2 else "female"
