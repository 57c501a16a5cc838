"""What people of the pool have done, counted from the records that exist; nothing is not zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from portal.domain import hours
from portal.domain.lifecycles import pairings
from portal.extensions import db
from portal.models.honours import Honour
from portal.models.pairings import Pairing
from portal.models.recognition import PairingStar
from portal.models.service_records import ServiceRecord
from portal.models.wishes import Commitment, Wish


@dataclass(frozen=True, slots=True)
class Figures:
    """Children paired now, helped ever, hours verified, honours, stars; None: none recorded."""

    paired: int = 0
    helped: int | None = None
    hours: Decimal | None = None
    honours: int | None = None
    stars: int | None = None


def of(supporter_ids: Sequence[UUID]) -> dict[UUID, Figures]:
    """Return the figures of these supporters in five queries; absent means nothing recorded."""
    helped, paired = _children(supporter_ids)
    minutes = _sums(
        select(ServiceRecord.supporter_id, func.sum(ServiceRecord.minutes))
        .where(ServiceRecord.status == "verified", ServiceRecord.supporter_id.in_(supporter_ids))
        .group_by(ServiceRecord.supporter_id)
    )
    honours = _sums(
        select(Honour.supporter_id, func.count())
        .where(Honour.status == "approved", Honour.supporter_id.in_(supporter_ids))
        .group_by(Honour.supporter_id)
    )
    stars = _sums(
        select(PairingStar.supporter_id, func.count())
        .where(PairingStar.supporter_id.in_(supporter_ids))
        .group_by(PairingStar.supporter_id)
    )
    return {
        each: Figures(
            paired=paired.get(each, 0),
            helped=len(helped[each]) or None if each in helped else None,
            hours=hours.hours(minutes[each]) if minutes.get(each) else None,
            honours=honours.get(each),
            stars=stars.get(each),
        )
        for each in supporter_ids
    }


def live_pairings(supporter_id: ColumnElement[UUID]) -> ColumnElement[int]:
    """Return, as a part of a statement, how many live pairings a supporter has."""
    return (
        select(func.count(Pairing.id))
        .where(Pairing.supporter_id == supporter_id, Pairing.status.in_(pairings.LIVE))
        .scalar_subquery()
    )


def _children(supporter_ids: Sequence[UUID]) -> tuple[dict[UUID, set[UUID]], dict[UUID, int]]:
    """Return the different children of each supporter's gifts and pairings, and pairings now."""
    helped: dict[UUID, set[UUID]] = defaultdict(set)
    paired: dict[UUID, int] = defaultdict(int)
    gifts = (
        select(Commitment.supporter_id, Wish.child_id)
        .join(Wish, Wish.id == Commitment.wish_id)
        .where(Commitment.status == "confirmed", Commitment.supporter_id.in_(supporter_ids))
    )
    for supporter_id, child_id in db.session.execute(gifts):
        helped[supporter_id].add(child_id)
    pairs = select(
        Pairing.supporter_id, Pairing.child_id, Pairing.status, Pairing.started_on
    ).where(Pairing.supporter_id.in_(supporter_ids))
    for supporter_id, child_id, status, started_on in db.session.execute(pairs):
        paired[supporter_id] += status in pairings.LIVE
        if started_on is not None:
            helped[supporter_id].add(child_id)
    return helped, paired


def _sums(statement: object) -> dict[UUID, int]:
    return {row[0]: int(row[1]) for row in db.session.execute(statement)}  # type: ignore[call-overload]  # two columns: whose, how many
