"""What a mail may say of cards, letters, stars and years: whom it concerns, and never a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.letters import TO_MENTOR
from portal.extensions import db
from portal.models.contact_cards import ContactCard
from portal.models.letters import Letter
from portal.models.pairings import Pairing
from portal.models.recognition import PairingStar, Portfolio
from portal.models.voices import PairingThanks
from portal.notices.news import News

#: A unit that nobody holds a role at: what no longer waits asks nobody to read it.
_NOWHERE = "/"


def _letters(ids: list[UUID]) -> dict[UUID, News]:
    """Concern the mentor of the pairing; staff only while the letter waits for their eye or hand.

    A child's letter that was read through waits for nobody's hand.
    """
    rows = db.session.execute(
        select(
            Letter.id, Letter.status, Letter.direction, Letter.unit_path, Letter.created_by,
            Pairing.supporter_id, Pairing.file_no,
        )
        .join(Pairing, Pairing.id == Letter.pairing_id)
        .where(Letter.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: News(
            unit_path=row.unit_path if _waits(row) else _NOWHERE,
            owner=row.created_by if row.direction == TO_MENTOR else None,
            supporter_id=None if _unread(row) else row.supporter_id,
            item={"file_no": row.file_no},
        )
        for row in rows
    }


def _waits(row: Any) -> bool:
    read_through = row.direction == TO_MENTOR and row.status == "approved"
    return row.status in ("written", "approved") and not read_through


def _unread(row: Any) -> bool:
    """Tell whether the mentor must not hear of it: a child's letter that has not crossed."""
    return bool(row.direction == TO_MENTOR and row.status != "handed_over")


def _portfolios(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(select(Portfolio.id, Portfolio.user_id).where(Portfolio.id.in_(ids)))
    return {row.id: News(owner=row.user_id) for row in rows}


def _of_mentor(model: Any) -> Callable[[list[UUID]], dict[UUID, News]]:
    def read(ids: list[UUID]) -> dict[UUID, News]:
        rows = db.session.execute(
            select(model.id, model.unit_path, model.supporter_id).where(model.id.in_(ids))
        )
        return {
            row.id: News(unit_path=row.unit_path, supporter_id=row.supporter_id) for row in rows
        }

    return read


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "ContactCard": _of_mentor(ContactCard),
    "Letter": _letters,
    "PairingStar": _of_mentor(PairingStar),
    "PairingThanks": _of_mentor(PairingThanks),
    "Portfolio": _portfolios,
}
