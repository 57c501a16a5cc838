"""One pairing at the desk: the forms of its steps, filled with the usual answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import g, render_template, request

from portal.domain import clock, versions
from portal.domain.errors import Conflict
from portal.domain.lifecycles.pairings import LIVE, MET
from portal.domain.permissions import Permission
from portal.forms import pairings as forms
from portal.forms.versioned import VersionedForm
from portal.queries import handover_points, pairing_dossiers
from portal.queries.pairing_dossiers import PairingDossier
from portal.services import pairing_meetings as meetings
from portal.services import pairings as verbs
from portal.web import pairing_words, uploads
from portal.web.forms import tell_apart

#: By the step in the address: its form, who may take it, in which states.
STEPS: Mapping[str, tuple[type[VersionedForm], Permission, frozenset[str]]] = {
    "agree_guardian": (forms.GuardianForm, Permission.PAIRING_MEET, frozenset({"matched"})),
    "agree_child": (forms.ChildForm, Permission.PAIRING_MEET, frozenset({"matched"})),
    "plan_meeting": (forms.PlanForm, Permission.PAIRING_MEET, frozenset({"matched", "active"})),
    "meet": (forms.MeetForm, Permission.PAIRING_MEET, frozenset({"matched"})),
    "call_child": (forms.CallForm, Permission.PAIRING_MEET, MET),
    "set_helper": (forms.HelperForm, Permission.PAIRING_MANAGE, LIVE),
}


def take(step: str, form: Any, pairing_id: UUID) -> Callable[[], UUID]:
    """Return the act of a submitted step."""
    who, seen = (g.actor, pairing_id), {"version": form.seen}
    acts: Mapping[str, Callable[[], UUID]] = {
        "agree_guardian": lambda: meetings.agree_guardian(
            *who, by=form.by.data, on=form.on.data,
            file_id=uploads.kept(form).get("agreement"), **seen,
        ),
        "agree_child": lambda: meetings.agree_child(
            *who, words=form.words.data, on=form.on.data, **seen
        ),
        "plan_meeting": lambda: meetings.plan_meeting(
            *who, on=form.on.data, hour=form.hour.data or "", place=form.place.data, **seen
        ),
        "meet": lambda: meetings.meet(
            *who, on=form.on.data, called=form.called.data, place=form.place.data, **seen
        ),
        "call_child": lambda: meetings.call_child(*who, called=form.called.data, **seen),
        "set_helper": lambda: verbs.set_helper(*who, helper=form.helper.data, **seen),
    }  # fmt: skip
    return acts[step]


def refuse_stale(pairing_id: UUID, form: VersionedForm) -> None:
    """Say that a page was no true one before saying what is wrong in it; 404 behind a wall."""
    if form.seen == versions.STALE and request.form:
        pairing_dossiers.dossier(g.actor, pairing_id)
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")


def page(
    pairing_id: UUID, problems: dict[str, str], tried: str = "", form: VersionedForm | None = None
) -> str:
    """Return the page of one pairing, with what was typed after a refusal."""
    found = pairing_dossiers.dossier(g.actor, pairing_id)
    offered = _forms(found)
    if form is not None:
        offered[form.step] = form
    for step, asked in offered.items():
        tell_apart(asked, step)
    return render_template(
        "pairings/dossier.html",
        d=found,
        forms=offered,
        places=_places(found) if offered else (),
        words=pairing_words,
        problems=problems,
        tried=tried,
        typed=request.form,
    )


def _forms(found: PairingDossier) -> dict[str, VersionedForm]:
    """Return the forms of the steps that this person may take now."""
    may = {Permission.PAIRING_MEET: found.may_meet, Permission.PAIRING_MANAGE: found.may_manage}
    usual = _usual(found)
    return {
        step: kind(formdata=None, data={"version": found.row.version, **usual.get(step, {})})
        for step, (kind, permission, states) in STEPS.items()
        if may[permission] and found.row.status in states and not _is_done(step, found)
    }


def _is_done(step: str, found: PairingDossier) -> bool:
    """Tell whether a step has nothing to add any more."""
    return {
        "agree_guardian": found.guardian_agreed_on is not None,
        "agree_child": found.child_agreed_on is not None,
        "meet": found.row.met_on is not None,
    }.get(step, False) or (step == "meet" and not found.may_hold_meeting)


def _usual(found: PairingDossier) -> dict[str, dict[str, Any]]:
    today, place = clock.today(), found.meeting_place
    return {
        "agree_guardian": {"on": today},
        "agree_child": {"on": today},
        "plan_meeting": {"on": found.meeting_on, "hour": found.meeting_hour, "place": place},
        "meet": {"on": min(found.meeting_on or today, today), "place": place},
        "call_child": {"called": found.called},
        "set_helper": {"helper": found.row.helper},
    }


def _places(found: PairingDossier) -> tuple[str, ...]:
    return handover_points.offered(found.row.unit_path, found.tenant_path)
