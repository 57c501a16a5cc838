"""The look at a pairing every six months: how the child is, what was kept, whether it goes on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.cadence import KIND_LABELS, tally
from portal.domain.continuity import (
    ASKS_COUNTY,
    DECISIONS,
    FARES,
    GOALS,
    RHYTHM,
    WORDS_LENGTH,
    Review,
)
from portal.domain.errors import Invalid, WrongState
from portal.domain.lifecycles.pairings import MET, not_mine
from portal.domain.needs import RHYTHMS
from portal.domain.pairings import REVIEW_MONTHS
from portal.domain.permissions import Permission
from portal.domain.vetting import months_after
from portal.extensions import db
from portal.models.continuity import PairingReview
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.queries import cadences
from portal.services import pairing_checks, pairing_leaving


def hold(actor: Actor, pairing_id: UUID, given: Review, *, version: int | None = None) -> UUID:
    """Record a review and set the next one six months on; return its row (PN).

    A new rhythm asks from the next month and quarter on. A change of mentor or an end is the
    county's act: the pairing waits for it among those that need somebody. Raises NotFound outside
    one's units, WrongState unless the two know each other, Invalid with a sentence per field.
    """
    pairing = pairing_checks.get(pairing_id, version)
    access.require(actor, Permission.CADENCE_CARE, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in MET:
        raise WrongState("只有进行中或暂停的结对可以复核")
    _check(pairing, given)
    row = PairingReview(
        pairing_id=pairing.id, child_id=pairing.child_id, unit_path=pairing.unit_path,
        held_on=given.held_on, reviewer_id=actor.user_id, figures=figures(pairing.id),
        fares=given.fares, goal=given.goal, decision=given.decision,
        child_words=_short(given.child_words), director_words=_short(given.director_words),
        words=_short(given.words), created_by=actor.user_id,
        next_due=months_after(given.held_on, REVIEW_MONTHS),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    pairing.review_due = row.next_due
    if given.decision == RHYTHM:
        row.rhythm = given.rhythm
        _change_rhythm(pairing, given.rhythm)
    facts.publish(
        "pairing.review", actor=actor, subject=pairing, decision=given.decision,
        next=row.next_due.isoformat() if row.next_due else None,
    )  # fmt: skip
    if given.decision in ASKS_COUNTY:
        pairing_leaving.flag(actor, pairing, "review")
    return row.id


def figures(pairing_id: UUID) -> dict[str, Any]:
    """Return what was kept since the last review: [met, due] by kind of contact, and the days."""
    kept = cadences.one(pairing_id)
    since = db.session.scalar(
        select(PairingReview.held_on)
        .where(PairingReview.pairing_id == pairing_id)
        .order_by(PairingReview.held_on.desc())
        .limit(1)
    )
    if kept is None:
        return {}
    first = since or date.min
    found: dict[str, Any] = {"since": since.isoformat() if since else ""}
    for kind in KIND_LABELS:
        told = tally(
            (one for one in kept.cadence.of(kind) if one.period_to >= first), before=clock.today()
        )
        found[kind] = [told.met, told.due]
    return found


def _check(pairing: Pairing, given: Review) -> None:
    """Collect everything that is missing or cannot be."""
    found: dict[str, str] = {}
    today, start = clock.today(), pairing.started_on or clock.today()
    if not start <= given.held_on <= today:
        found["held_on"] = "复核日期应在结对开始以后，不能晚于今天"
    for name, words, codes in (
        ("fares", given.fares, FARES), ("goal", given.goal, GOALS),
        ("decision", given.decision, DECISIONS),
    ):  # fmt: skip
        if words not in codes:
            found[name] = "请选择一项"
    if not given.director_words.strip():
        found["director_words"] = "请写儿童主任的意见"
    if pairing.hears_child and not given.child_words.strip():
        found["child_words"] = "孩子满8周岁，请记下孩子的原话"
    if given.decision == RHYTHM and (given.rhythm not in RHYTHMS or given.rhythm == pairing.rhythm):
        found["rhythm"] = "请选择新的节奏"
    if found:
        raise Invalid("{what}", found, what="；".join(dict.fromkeys(found.values())))


def _change_rhythm(pairing: Pairing, rhythm: str) -> None:
    """Let the new rhythm ask from tomorrow's periods on; whoever follows finds it in the need."""
    old = [clock.today().isoformat(), pairing.rhythm or cadences.USUAL]
    pairing.past_rhythms = [*pairing.past_rhythms, old]
    pairing.rhythm = rhythm
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == pairing.need_id))
    if need is not None:
        need.rhythm = rhythm


def _short(text: str) -> str:
    return text.strip()[:WORDS_LENGTH]
