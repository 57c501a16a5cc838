"""Cards of needs come in batches and go one by one, each going with its cell shuffled anew (A2)."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import cipher
from portal.domain.actor import Actor
from portal.domain.anonymity import Disclosure, Held
from portal.domain.errors import Invalid
from portal.domain.explanations import explain
from portal.domain.lifecycles.needs import NEEDS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.needs import NeedCard, PairingNeed
from portal.models.units import Unit
from portal.queries import units
from portal.queries.need_disclosures import NeedJudge
from portal.services.publication import new_code

REASON_LENGTH = 200
OPEN = "open"


@dataclass(frozen=True, slots=True)
class NeedRelease:
    """What became of a batch: its id (none if every card was held) and the two counts."""

    batch_id: UUID | None
    published: int
    held: int


def release(actor: Actor, *, tenant_path: str) -> NeedRelease:
    """Publish every approved need in the actor's units that the K rule lets out, as one batch.

    Raises Invalid when nothing waits, or the batch would be too small to hide in.
    """
    access.require(actor, Permission.BATCH_RELEASE)
    judge = NeedJudge(tenant_path)
    waiting = [need for need in _waiting(tenant_path) if need.consent_stands]
    judged = [(need, judge.judge_need(need)) for need in waiting]
    if not judged:
        raise Invalid("没有等待发布的结对需求")
    ready = [(need, shown) for need, shown in judged if isinstance(shown, Disclosure)]
    _refuse_small(len(ready), tenant_path)
    for need, held in judged:
        if isinstance(held, Held):
            transitions.fire(NEEDS, need, "keep_back", actor, fitting=held.fitting, k=held.k)
            need.hold_reason = why_held(held, judge)
    if not ready:
        return NeedRelease(None, 0, len(judged))
    batch_id = uuid4()
    for need, shown in ready:
        _publish(actor, need, judge, shown, batch_id)
    _record(actor, tenant_path, len(ready))
    return NeedRelease(batch_id, len(ready), len(judged) - len(ready))


def why_held(held: Held, judge: NeedJudge) -> str:
    """Say in a sentence why a need stays inside."""
    return str(explain(held, judge.places.names)[0])[:REASON_LENGTH]


def take_down(need: PairingNeed) -> None:
    """Remove a need's card and shuffle its cell anew; nothing without a card."""
    if need.card_id is None:
        return
    card = db.session.get(NeedCard, need.card_id)
    need.card_id = None
    if card is None:
        return
    cell = select(NeedCard).where(
        NeedCard.region_code == card.region_code, NeedCard.band == card.band
    )
    turn = secrets.token_hex(8)
    for other in db.session.scalars(cell):
        other.shuffle = cipher.ring().keyed_number(other.code, turn)
    db.session.delete(card)
    db.session.flush()


def _waiting(tenant_path: str) -> list[PairingNeed]:
    return list(
        db.session.scalars(
            select(PairingNeed)
            .where(PairingNeed.tenant_path == tenant_path, PairingNeed.status == "approved")
            .order_by(PairingNeed.id)
        )
    )


def _refuse_small(cards: int, tenant_path: str) -> None:
    least = units.settings(tenant_path).batch_min
    if 0 < cards < least:
        raise Invalid(
            "这一批只有{n}张卡片；至少{least}张一起发布，才看不出是谁的需求", n=cards, least=least
        )


def _publish(
    actor: Actor, need: PairingNeed, judge: NeedJudge, shown: Disclosure, batch_id: UUID
) -> None:
    code = new_code()
    card = NeedCard(
        id=uuid4(),
        code=code,
        status=OPEN,
        shuffle=cipher.ring().keyed_number(code, str(batch_id)),
        batch_id=batch_id,
        **asdict(judge.need_card(need, shown)),
    )
    db.session.add(card)
    transitions.fire(NEEDS, need, "publish", actor, batch_id=str(batch_id))
    need.card_id = card.id


def _record(actor: Actor, tenant_path: str, cards: int) -> None:
    """Write the batch on the authority's line of the log."""
    authority = db.session.scalar(select(Unit).where(Unit.path == tenant_path))
    facts.publish(
        "need.release", actor=actor, subject=authority, unit_path=tenant_path, cards=cards
    )
