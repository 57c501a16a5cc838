"""The honours roll: proposing, approving, and keeping names as their owners allow (S1-2.3.3c)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import CONTACT, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.honours import PUBLICITY_VERSION, REASONS, SENTENCE_LENGTH, shown_name
from portal.domain.lifecycles.honours import HONOURS
from portal.domain.permissions import Permission
from portal.domain.screening import advice
from portal.extensions import db
from portal.models.honours import Honour, HonourCard
from portal.models.pool import PublicityConsent
from portal.models.supporters import Supporter
from portal.queries import honours as reading
from portal.queries import units

#: Who has lost the standing is honoured no longer.
_NO_STANDING = frozenset({"revoked", "rejected", "suspended"})
_FIRST_YEAR = 2000


def propose(
    actor: Actor,
    supporter_id: UUID,
    *,
    unit_path: str,
    year: int,
    reason_code: str,
    sentence: str = "",
) -> UUID:
    """Propose an honour of one's county or authority; another person approves it.

    Raises NotFound for a supporter behind a wall, WrongState without a standing, Invalid for a
    sentence that would make a child findable.
    """
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    place = units.by_path(unit_path)
    if supporter is None or place.tenant_path != supporter.tenant_path:
        raise NotFound
    honour = Honour(
        supporter_id=supporter.id, tenant_path=supporter.tenant_path, unit_path=unit_path,
        year=year, reason_code=reason_code, sentence=sentence.strip(), created_by=actor.user_id,
    )  # fmt: skip
    access.require(actor, Permission.HONOUR_MANAGE, honour)
    if supporter.status != "approved":
        raise WrongState("资格有效的爱心人士才能提名")
    _check(honour)
    db.session.add(honour)
    db.session.flush()
    transitions.begin(HONOURS, honour, actor, supporter_id=str(supporter.id))
    return honour.id


def approve(actor: Actor, honour_id: UUID, *, version: int | None = None) -> UUID:
    """Put a proposed honour on the public roll; the proposer cannot (two keys)."""
    honour = _mine(actor, honour_id, version)
    _check(honour)
    transitions.fire(HONOURS, honour, "approve", actor)
    honour.approved_by = actor.user_id
    _show(honour)
    return honour.id


def decline(actor: Actor, honour_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Refuse a proposed honour, with a reason."""
    honour = _mine(actor, honour_id, version)
    transitions.fire(HONOURS, honour, "decline", actor, {"reason": reason})
    return honour.id


def retract(actor: Actor, honour_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Take an honour off the public roll, with a reason."""
    honour = _mine(actor, honour_id, version)
    transitions.fire(HONOURS, honour, "retract", actor, {"reason": reason})
    _show(honour)
    return honour.id


def give_publicity(actor: Actor, supporter_id: UUID) -> UUID:
    """Agree to the present text: one's name may stand on the roll."""
    supporter = _own(actor, supporter_id)
    if (standing := reading.consent(supporter_id)) is not None:
        return standing
    consent = PublicityConsent(
        supporter_id=supporter_id, tenant_path=supporter.tenant_path,
        text_version=PUBLICITY_VERSION, given_at=clock.now(), created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(consent)
    db.session.flush()
    facts.publish(
        "publicity.give", actor=actor, subject=consent, unit_path=supporter.unit_path,
        text_version=PUBLICITY_VERSION,
    )  # fmt: skip
    _show_all_of(supporter_id)
    return consent.id


def withdraw_publicity(actor: Actor, supporter_id: UUID) -> int:
    """Take the agreement back; the public rows change in the same transaction. Return how many."""
    supporter = _own(actor, supporter_id)
    live = db.session.scalars(
        select(PublicityConsent).where(
            PublicityConsent.supporter_id == supporter_id,
            PublicityConsent.withdrawn_at.is_(None),
        )
    ).all()
    for consent in live:
        consent.withdrawn_at = clock.now()
        facts.publish(
            "publicity.withdraw", actor=actor, subject=consent, unit_path=supporter.unit_path
        )
    db.session.flush()
    return _show_all_of(supporter_id)


def refresh() -> int:
    """Make every public row what it must say now; return how many had to change.

    Needs the system's scope: settings, names and standings change elsewhere (every minute).
    """
    rows = db.session.execute(
        select(Honour, Supporter, HonourCard.shown_name)
        .join(Supporter, Supporter.id == Honour.supporter_id)
        .outerjoin(HonourCard, HonourCard.honour_id == Honour.id)
        .where(Honour.status == "approved")
    ).all()
    displays = {
        path: units.settings(path).honours_display
        for path in {honour.tenant_path for honour, _, _ in rows}
    }
    agreed = reading.consented([supporter.id for _, supporter, _ in rows])
    stale = [
        honour
        for honour, supporter, shown in rows
        if shown != _name(supporter, displays[honour.tenant_path], supporter.id in agreed)
    ]
    for honour in stale:
        _show(honour)
    return len(stale)


def _own(actor: Actor, supporter_id: UUID) -> Supporter:
    if actor.role_in(supporter_id) != CONTACT:
        raise NotFound
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    return supporter


def _mine(actor: Actor, honour_id: UUID, version: int | None) -> Honour:
    honour = db.session.scalar(select(Honour).where(Honour.id == honour_id))
    if honour is None or not access.permits(actor, Permission.HONOUR_MANAGE, honour):
        raise NotFound
    if version is not None and honour.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return honour


def _check(honour: Honour) -> None:
    """Refuse an unknown reason, a year to come, a sentence that the linter finds fault with."""
    problems = {}
    if honour.reason_code not in REASONS:
        problems["reason_code"] = "请选择荣誉事由"
    if not _FIRST_YEAR <= honour.year <= clock.today().year:
        problems["year"] = "年份不能晚于今年"
    if len(honour.sentence) > SENTENCE_LENGTH:
        problems["sentence"] = "最多60个字"
    elif found := reading.findings(honour.sentence, honour.supporter_id, honour.tenant_path):
        matter, suggestion = advice(found[0])
        said = matter.template.format(**matter.params)
        problems["sentence"] = f"{said}；{suggestion.template}"
    if problems:
        raise Invalid("还没有保存，改好后请再提交一次", problems)


def _show_all_of(supporter_id: UUID) -> int:
    """Rewrite the public rows of one supporter, wherever in the authority the honours are."""
    own = scope.Scope(supporters=(supporter_id,), reason="a person's own honours")
    with scope.within(own, db.session()):
        honours = db.session.scalars(
            select(Honour).where(Honour.supporter_id == supporter_id, Honour.status == "approved")
        ).all()
        for honour in honours:
            _show(honour)
    return len(honours)


def _show(honour: Honour) -> None:
    """Make the public row say what standing, consent and setting allow now."""
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == honour.supporter_id))
    name = None
    if supporter is not None and honour.status == "approved":
        display = units.settings(honour.tenant_path).honours_display
        name = _name(supporter, display, reading.consent(supporter.id) is not None)
    card = db.session.scalar(select(HonourCard).where(HonourCard.honour_id == honour.id))
    if supporter is None or name is None:
        db.session.execute(delete(HonourCard).where(HonourCard.honour_id == honour.id))
        return
    place = units.by_path(honour.unit_path)
    card = card or HonourCard(honour_id=honour.id)
    card.year, card.reason_code, card.sentence = honour.year, honour.reason_code, honour.sentence
    card.region_code, card.region_name = place.code, place.name
    card.kind, card.shown_name = supporter.kind, name
    db.session.add(card)
    db.session.flush()


def _name(supporter: Supporter, without_consent: str, consented: bool) -> str | None:  # noqa: FBT001 -- read beside two names
    if supporter.status in _NO_STANDING:
        return None
    return shown_name(
        supporter.kind, supporter.name, consented=consented, without_consent=without_consent
    )
