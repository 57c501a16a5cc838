"""Camps and classes in a story: planned, filled, held, reported; and calls home."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from PIL import Image

from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.queries import stories_programmes as sights
from portal.scenarios.registry import outside
from portal.services import (
    absences,
    attendance,
    camp_days,
    departures,
    duties,
    duty_hours,
    enrolments,
    files,
    pickup_persons,
    places,
    programme_drafts,
    programme_reports,
    programmes,
    rota,
    session_unlocks,
    sessions,
    timetables,
    video_calls,
)
from portal.services.enrolments import Consents


@outside
def keep_plan(actor: Actor) -> UUID:
    """Upload an emergency plan, before it is attached."""
    sheet = io.BytesIO()
    Image.new("L", (744, 1052), 245).save(sheet, "PNG")
    return files.keep_draft(actor, data=sheet.getvalue(), mime="image/png")


def apply_all(actor: Actor, programme_id: UUID, children: Sequence[UUID]) -> list[UUID]:
    """Apply for several children in order; return their enrolments."""
    return [enrolments.apply(actor, programme_id, child) for child in children]


def consent_all(actor: Actor, enrolment_ids: Sequence[UUID], given: Consents) -> int:
    """Record the same consents for several children; return for how many."""
    for enrolment_id in enrolment_ids:
        enrolments.consent(actor, enrolment_id, given)
    return len(enrolment_ids)


def hold(
    actor: Actor,
    programme_id: UUID,
    day: date,
    starts: str = "",
    states: Mapping[str, str] | None = None,
) -> UUID:
    """Call the roll of one session: numbers of the roster with another state; the rest is there."""
    session_id = sights.session(programme_id, day, starts)
    roster = sights.roster(programme_id)
    for number, state in (states or {}).items():
        if number not in roster:
            raise NotFound
        attendance.mark_one(actor, session_id, roster[number], state=state)
    return attendance.take(actor, session_id)


def register_all(actor: Actor, programme_id: UUID, name: str, relation: str) -> int:
    """Register one person to fetch each child of a roster; return how many children."""
    roster = sights.roster(programme_id)
    for number, enrolment_id in roster.items():
        pickup_persons.register(
            actor, enrolment_id, name=name, relation=relation, code=f"{int(number):06d}"
        )
    return len(roster)


def let_all_go(actor: Actor, programme_id: UUID, day: date, starts: str = "") -> int:
    """Let every child who was there go with the registered person whose picture was compared."""
    session_id = sights.session(programme_id, day, starts)
    waiting = sights.to_fetch(session_id)
    for enrolment_id, pickup_id in waiting:
        departures.let_go(actor, session_id, enrolment_id, pickup_id=pickup_id)
    return len(waiting)


VERBS: Mapping[str, Callable[..., Any]] = {
    "plan.keep": keep_plan,
    "programme.draft": programme_drafts.draft,
    "programme.revise": programme_drafts.revise,
    "programme.prepare": programme_drafts.prepare,
    "programme.attach_plan": programme_drafts.attach_plan,
    "programme.submit": programmes.submit,
    "programme.approve": programmes.approve,
    "programme.send_back": programmes.send_back,
    "programme.open": programmes.open_registration,
    "programme.start": programmes.start,
    "programme.finish": programmes.finish,
    "programme.close": programmes.close,
    "programme.cancel": programmes.cancel,
    "timetable.fill": timetables.fill,
    "timetable.add": timetables.add,
    "timetable.copy_day": timetables.copy_day,
    "session.cancel": sessions.cancel_session,
    "session.replan": sessions.replan,
    "session.hold": hold,
    "session.take": attendance.take,
    "session.mark": attendance.mark_one,
    "session.ask_unlock": session_unlocks.ask,
    "session.approve_unlock": session_unlocks.approve,
    "session.note": programme_reports.note_session,
    "absence.visited": absences.visited,
    "rota.invite": rota.invite,
    "rota.confirm": rota.confirm,
    "rota.remove": rota.remove,
    "rota.assign": duties.assign,
    "rota.count_hours": duty_hours.verify,
    "enrolment.apply": enrolments.apply,
    "enrolment.apply_all": apply_all,
    "enrolment.consent": enrolments.consent,
    "enrolment.consent_all": consent_all,
    "enrolment.refuse": enrolments.refuse,
    "enrolment.drop": enrolments.drop,
    "places.settle": places.settle_places,
    "places.accept": places.accept,
    "places.pass_on": places.pass_on,
    "pickup.register": pickup_persons.register,
    "pickup.register_all": register_all,
    "pickup.end": pickup_persons.end,
    "departure.let_go": departures.let_go,
    "departure.let_all_go": let_all_go,
    "departure.block": departures.block,
    "day.save": camp_days.save,
    "day.hand_in": camp_days.hand_in,
    "report.save": programme_reports.save,
    "report.hand_in": programme_reports.hand_in,
    "slip.type": programme_reports.slip,
    "video_room.open": video_calls.open_room,
    "video_call.book": video_calls.book,
    "video_call.move": video_calls.move,
    "video_call.done": video_calls.done,
    "video_call.missed": video_calls.missed,
    "video_call.cancel": video_calls.cancel,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "programme.state": sights.state,
    "programme.number": sights.number,
    "programme.lacks": sights.lacks,
    "programme.notice": sights.notice,
    "programme.numbers": sights.numbers,
    "programme.sessions": sights.sessions,
    "enrolments.states": sights.enrolments,
    "enrolments.reasons": sights.reasons,
    "absences.told": sights.absences,
    "departures.counts": sights.departures,
    "session.find": sights.session,
    "roster.find": sights.on_roster,
    "children.aged": sights.children_aged,
}
