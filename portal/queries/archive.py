"""The archived wishes of a year: what the archive holds of each (S0-4.8b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.domain import catalogue, clock, masking
from portal.domain.actor import Actor
from portal.domain.sight import show
from portal.domain.windows import OCCASION_LABELS, Occasion
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish, WishWindow


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """One archived wish. Money in 分; the child's name is masked in every export.

    Who signed and the child's own words are as the reader may see them.
    """

    file_no: str
    occasion: str
    unit: str
    child: str
    wish: str
    quantity: int
    own_words: str
    est_cost_fen: int
    supporter: str
    supporter_kind: str
    claimed_on: date
    deliver_by: date | None
    delivered_on: date | None
    value_fen: int
    donation_receipt_no: str
    handed_over_on: date | None
    signed_by: str
    thanks: str
    archived_on: date

    @property
    def late_days(self) -> int:
        """Return by how many days the goods came late."""
        if self.delivered_on is None or self.deliver_by is None:
            return 0
        return max(0, (self.delivered_on - self.deliver_by).days)


def of_year(actor: Actor, year: int) -> tuple[ArchiveRow, ...]:
    """Return the archived wishes of a year's windows in the scope, by file number."""
    rows = db.session.execute(
        select(Wish, Commitment, WishWindow.occasion, Unit.name, ChildFile.name, Supporter)
        .join(Commitment, Commitment.wish_id == Wish.id)
        .join(WishWindow, WishWindow.id == Wish.window_id)
        .join(Unit, Unit.path == Wish.unit_path)
        .join(ChildFile, ChildFile.id == Wish.child_id)
        .join(Supporter, Supporter.id == Commitment.supporter_id)
        .where(Wish.status == "archived", Commitment.status == "confirmed", WishWindow.year == year)
        .order_by(Wish.file_no)
    )
    return tuple(_row(actor, *row) for row in rows)


def years() -> tuple[int, ...]:
    """Return the years that hold archived wishes, newest first."""
    return tuple(
        db.session.scalars(
            select(WishWindow.year)
            .join(Wish, Wish.window_id == WishWindow.id)
            .where(Wish.status == "archived")
            .distinct()
            .order_by(WishWindow.year.desc())
        )
    )


def unit_name(actor: Actor) -> str:
    """Return the name of the unit the archive is written for."""
    return actor.grants[0].unit_name if actor.grants else ""


def _row(
    actor: Actor,
    wish: Wish,
    promise: Commitment,
    occasion: str,
    unit: str,
    child: str,
    who: Supporter,
) -> ArchiveRow:
    spec = catalogue.Specification.read(wish.spec)
    words = [catalogue.item(wish.item_code).name, *(str(p) for p in (spec.size, spec.choice) if p)]
    return ArchiveRow(
        file_no=wish.file_no,
        occasion=OCCASION_LABELS[Occasion(occasion)],
        unit=unit,
        child=masking.mask_name(child),
        wish=" ".join(words),
        quantity=wish.quantity,
        own_words=show(actor, masking.Kind.TEXT, wish.own_words, wish.unit_path),
        est_cost_fen=wish.est_cost_fen,
        supporter=who.name,
        supporter_kind=who.kind,
        claimed_on=clock.local(promise.claimed_at).date(),
        deliver_by=promise.deliver_by,
        delivered_on=promise.delivered_on,
        value_fen=promise.value_fen or 0,
        donation_receipt_no=promise.donation_receipt_no,
        handed_over_on=wish.handed_over_on,
        signed_by=show(actor, masking.Kind.NAME, wish.signed_by, wish.unit_path),
        thanks=wish.thanks_public,
        archived_on=clock.local(wish.status_since).date(),
    )
