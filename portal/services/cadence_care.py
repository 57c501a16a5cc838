"""What staff do about a cadence: free a period with a reason, ask for a review (S0-4.5b; PN)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts
from portal.domain import clock
from portal.domain.absences import EXCUSE_WITHIN, EXCUSES, WORDS_LENGTH, check_words
from portal.domain.actor import Actor
from portal.domain.cadence import Obligation
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.pairings import MET, not_mine
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.cadences import Excuse
from portal.models.pairings import Pairing
from portal.queries import cadences
from portal.services import pairing_checks

_REVIEW_AHEAD = timedelta(days=183)


def excuse(
    actor: Actor,
    pairing_id: UUID,
    *,
    kind: str,
    period_from: date,
    reason_code: str,
    words: str = "",
) -> UUID:
    """Do not ask for a talk or a visit of one period; return the excuse.

    Only what is open or was missed, at most 31 days after the period's end. Raises NotFound
    outside one's units, Invalid for a reason that is none, WrongState for a period that asks for
    nothing, Conflict for one excused already.
    """
    pairing = _cared_for(actor, pairing_id)
    said = check_words(EXCUSES, reason_code, words)
    if not any((one.kind, one.period_from) == (kind, period_from) for one in excusable(pairing.id)):
        if _standing(pairing.id, kind, period_from) is not None:
            raise Conflict("这一次已经免除")
        raise WrongState("这一次不用免除：已经完成、本来就不要求，或结束已超过 31 天")
    row = Excuse(
        pairing_id=pairing.id, supporter_id=pairing.supporter_id, unit_path=pairing.unit_path,
        kind=kind, period_from=period_from, reason_code=reason_code, words=said,
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    facts.publish(
        "pairing.excuse", actor=actor, subject=pairing, note=said,
        contact=kind, period=period_from.isoformat(), reason=reason_code,
    )  # fmt: skip
    return row.id


def withdraw_excuse(actor: Actor, excuse_id: UUID) -> UUID:
    """Take an excuse back: the period is asked for again; return the pairing."""
    row = db.session.scalar(select(Excuse).where(Excuse.id == excuse_id))
    if row is None:
        raise NotFound
    pairing = _cared_for(actor, row.pairing_id)
    if row.withdrawn_at is not None:
        raise Conflict("这次免除已经收回")
    row.withdrawn_at, row.withdrawn_by = clock.now(), actor.user_id
    facts.publish(
        "pairing.withdraw_excuse", actor=actor, subject=pairing,
        contact=row.kind, period=row.period_from.isoformat(),
    )  # fmt: skip
    return pairing.id


def excusable(pairing_id: UUID) -> tuple[Obligation, ...]:
    """Return what of a pairing can be excused today, newest first."""
    kept = cadences.one(pairing_id)
    if kept is None:
        return ()
    oldest = clock.today() - EXCUSE_WITHIN
    return tuple(
        one
        for one in reversed(kept.cadence.obligations)
        if one.state in ("waiting", "missed") and one.period_to >= oldest
    )


def propose_review(
    actor: Actor, pairing_id: UUID, *, on: date, words: str, version: int | None = None
) -> UUID:
    """Ask that a pairing is looked at by a day, and say why (PN: review every six months).

    Raises NotFound outside one's units, WrongState unless the two know each other, Invalid for a
    day gone by, half a year off, or later than the review that is due anyway, and without words.
    """
    pairing = _cared_for(actor, pairing_id, version)
    said = words.strip()[:WORDS_LENGTH]
    if not said:
        raise Invalid("请写明为什么要复核", {"words": "请写明为什么要复核"})
    today = clock.today()
    if not today <= on <= today + _REVIEW_AHEAD:
        raise Invalid("复核日应在今天起半年以内", {"on": "复核日应在今天起半年以内"})
    if pairing.review_due is not None and pairing.review_due < on:
        due = "已经有更早的复核日，不能推后"
        raise Invalid(due, {"on": due})
    pairing.review_due = on
    facts.publish(
        "pairing.propose_review", actor=actor, subject=pairing, note=said, on=on.isoformat()
    )
    return pairing.id


def _cared_for(actor: Actor, pairing_id: UUID, version: int | None = None) -> Pairing:
    pairing = pairing_checks.get(pairing_id, version)
    access.require(actor, Permission.CADENCE_CARE, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in MET:
        raise WrongState("只有进行中或暂停的结对可以这样办理")
    return pairing


def _standing(pairing_id: UUID, kind: str, period_from: date) -> UUID | None:
    return db.session.scalar(
        select(Excuse.id).where(
            Excuse.pairing_id == pairing_id,
            Excuse.kind == kind,
            Excuse.period_from == period_from,
            Excuse.withdrawn_at.is_(None),
        )
    )
