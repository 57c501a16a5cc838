"""Claiming a wish: one winner whatever races, nothing twice on a repeated submit (R1).

The lock order is supporter, wish, card, for everybody: no two claims can wait for each other.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.core import scope, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import DomainError, Invalid, NotAllowed
from portal.domain.lifecycles import commitments, wishes
from portal.extensions import db
from portal.models.wishes import Commitment, Wish, WishCard
from portal.services import claim_checks, publication
from portal.services.claim_checks import Claimant, Held, Taken

#: A list to claim at once is as long as the largest quota; more is a script.
MANY = 20
_KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that stands; ``repeated`` when this submit had been answered before."""

    commitment_id: UUID
    code: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one wish of several: claimed, or the refusal."""

    code: str
    claimed: Claimed | None = None
    refusal: DomainError | None = None


def claim(actor: Actor, supporter_id: UUID | None, code: str, idempotency_key: str = "") -> Claimed:
    """Promise one wish for a supporter (MW published → reserved, CM pending).

    The same key answers as the first time, whatever has happened since. Raises NotFound (no such
    card), Taken (somebody was faster), Invalid (key used for another wish), NotAllowed (not
    vetted, expired, paused, related to the child), WrongState (outside the window), Conflict
    (quota).
    """
    key = idempotency_key.strip() or secrets.token_urlsafe(18)
    if len(key) > _KEY_LENGTH:
        raise Invalid("提交编号太长，请刷新页面后再试")
    claimant = claim_checks.lock(actor, supporter_id, (key,))
    return _claim(actor, claimant, code, key)


def claim_several(
    actor: Actor, supporter_id: UUID | None, codes: Sequence[str], idempotency_key: str = ""
) -> list[Outcome]:
    """Promise several wishes at once (enterprise, charity); each has its own outcome, in order.

    Raises NotAllowed for an individual, Invalid for none or more than MANY.
    """
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if not wanted or len(wanted) > MANY:
        raise Invalid("请选择1到{most}个心愿", most=MANY)
    base = idempotency_key.strip() or secrets.token_urlsafe(18)
    keys = {code: hashlib.sha256(f"{base}\0{code}".encode()).hexdigest() for code in wanted}
    claimant = claim_checks.lock(actor, supporter_id, keys.values())
    if claimant.row.kind == "individual":
        raise NotAllowed("一次认领多个心愿，是为爱心企业和慈善组织准备的")
    done: dict[str, Outcome] = {}
    # In the order of the codes, so that two organisations' lists never wait for each other.
    for code in sorted(wanted):
        try:
            with db.session.begin_nested():
                done[code] = Outcome(code, claimed=_claim(actor, claimant, code, keys[code]))
        except DomainError as refusal:
            done[code] = Outcome(code, refusal=refusal)
    return [done[code] for code in wanted]


def _claim(actor: Actor, claimant: Claimant, code: str, key: str) -> Claimed:
    earlier = _earlier(claimant, code, key)
    if earlier is not None:
        return earlier
    claim_checks.vetted(claimant)
    claim_checks.within_quota(claimant)
    session = db.session()
    with scope.everywhere("a claim reaches the wish behind a public card", session):
        found = claim_checks.on_the_wall(code, claimant)
        promise = _promise(actor, claimant, found.Wish, found.WishCard, key)
    claimant.held.append(Held(promise.id, promise.status, key, code))
    return Claimed(promise.id, code)


def _earlier(claimant: Claimant, code: str, key: str) -> Claimed | None:
    """Return the first answer to this submit; a live promise on the same card counts as one."""
    for one in claimant.held:
        if one.key == key and one.code != code:
            raise Invalid("这次提交已经用在另一个心愿上，请刷新页面后再试")
        if one.key == key or (one.code == code and one.live):
            return Claimed(one.id, code, repeated=True)
    return None


def _promise(actor: Actor, claimant: Claimant, wish: Wish, card: WishCard, key: str) -> Commitment:
    now = clock.now()
    promise = Commitment(
        id=uuid4(),
        wish_id=wish.id,
        supporter_id=claimant.row.id,
        unit_path=wish.unit_path,
        tenant_path=wish.tenant_path,
        idempotency_key=key,
        promise=_copied(card),
        claimed_at=now,
        lapses_at=now + timedelta(hours=claimant.settings.claim_hours),
        created_by=actor.user_id,
    )
    transitions.begin(
        commitments.MACHINE,
        promise,
        actor,
        supporter_id=str(promise.supporter_id),
        wish_id=str(wish.id),
    )
    db.session.add(promise)
    transitions.fire(wishes.MACHINE, wish, "reserve", actor, commitment_id=str(promise.id))
    _win()
    publication.show_claimed(wish)
    return promise


def _win() -> None:
    """Write the claim: the wish's version and its one live promise can be taken once, by one."""
    try:
        db.session.flush()
    except (StaleDataError, IntegrityError) as lost:
        raise Taken from lost


def _copied(card: WishCard) -> dict[str, Any]:
    """Return what the supporter saw on the card: their page never reads the wish."""
    return {
        "code": card.code,
        "title": card.title,
        "spec": card.spec,
        "quantity": card.quantity,
        "need": card.need,
        "illustration": card.illustration,
        "region": card.region_name,
        "band": card.band,
        "occasion": card.occasion,
        "year": card.year,
        "is_service": card.is_service,
        "deliver_by": card.deliver_by.isoformat(),
    }


__all__ = ["MANY", "Claimed", "Outcome", "Taken", "claim", "claim_several"]
