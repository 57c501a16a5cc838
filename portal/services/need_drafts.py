"""Beginning a need: the child's file, what the assessment found, and the need's own fields (PN)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.needs import LIVE, NEEDS, assessed_lately
from portal.domain.need_inputs import NeedInput
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.needs import PairingNeed

_TRIES, _WORDS = 5, 1000


def draft(actor: Actor, child_id: UUID, asked: NeedInput) -> UUID:
    """Begin a need for a child of one's own village; return its id.

    Raises NotFound behind a wall, WrongState for a child off the register, Invalid for a word
    that is in no list, Conflict for a second live need of this kind.
    """
    child = _child(actor, child_id, Permission.NEED_DRAFT)
    need = PairingNeed(
        id=uuid4(),
        tenant_path=child.tenant_path,
        unit_path=child.unit_path,
        child_id=child.id,
        status=NEEDS.initial,
        status_since=clock.now(),
        created_by=actor.user_id,
    )
    _fill(actor, need, asked)
    _one_of_a_kind(need)
    transitions.begin(NEEDS, need, actor, child_id=str(child.id))
    _number(need)
    return need.id


def edit(actor: Actor, need_id: UUID, asked: NeedInput, version: int | None = None) -> UUID:
    """Change a draft; WrongState once it was handed on."""
    need = get(need_id, version)
    access.require(actor, Permission.NEED_DRAFT, need)
    if need.status != NEEDS.initial:
        raise WrongState("已经提交的需求不能再改；需要修改时请县级退回")
    _fill(actor, need, asked)
    _one_of_a_kind(need)
    facts.publish("need.edit", actor=actor, subject=need)
    return need.id


def record_assessment(
    actor: Actor, child_id: UUID, *, lacks_affection: bool, assessed_on: date
) -> UUID:
    """Write on the child's file whether the assessment of a day found 亲情缺失 (S0-4.5c).

    By the director or the supervisor. Raises Invalid for a day to come or older than twelve
    months.
    """
    child = _child(actor, child_id, Permission.NEED_ASSESS)
    if not assessed_lately(assessed_on, clock.today()):
        raise Invalid("评估日期要在最近12个月内", {"assessed_on": "评估日期要在最近12个月内"})
    child.lacks_affection = lacks_affection
    facts.publish(
        "child.assess",
        actor=actor,
        subject=child,
        assessed_on=assessed_on.isoformat(),
    )
    return child.id


def get(need_id: UUID, version: int | None = None) -> PairingNeed:
    """Return a need inside the scope; Conflict when it changed since ``version`` was shown."""
    need = db.session.scalar(select(PairingNeed).where(PairingNeed.id == need_id))
    if need is None:
        raise NotFound
    if version is not None and need.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return need


def _child(actor: Actor, child_id: UUID, permission: Permission) -> ChildFile:
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None:
        raise NotFound
    access.require(actor, permission, child)
    if child.status != "active":
        raise WrongState("这名儿童不在册，不能办理结对需求")
    return child


def _fill(actor: Actor, need: PairingNeed, asked: NeedInput) -> None:
    """Take over what was typed, after checking every word against its list."""
    asked.check(clock.today())
    need.kind, need.rhythm, need.days = asked.kind, asked.rhythm, sorted(set(asked.days))
    need.language, need.helper, need.sex_rule = asked.language, asked.helper, asked.sex_rule
    need.assessed_on, need.heard_on = asked.assessed_on, asked.heard_on
    need.assessed_by = actor.user_id if asked.assessed_on else None
    need.child_words = asked.child_words.strip()[:_WORDS]
    need.remark = asked.remark.strip()[:_WORDS]
    # Whoever wrote last holds the first key: they may not approve it.
    need.drafted_by = actor.user_id


def _one_of_a_kind(need: PairingNeed) -> None:
    """Refuse a second live need of one kind; the index of the table refuses it in a race."""
    twin = select(PairingNeed.id).where(
        PairingNeed.child_id == need.child_id,
        PairingNeed.kind == need.kind,
        PairingNeed.status.in_(LIVE),
        PairingNeed.id != need.id,
    )
    if db.session.scalar(twin.limit(1)) is not None:
        raise Conflict("这名儿童已经有一项同样的需求")


def _number(need: PairingNeed) -> None:
    """Give the need the next number of its authority's year (JD-2026-0001) and write it."""
    session, year = db.session(), clock.today().year
    last = 0
    for attempt in range(_TRIES):
        wide = scope.Scope(paths=(need.tenant_path,), reason="numbers run per authority")
        with scope.within(wide, session):
            last = max(last, _last_number(need.tenant_path, year))
        need.file_no = f"JD-{year}-{last + 1 + attempt:04d}"
        try:
            with session.begin_nested():
                session.add(need)
        except IntegrityError:
            continue
        return
    raise Conflict("编号暂时冲突，请再试一次")


def _last_number(tenant_path: str, year: int) -> int:
    newest = db.session.scalar(
        select(PairingNeed.file_no)
        .where(PairingNeed.tenant_path == tenant_path, PairingNeed.file_no.like(f"JD-{year}-%"))
        .order_by(func.length(PairingNeed.file_no).desc(), PairingNeed.file_no.desc())
        .limit(1)
    )
    return int(newest.rsplit("-", 1)[1]) if newest else 0
