"""Tier 2, contact with children: asked by the person, recommended by one, decided by another."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, transitions
from portal.domain import clock, passport
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.clearances import MACHINE
from portal.domain.permissions import Permission
from portal.domain.texts import PLEDGE_VERSION
from portal.extensions import db
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, Tie, VettingCheck
from portal.queries import units
from portal.services import standings

_WORDS_LENGTH = 500


def ask(
    actor: Actor,
    supporter_id: UUID,
    *,
    pledge: bool,
    relative_of_child: bool,
    works_for_bureau: bool,
    words: str = "",
) -> UUID:
    """Ask to meet children: the child-protection pledge signed, ties with the area declared.

    Raises NotFound for a supporter one is no contact of, Invalid for an organisation, an
    unsigned pledge or a tie without words, WrongState while tier 1 does not stand.
    """
    supporter = _get(supporter_id)
    if not access.permits(actor, Permission.CLEARANCE_ASK, supporter):
        raise NotFound
    ties = [
        kind
        for kind, declared in (
            ("relative_of_child", relative_of_child),
            ("works_for_bureau", works_for_bureau),
        )
        if declared
    ]
    _may_ask(supporter, pledge=pledge, ties=bool(ties), words=words)
    row = _begun_or_asked_again(actor, supporter)
    _declare(actor, supporter, ties, words)
    _sign(actor, supporter)
    db.session.flush()
    return row.id


def recommend(actor: Actor, supporter_id: UUID, *, version: int | None = None) -> UUID:
    """Say as the first person that all five checks are in order."""
    row = _of(actor, supporter_id, version)
    transitions.fire(MACHINE, row, "recommend", actor)
    row.recommended_by, row.words = actor.user_id, ""
    return row.id


def approve(actor: Actor, supporter_id: UUID, *, version: int | None = None) -> UUID:
    """Let somebody meet children, as the second person who recorded none of the checks (SV)."""
    row = _of(actor, supporter_id, version)
    transitions.fire(MACHINE, row, "approve", actor)
    _grant(actor, row)
    return row.id


def give_back(actor: Actor, supporter_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Send the request back with a reason; it may be asked again."""
    row = _of(actor, supporter_id, version)
    transitions.fire(MACHINE, row, "return", actor, {"reason": reason})
    row.words = reason.strip()[:_WORDS_LENGTH]
    return row.id


def recheck(actor: Actor, supporter_id: UUID, *, version: int | None = None) -> UUID:
    """Propose to lengthen a standing after its checks were renewed, as the first person."""
    row = _of(actor, supporter_id, version)
    transitions.fire(MACHINE, row, "recheck", actor)
    row.recommended_by = actor.user_id
    return row.id


def renew(actor: Actor, supporter_id: UUID, *, version: int | None = None) -> UUID:
    """Lengthen a standing as the second person; contact went on meanwhile, until its old day."""
    row = _of(actor, supporter_id, version)
    transitions.fire(MACHINE, row, "renew", actor)
    _grant(actor, row)
    return row.id


def withdraw(actor: Actor, supporter_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """End contact with children; tier 1 stays."""
    row = _of(actor, supporter_id, version)
    transitions.fire(MACHINE, row, "withdraw", actor, {"reason": reason})
    row.words = reason.strip()[:_WORDS_LENGTH]
    supporter = _get(supporter_id)
    supporter.tier = min(supporter.tier, 1)
    standings.contact_ended(supporter, "withdrawn")
    return row.id


def _grant(actor: Actor, row: Clearance) -> None:
    row.granted_by, row.granted_at = actor.user_id, clock.now()
    row.valid_to, row.words = _until(row), ""
    _get(row.supporter_id).tier = 2


def _until(row: Clearance) -> date | None:
    """Return the first day that ends it: a check's, or tier 1's."""
    until = passport.valid_until(row.passport)
    tier1 = _get(row.supporter_id).valid_to
    return min(until, tier1) if until and tier1 else until


def _get(supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    return supporter


def _of(actor: Actor, supporter_id: UUID, version: int | None) -> Clearance:
    row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter_id))
    if row is None or not access.permits(actor, Permission.SUPPORTER_VET, row):
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row


def _may_ask(supporter: Supporter, *, pledge: bool, ties: bool, words: str) -> None:
    if supporter.kind != "individual":
        raise Invalid("接触儿童的资格属于个人，单位成员请先以个人身份登记")
    if not supporter.stands_on(clock.today()):
        raise WrongState("先取得捐物资格，再申请接触儿童")
    problems = {}
    if not pledge:
        problems["pledge"] = "请阅读并同意儿童保护承诺"
    if ties and not words.strip():
        problems["words"] = "请写明是什么关系"
    if problems:
        raise Invalid("还不能提交：{why}", problems, why="；".join(problems.values()))


def _begun_or_asked_again(actor: Actor, supporter: Supporter) -> Clearance:
    row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter.id))
    if row is not None:
        transitions.fire(MACHINE, row, "ask", actor)
        row.recommended_by, row.words = None, ""
        return row
    row = Clearance(
        id=uuid4(),
        supporter_id=supporter.id,
        tenant_path=supporter.tenant_path,
        unit_path=supporter.unit_path,
        created_by=actor.user_id,
    )
    transitions.begin(MACHINE, row, actor)
    row.status_since = clock.now()
    db.session.add(row)
    return row


def _declare(actor: Actor, supporter: Supporter, ties: list[str], words: str) -> None:
    for kind in ties:
        db.session.add(
            Tie(
                supporter_id=supporter.id, tenant_path=supporter.tenant_path, side="applicant",
                kind=kind, words=words.strip()[:_WORDS_LENGTH], created_by=actor.user_id,
            )
        )  # fmt: skip


def _sign(actor: Actor, supporter: Supporter) -> None:
    """Record the child-protection pledge, signed today in its present version."""
    today = clock.today()
    db.session.add(
        VettingCheck(
            supporter_id=supporter.id, tenant_path=supporter.tenant_path, kind="pledge",
            done_on=today, reference=PLEDGE_VERSION, created_by=actor.user_id,
            expires_on=passport.last_day("pledge", today, units.settings(supporter.tenant_path)),
        )
    )  # fmt: skip
