"""How a pairing rests and ends: pauses with their rows, proposals that fall away."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.lifecycles.pairings import APPROVED, MACHINE
from portal.domain.vetting import PAUSE_REASONS
from portal.extensions import db
from portal.models.pairings import Pairing, PairingPause
from portal.models.supporters import Supporter
from portal.services import contact_cards, handovers, letters

#: Why a proposal ended, and a match that the family did not want; nobody met yet.
DECLINED = "declined"
CONSENT = "consent"
_WORDS_LENGTH = 500


def halt_all(supporter: Supporter, why: str) -> int:
    """Pause every active pairing of somebody who may not meet children any more; say how many.

    Needs the whole tree: the children may live in several counties.
    """
    active = db.session.scalars(
        select(Pairing)
        .where(Pairing.supporter_id == supporter.id, Pairing.status == "active")
        .order_by(Pairing.file_no)
    ).all()
    for pairing in active:
        halt(pairing, why)
    return len(active)


def halt(pairing: Pairing, why: str) -> None:
    """Pause an active pairing by itself; ``why`` is a key of PAUSE_REASONS."""
    if why not in PAUSE_REASONS:
        msg = f"{why} is no reason for a pause"
        raise ValueError(msg)
    transitions.fire(MACHINE, pairing, "halt", SYSTEM, why=why)
    rest(pairing, why, SYSTEM)


def rest(pairing: Pairing, why: str, actor: Actor) -> None:
    """Open the stretch in which it rests, from today on; its card holds no more."""
    pairing.paused_reason = why
    contact_cards.end(pairing, "paused")
    db.session.add(
        PairingPause(
            pairing_id=pairing.id, supporter_id=pairing.supporter_id, reason_code=why,
            from_on=clock.today(), unit_path=pairing.unit_path, created_by=actor.user_id,
        )
    )  # fmt: skip


def end_rest(pairing: Pairing) -> None:
    """End the stretch in which it rested; today counts again."""
    resting = db.session.scalars(
        select(PairingPause).where(
            PairingPause.pairing_id == pairing.id, PairingPause.until_on.is_(None)
        )
    ).all()
    for stretch in resting:
        stretch.until_on = clock.today()


def end(pairing: Pairing, reason_code: str, words: str) -> None:
    """Write why it ended, and forget what the mentor was told of the child."""
    contact_cards.end(pairing, "closed")
    letters.stop_all(pairing)
    handovers.shut(pairing)
    pairing.leaving_since, pairing.leaving_why = None, ""
    pairing.ended_on, pairing.end_reason = clock.today(), reason_code
    pairing.words = words.strip()[:_WORDS_LENGTH]
    pairing.called = pairing.meeting_place = pairing.meeting_on = None
    pairing.meeting_hour = ""


def end_for_consent(child_id: UUID) -> int:
    """End every approved pairing of a child whose guardian took consent back (L03); say how many.

    Proposals fall away with their need.
    """
    held = db.session.scalars(
        select(Pairing)
        .where(Pairing.child_id == child_id, Pairing.status.in_(APPROVED))
        .order_by(Pairing.file_no)
    ).all()
    for pairing in held:
        transitions.fire(MACHINE, pairing, "withdraw_consent", SYSTEM)
        end_rest(pairing)
        end(pairing, CONSENT, "")
    return len(held)


def drop_proposals(need_id: UUID) -> int:
    """Let every open proposal for a need fall away: it was answered or is gone; say how many."""
    open_ones = db.session.scalars(
        select(Pairing)
        .where(Pairing.need_id == need_id, Pairing.status == "proposed")
        .order_by(Pairing.file_no)
    ).all()
    for proposal in open_ones:
        transitions.fire(MACHINE, proposal, "supersede", SYSTEM)
        end(proposal, DECLINED, "")
    return len(open_ones)
