"""Asking the K rule about a wish: the register of its authority against what its card would say."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain import catalogue, clock
from portal.domain.anonymity import ChildFacts, Disclosure, Held, Register, choose_disclosure
from portal.domain.card_fields import CardFields, Wanted, card_fields
from portal.domain.catalogue import Specification
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.wishes import Wish
from portal.queries import register, units


class Judge:
    """The K rule of one authority today; the register is counted once for a whole batch."""

    def __init__(self, tenant_path: str) -> None:
        self.tenant_path = tenant_path
        self.places = register.places(tenant_path)
        self.k = units.settings(tenant_path).k

    @cached_property
    def register(self) -> Register:
        """The active children of the authority, counted."""
        return register.register(self.tenant_path, self.places)

    def judge(self, wish: Wish) -> Disclosure | Held:
        """Return what this wish's card may show, or why it is held."""
        child = self.child(wish.child_id)
        asked = catalogue.asked(wish.item_code, Specification.read(wish.spec))
        return choose_disclosure(self.register, child, asked, self.k)

    def card(self, wish: Wish, shown: Disclosure) -> CardFields:
        """Return the card this wish would have with this disclosure."""
        return card_fields(
            wanted(wish),
            shown,
            self.places.names,
            self.places.levels,
            self.child(wish.child_id).path,
        )

    def child(self, child_id: UUID) -> ChildFacts:
        """Return the three facts of a child that a card is derived from."""
        row = db.session.execute(
            select(ChildFile.county_code, ChildFile.birth_date, ChildFile.gender).where(
                ChildFile.id == child_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound
        age = age_on(row.birth_date, clock.today())
        return ChildFacts(self.places.path(row.county_code), age, row.gender)


def wanted(wish: Wish) -> Wanted:
    """Return what a wish asks for, as far as a card may use it."""
    return Wanted(
        wish.item_code,
        Specification.read(wish.spec),
        wish.quantity,
        wish.est_cost_fen,
        wish.public_note,
    )


def stored(shown: Disclosure) -> dict[str, Any]:
    """Return a disclosure as the wish keeps it."""
    return {
        "place": shown.face.place,
        "band": shown.face.band.value,
        "sex": bool(shown.sex),
        "size": shown.shows_size,
        "fitting": shown.fitting,
        "crowd": shown.crowd,
        "k": shown.k,
        "on": clock.today().isoformat(),
    }
