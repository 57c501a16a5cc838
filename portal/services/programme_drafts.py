"""Writing a programme: its fields while it is a draft, its preparation up to the first day."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts, scope, transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.programmes import EDITABLE, LIVE, PROGRAMMES
from portal.domain.permissions import Permission
from portal.domain.programme_inputs import Preparation, ProgrammeInput
from portal.domain.programmes import KINDS
from portal.domain.screening_words import SENTENCES
from portal.extensions import db
from portal.models.programmes import Programme
from portal.queries import programme_checks, programme_places, screening, units
from portal.services import files, programme_access

_TRIES = 5
_FEN = 100
#: Insurance, drill, venue and plan may still be written.
_PREPARES = EDITABLE | LIVE | {"submitted"}


def draft(actor: Actor, asked: ProgrammeInput, *, unit: str = "") -> UUID:
    """Begin a programme for the children of a county or city (its code); return its id.

    By default the first place the actor may plan for. Raises NotFound for any other place,
    Invalid for a field that cannot be. The drafter answers for it and may work in it.
    """
    access.require(actor, Permission.PROGRAMME_DRAFT)
    places = programme_places.of(actor)
    place = next((one for one in places if one.code == unit or not unit), None)
    if place is None or place.tenant_path is None:
        raise NotFound
    programme = Programme(
        id=uuid4(),
        tenant_path=place.tenant_path,
        unit_path=place.path,
        status=PROGRAMMES.initial,
        status_since=clock.now(),
        organiser_id=actor.user_id,
        created_by=actor.user_id,
    )
    _fill(actor, programme, asked)
    transitions.begin(PROGRAMMES, programme, actor, programme_kind=programme.kind)
    _number(programme)
    if actor.user_id is not None:
        programme_access.open_for(programme, actor.user_id)
    return programme.id


def revise(
    actor: Actor, programme_id: UUID, asked: ProgrammeInput, *, version: int | None = None
) -> UUID:
    """Change a draft; WrongState once it was handed in. The kind stays what it was."""
    programme = _own(actor, programme_id, version)
    if programme.status not in EDITABLE:
        raise WrongState("已经提交的活动不能再改这些内容；需要修改时请县级退回")
    if asked.kind != programme.kind:
        raise Invalid("活动种类不能改，请另外新建", {"kind": "活动种类不能改"})
    _fill(actor, programme, asked)
    programme_access.follow_dates(programme)
    facts.publish("programme.revise", actor=actor, subject=programme)
    return programme.id


def prepare(
    actor: Actor, programme_id: UUID, asked: Preparation, *, version: int | None = None
) -> UUID:
    """Write down insurance, the drill, and that the venue was looked at (by whom: the actor)."""
    programme = _preparing(actor, programme_id, version)
    asked.check(clock.today())
    programme.insurance_no = asked.insurance_no.strip()
    programme.insured_until, programme.drill_on = asked.insured_until, asked.drill_on
    if programme.venue_checked_on != asked.venue_checked_on:
        programme.venue_checked_on = asked.venue_checked_on
        programme.venue_checked_by = actor.user_id if asked.venue_checked_on else None
    facts.publish("programme.prepare", actor=actor, subject=programme)
    return programme.id


def attach_plan(
    actor: Actor, programme_id: UUID, file_id: UUID, *, version: int | None = None
) -> UUID:
    """Keep the emergency plan, an upload that was cleaned and kept before (S3-7a)."""
    programme = _preparing(actor, programme_id, version)
    programme.plan_file_id = files.attach(file_id, unit_path=programme.unit_path).id
    facts.publish("programme.prepare", actor=actor, subject=programme, document="plan")
    return programme.id


def get(programme_id: UUID, version: int | None = None) -> Programme:
    """Return a programme inside the scope; Conflict when it changed since ``version`` was shown."""
    programme = db.session.scalar(select(Programme).where(Programme.id == programme_id))
    if programme is None:
        raise NotFound
    if version is not None and programme.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return programme


def _own(actor: Actor, programme_id: UUID, version: int | None) -> Programme:
    programme = get(programme_id, version)
    access.require(actor, Permission.PROGRAMME_MANAGE, programme)
    return programme


def _preparing(actor: Actor, programme_id: UUID, version: int | None) -> Programme:
    programme = _own(actor, programme_id, version)
    if programme.status not in _PREPARES:
        raise WrongState("活动已经结束，这些内容不能再改")
    return programme


def _fill(actor: Actor, programme: Programme, asked: ProgrammeInput) -> None:
    """Take over what was typed; the kind's own values stand for what was left empty."""
    asked.check()
    _refuse_private(asked, programme.tenant_path)
    kind = KINDS[asked.kind]
    rules = programme_checks.rules_of(asked.kind, units.settings(programme.tenant_path))
    programme.kind, programme.title = asked.kind, asked.title.strip()
    programme.public_words = asked.public_words.strip()
    programme.season = asked.season if kind.seasonal else ""
    programme.starts_on, programme.ends_on = asked.starts_on, asked.ends_on
    programme.capacity = asked.capacity or kind.capacity
    programme.age_min = asked.age_min if asked.age_min >= 0 else kind.ages[0]
    programme.age_max = asked.age_max if asked.age_max >= 0 else kind.ages[1]
    programme.ratio = asked.ratio or rules.ratio
    programme.venue, programme.meeting_point = asked.venue.strip(), asked.meeting_point.strip()
    programme.register_from, programme.register_until = asked.register_from, asked.register_until
    programme.places_by, programme.remark = asked.places_by, asked.remark.strip()
    programme.budget_fen = asked.budget_yuan * _FEN
    # Whoever wrote last holds the first key: they may not approve it.
    programme.drafted_by = actor.user_id


def _refuse_private(asked: ProgrammeInput, tenant_path: str) -> None:
    """Refuse a name or words that would tell a diagnosis, a person or a place (domain.md 7)."""
    problems = {}
    for name in ("title", "public_words"):
        found = screening.in_public(getattr(asked, name), tenant_path)
        if found:
            matter = SENTENCES[found[0].kind][0].format(text=found[0].text)
            problems[name] = f"{matter}，公告上不能出现，请删去"
    if problems:
        raise Invalid("{what}", problems, what="；".join(problems.values()))


def _number(programme: Programme) -> None:
    """Give it the next number of the portal's year (HD-2026-0001) and write it.

    One number line for the whole portal: the code is the public address.
    """
    session, year = db.session(), clock.today().year
    last = 0
    for attempt in range(_TRIES):
        with scope.everywhere("codes of programmes are addresses of the whole portal", session):
            last = max(last, _last_number(year))
        programme.code = f"HD-{year}-{last + 1 + attempt:04d}"
        try:
            with session.begin_nested():
                session.add(programme)
        except IntegrityError:
            continue
        return
    raise Conflict("编号暂时冲突，请再试一次")


def _last_number(year: int) -> int:
    newest = db.session.scalar(
        select(Programme.code)
        .where(Programme.code.like(f"HD-{year}-%"))
        .order_by(func.length(Programme.code).desc(), Programme.code.desc())
        .limit(1)
    )
    return int(newest.rsplit("-", 1)[1]) if newest else 0
