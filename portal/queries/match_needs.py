"""Open needs as the matching sees them, with who stands how to each child."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from portal.domain import clock
from portal.domain.lifecycles import needs as lifecycle
from portal.domain.lifecycles import pairings
from portal.domain.matches import DAYS_OF_RHYTHM, Need
from portal.domain.needs import KINDS
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.matching import MatchRule
from portal.models.needs import NeedApplication, PairingNeed
from portal.models.pairings import Pairing
from portal.models.supporters import Supporter
from portal.queries import units

#: A pairing that ended so is not proposed again for the same child.
_BADLY = frozenset({"declined", "safeguarding", "mentor_quit"})
_PHONE_LENGTH = 11


def open_in(unit_path: str) -> ColumnElement[bool]:
    """Ask for needs below a unit that wait for a person: open, and nobody proposed yet."""
    proposed = exists(
        select(Pairing.id).where(
            Pairing.need_id == PairingNeed.id, Pairing.status.in_(pairings.LIVE)
        )
    )
    return and_(
        PairingNeed.status.in_(lifecycle.OPEN),
        units.under(PairingNeed.unit_path, unit_path),
        ~proposed,
    )


def needs(unit_path: str, need_id: UUID | None = None) -> tuple[Need, ...]:
    """Return the needs that wait below a unit, or one of them, in seven statements.

    The open scope must reach the authority: brothers and sisters, and people's numbers, may lie
    in other counties.
    """
    wanted = open_in(unit_path)
    if need_id is not None:
        wanted = and_(wanted, PairingNeed.id == need_id)
    rows = db.session.execute(
        select(PairingNeed, ChildFile.county_code, ChildFile.care_level)
        .join(ChildFile, ChildFile.id == PairingNeed.child_id)
        .where(wanted, ChildFile.status == "active")
        .order_by(PairingNeed.id)
    ).all()
    around = _Around(
        select(PairingNeed.id).where(wanted), select(PairingNeed.child_id).where(wanted)
    )
    return tuple(_need(row, around) for row in rows)


@dataclass
class _Child:
    """Who stands how to one child."""

    paired: set[UUID] = field(default_factory=set)
    refused: set[UUID] = field(default_factory=set)
    known: set[UUID] = field(default_factory=set)
    kin: set[UUID] = field(default_factory=set)
    with_sibling: set[UUID] = field(default_factory=set)
    family: str = ""


class _Around:
    """What hangs on the needs and on their children."""

    def __init__(self, need_ids: Any, child_ids: Any) -> None:
        self.children: dict[UUID, _Child] = defaultdict(_Child)
        links = db.session.execute(
            select(GuardianLink.child_id, GuardianLink.id_hmac, GuardianLink.phone).where(
                GuardianLink.child_id.in_(child_ids)
            )
        ).all()
        self._kin(links)
        siblings = self._families(child_ids)
        self._pairings(child_ids, siblings)
        self.applicants: dict[UUID, set[UUID]] = defaultdict(set)
        self.applied: Counter[UUID] = Counter()
        for need_id, supporter_id, status in db.session.execute(
            select(
                NeedApplication.need_id, NeedApplication.supporter_id, NeedApplication.status
            ).where(NeedApplication.need_id.in_(need_ids))
        ):
            self.applied[need_id] += 1
            if status == "lodged":
                self.applicants[need_id].add(supporter_id)
        self.avoided: dict[UUID, set[UUID]] = defaultdict(set)
        for need_id, supporter_id in db.session.execute(
            select(MatchRule.need_id, MatchRule.supporter_id).where(
                MatchRule.need_id.in_(need_ids),
                MatchRule.rule == "avoid",
                MatchRule.ended_at.is_(None),
            )
        ):
            self.avoided[need_id].add(supporter_id)

    def _kin(self, links: Iterable[Any]) -> None:
        """Find people who are a guardian themselves, by ID number or phone (慈善法 40)."""
        by_number: dict[str, set[UUID]] = defaultdict(set)
        by_phone: dict[str, set[UUID]] = defaultdict(set)
        for link in links:
            if link.id_hmac:
                by_number[link.id_hmac].add(link.child_id)
            if link.phone:
                by_phone[_digits(link.phone)].add(link.child_id)
        if not by_number and not by_phone:
            return
        for own in db.session.execute(
            select(Supporter.id, Supporter.id_hmac, Supporter.phone).where(
                Supporter.kind == "individual"
            )
        ):
            for child_id in by_number.get(own.id_hmac or "", set()) | by_phone.get(
                _digits(own.phone or ""), set()
            ):
                self.children[child_id].kin.add(own.id)

    def _families(self, child_ids: Any) -> dict[UUID, set[UUID]]:
        """Name the children of one guardian a family; return for each child the others."""
        own = select(GuardianLink.id_hmac).where(
            GuardianLink.child_id.in_(child_ids), GuardianLink.id_hmac.is_not(None)
        )
        of_mark: dict[str, set[UUID]] = defaultdict(set)
        for child_id, mark in db.session.execute(
            select(GuardianLink.child_id, GuardianLink.id_hmac).where(GuardianLink.id_hmac.in_(own))
        ):
            of_mark[mark or ""].add(child_id)
        siblings: dict[UUID, set[UUID]] = defaultdict(set)
        for mark, children in sorted(of_mark.items()):
            for child_id in children if len(children) > 1 else ():
                siblings[child_id] |= children - {child_id}
                self.children[child_id].family = self.children[child_id].family or mark
        return siblings

    def _pairings(self, child_ids: Any, siblings: dict[UUID, set[UUID]]) -> None:
        wanted = {other for others in siblings.values() for other in others} | set(siblings)
        rows = db.session.execute(
            select(
                Pairing.child_id, Pairing.supporter_id, Pairing.status, Pairing.end_reason,
                Pairing.started_on, Pairing.words,
            ).where(Pairing.child_id.in_(child_ids) | Pairing.child_id.in_(sorted(wanted)))
        )  # fmt: skip
        for row in rows:
            child = self.children[row.child_id]
            if row.status in pairings.LIVE:
                child.paired.add(row.supporter_id)
                for other in siblings.get(row.child_id, ()):
                    self.children[other].with_sibling.add(row.supporter_id)
            # A proposal that fell away because another was approved was declined by nobody: it
            # has no words.
            elif row.end_reason in _BADLY and (row.words or row.end_reason != "declined"):
                child.refused.add(row.supporter_id)
            elif row.started_on is not None:
                child.known.add(row.supporter_id)


def _need(row: Any, around: _Around) -> Need:
    need: PairingNeed = row.PairingNeed
    child = around.children[need.child_id]
    since = need.waiting_since or clock.local(need.status_since).date()
    usual = DAYS_OF_RHYTHM.get(need.rhythm)
    return Need(
        id=need.id,
        child_id=need.child_id,
        kind=need.kind,
        skill=KINDS[need.kind].skill,
        county=row.county_code,
        waiting_days=(clock.today() - since).days,
        care_level=row.care_level or "",
        days=frozenset(need.days or ([usual] if usual else ())),
        language=need.language,
        helper=need.helper,
        sex_rule=need.sex_rule,
        applications=around.applied[need.id],
        family=child.family,
        kin=frozenset(child.kin),
        paired=frozenset(child.paired),
        refused=frozenset(child.refused - child.paired),
        known=frozenset(child.known - child.paired),
        with_sibling=frozenset(child.with_sibling),
        applicants=frozenset(around.applicants[need.id]),
        avoided=frozenset(around.avoided[need.id]),
    )


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())[-_PHONE_LENGTH:]
