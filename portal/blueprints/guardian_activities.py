"""Activities on a guardian's page: apply, agree one by one, take a place, name who fetches.

The pages stand behind the same link and second check as the rest (blueprints.guardian).
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.guardian import bp, must
from portal.domain import pickup_codes
from portal.domain.errors import Conflict, Invalid, WrongState
from portal.services import enrolment_links
from portal.services.enrolments import Notes
from portal.services.guardians import Opening
from portal.web import taking_part_words
from portal.web.errors import sentence, status_of
from portal.web.gate import public, public_command

_STEPS = "consent, notes, accept, pass_on, leave"


@bp.get("/<token>/activities")
@public
def activities(token: str) -> ResponseReturnValue:
    return _page(token, must(token))


@bp.post("/<token>/activities/apply/<uuid:programme_id>")
@public_command
def activity_apply(token: str, programme_id: UUID) -> ResponseReturnValue:
    opening = must(token)
    if "activity" not in _agreed():
        problem = gettext("请先勾选“参加活动”，才能报名")
        return _page(token, opening, problem), 422
    return _done(
        token,
        opening,
        lambda: enrolment_links.apply(opening, programme_id, _agreed(), _notes()),
        gettext("报名已收到，同意也已记下。结果会写在这里，儿童主任也会告诉您。"),
    )


@bp.post(f"/<token>/activities/<uuid:enrolment_id>/<any({_STEPS}):step>")
@public_command
def activity_step(token: str, enrolment_id: UUID, step: str) -> ResponseReturnValue:
    opening = must(token)
    acts: dict[str, Callable[[], UUID]] = {
        "consent": lambda: enrolment_links.consent(opening, enrolment_id, _agreed()),
        "notes": lambda: enrolment_links.note_health(opening, enrolment_id, _notes()),
        "accept": lambda: enrolment_links.answer(opening, enrolment_id, yes=True),
        "pass_on": lambda: enrolment_links.answer(opening, enrolment_id, yes=False),
        "leave": lambda: enrolment_links.leave(opening, enrolment_id),
    }
    return _done(token, opening, acts[step], gettext("已记下，马上生效。"))


@bp.post("/<token>/activities/<uuid:enrolment_id>/persons")
@public_command
def activity_person(token: str, enrolment_id: UUID) -> ResponseReturnValue:
    opening, code = must(token), pickup_codes.new_code()
    given = {name: request.form.get(name, "") for name in ("name", "relation", "phone")}
    try:
        enrolment_links.name_person(opening, enrolment_id, code=code, **given)
    except (Invalid, Conflict, WrongState) as refusal:
        return _page(token, opening, sentence(refusal)), status_of(refusal)
    return _page(token, opening, told=(given["name"], code))


@bp.post("/<token>/activities/persons/<uuid:person_id>/end")
@public_command
def activity_person_end(token: str, person_id: UUID) -> ResponseReturnValue:
    opening = must(token)
    return _done(
        token,
        opening,
        lambda: enrolment_links.end_person(opening, person_id),
        gettext("已停用：这位接送人不能再接孩子"),
    )


def _done(
    token: str, opening: Opening, act: Callable[[], UUID], said: str
) -> ResponseReturnValue:  # fmt: skip
    try:
        act()
    except (Invalid, Conflict, WrongState) as refusal:
        return _page(token, opening, sentence(refusal)), status_of(refusal)
    flash(said, "ok")
    return redirect(url_for("guardian.activities", token=token), 303)


def _agreed() -> frozenset[str]:
    return frozenset(request.form.getlist("agreed"))


def _notes() -> Notes:
    names = ("health", "diet", "second_contact", "second_phone")
    return Notes(**{name: request.form.get(name, "") for name in names})


def _page(
    token: str, opening: Opening, problem: str = "", told: tuple[str, str] | None = None
) -> str:
    held, offered = enrolment_links.page(opening)
    return render_template(
        "guardian/activities.html",
        token=token,
        held=held,
        offered=offered,
        problem=problem,
        told=told,
        words=taking_part_words,
    )
