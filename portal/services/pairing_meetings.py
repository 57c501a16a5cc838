"""What comes between the approval and the start: the family's yes, the first meeting (PN)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from portal.core import access, facts, scope
from portal.domain import clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.pairings import MET, not_mine
from portal.domain.pairings import is_hour
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import GuardianLink
from portal.models.pairings import Pairing
from portal.queries import directors
from portal.services import files, pairing_checks
from portal.services.guardians import Opening
from portal.services.pairing_checks import get

_WORDS_LENGTH, _NAME_LENGTH = 500, 40
_PLANNED = frozenset({"matched", "active"})
_BAD_DAY = ("on", "见面日期不能早于今天")
_BAD_HOUR = ("hour", "时间请写成 09:30 的样子")


def agree_guardian(
    actor: Actor,
    pairing_id: UUID,
    *,
    by: str,
    on: date,
    file_id: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """Record that a guardian agreed on paper: who, on which day, the scan of the agreement.

    Raises Invalid without a name or for a day before the approval or after today, WrongState
    when the pairing does not wait for its first meeting.
    """
    pairing = _before_start(actor, pairing_id, version)
    name = by.strip()[:_NAME_LENGTH]
    if not name:
        raise Invalid("请写同意的监护人是谁", {"by": "请写同意的监护人是谁"})
    _since_approval(pairing, on)
    pairing.guardian_agreed_on, pairing.guardian_agreed_by = on, name
    if file_id is not None:
        pairing.agreement_file_id = files.attach(file_id, unit_path=pairing.unit_path).id
    facts.publish("pairing.agree_guardian", actor=actor, subject=pairing)
    return pairing.id


def agree_by_link(opening: Opening, pairing_id: UUID) -> UUID:
    """Take the yes of the guardian whose link is open; the link says who it is.

    Raises NotFound for another child's pairing, WrongState when none is asked any more.
    """
    with scope.within(opening.scope, db.session()):
        pairing = get(pairing_id)
        guardian = db.session.get(GuardianLink, opening.guardian_id)
        if pairing.child_id != opening.child_id or guardian is None:
            raise NotFound
        if pairing.status != "matched" or pairing.guardian_agreed_on is not None:
            raise WrongState("这一项已经办好，或现在不需要您同意")
        pairing.guardian_agreed_on, pairing.guardian_agreed_by = clock.today(), guardian.name
        facts.publish("pairing.agree_guardian", actor=SYSTEM, subject=pairing, by="link")
        db.session.flush()
    return pairing_id


def agree_child(
    actor: Actor, pairing_id: UUID, *, words: str, on: date, version: int | None = None
) -> UUID:
    """Record that the child wants this, in the child's own words; asked from eight years on."""
    pairing = _before_start(actor, pairing_id, version)
    said = words.strip()[:_WORDS_LENGTH]
    if not said:
        raise Invalid("请记下孩子的原话", {"words": "请记下孩子的原话"})
    _since_approval(pairing, on)
    pairing.child_agreed_on, pairing.child_words = on, said
    facts.publish("pairing.agree_child", actor=actor, subject=pairing)
    return pairing.id


def plan_meeting(
    actor: Actor,
    pairing_id: UUID,
    *,
    on: date,
    place: str,
    hour: str = "",
    version: int | None = None,
) -> UUID:
    """Arrange the first meeting, or the next one: a day, an hour, a service point.

    Whoever arranges answers the mentor's calls. Raises Invalid for a day gone by, or a place
    that says where the child lives or learns.
    """
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in _PLANNED:
        raise WrongState("只有待见面或结对中的结对可以约见面")
    if on < clock.today() or (hour and not is_hour(hour)):
        field, said = _BAD_DAY if on < clock.today() else _BAD_HOUR
        raise Invalid(said, {field: said})
    pairing.meeting_place = pairing_checks.place(pairing, place)
    pairing.meeting_on, pairing.meeting_hour = on, hour
    pairing.contact_id = actor.user_id
    facts.publish("pairing.plan_meeting", actor=actor, subject=pairing, on=on.isoformat())
    return pairing.id


def meet(
    actor: Actor,
    pairing_id: UUID,
    *,
    on: date,
    called: str,
    place: str,
    version: int | None = None,
) -> UUID:
    """Record the first meeting, held with the director present, and what the child is called.

    By the director who was there; by the supervisor or the county only for a village without a
    director today. Raises Invalid for a day before the approval or after today, and for a name
    or a place that tells who the child is.
    """
    pairing = _before_start(actor, pairing_id, version)
    if not directors.may_hold(actor, pairing.unit_path):
        raise Conflict("第一次见面由在场的儿童主任登记")
    _since_approval(pairing, on)
    pairing.called = pairing_checks.called(pairing, called)
    pairing.meeting_place = pairing_checks.place(pairing, place)
    pairing.met_on, pairing.met_with = on, actor.user_id
    pairing.meeting_on, pairing.meeting_hour = None, ""
    pairing.contact_id = pairing.contact_id or actor.user_id
    facts.publish("pairing.meet", actor=actor, subject=pairing, on=on.isoformat())
    return pairing.id


def call_child(actor: Actor, pairing_id: UUID, *, called: str, version: int | None = None) -> UUID:
    """Change what the mentor calls the child, while they know each other."""
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status not in MET:
        raise WrongState("结对开始以后才能修改孩子的称呼")
    pairing.called = pairing_checks.called(pairing, called)
    facts.publish("pairing.call_child", actor=actor, subject=pairing)
    return pairing.id


def _before_start(actor: Actor, pairing_id: UUID, version: int | None) -> Pairing:
    """Return a pairing that waits for its first meeting, for whoever may hold it."""
    pairing = get(pairing_id, version)
    access.require(actor, Permission.PAIRING_MEET, pairing)
    not_mine(actor, pairing, {})
    if pairing.status != "matched":
        raise WrongState("这份结对现在不是“已批准，待见面”，不能登记")
    return pairing


def _since_approval(pairing: Pairing, day: date) -> None:
    if day > clock.today() or (pairing.approved_on and day < pairing.approved_on):
        said = "日期要在批准当天或之后，不能晚于今天"
        raise Invalid(said, {"on": said})
