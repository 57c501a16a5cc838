"""What the pages of a programme share: its rooms, the checklist, moving it from a form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, flash, g, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.core import access, unit_of_work
from portal.domain import clock
from portal.domain.errors import Invalid, NotFound
from portal.domain.lifecycles.programmes import PROGRAMMES
from portal.domain.permissions import Permission
from portal.domain.programme_checks import Lack, Plan, missing
from portal.domain.programmes import KINDS, REPORTED_TOPICS, TOPICS
from portal.forms.programmes import PreparationForm, ProgrammeForm
from portal.queries import programme_places, programme_sessions
from portal.queries import programmes as reading
from portal.services import programmes
from portal.web import cursors
from portal.web.errors import sentence
from portal.web.values import maybe_date, shown_version

_LIST = "programmes"


@dataclass(frozen=True, slots=True)
class Room:
    """A page of a programme: shown where it exists and its reader may open it."""

    endpoint: str
    label: Any
    permission: Permission


#: In the order of the tabs; every address takes the programme's code.
ROOMS = (
    Room("planning.manage", _l("总览"), Permission.PROGRAMME_MANAGE),
    Room("timetables.edit", _l("日程"), Permission.PROGRAMME_MANAGE),
    Room("timetables.sessions", _l("场次"), Permission.PROGRAMME_MANAGE),
    Room("rosters.rota", _l("值班"), Permission.ROTA_MANAGE),
    Room("rosters.places", _l("报名和名额"), Permission.ENROL_MANAGE),
    Room("rosters.roster", _l("花名册"), Permission.ROSTER_READ),
    Room("programme_days.index", _l("日报"), Permission.PROGRAMME_REPORT),
    Room("programme_days.report", _l("总结"), Permission.PROGRAMME_REPORT),
)


def tabs(row: Any, here: str) -> list[dict[str, Any]]:
    """Return the rooms of a programme that its reader may enter; ``row`` is what is asked of."""
    return [
        {
            "url": url_for(room.endpoint, code=row.code),
            "label": room.label,
            "active": room.endpoint == here,
            "count": None,
            "hot": False,
        }
        for room in ROOMS
        if room.endpoint in current_app.view_functions
        and access.permits(g.actor, room.permission, row)
    ]


@dataclass(frozen=True, slots=True)
class View:
    """One view of the list: its states, and whether only one's own."""

    name: str
    label: Any
    statuses: tuple[str, ...] = ()
    own: bool = False


VIEWS = (
    View("approve", _l("待批准"), ("submitted",)),
    View("own", _l("我组织的"), own=True),
    View("coming", _l("筹备与报名"), ("draft", "submitted", "approved", "open")),
    View("running", _l("进行中"), ("running",)),
    View("over", _l("已结束"), ("finished", "closed", "cancelled")),
)


def chosen_view() -> View:
    """Return the view asked for; the bureau's queue where something waits, else one's own."""
    named = next((one for one in VIEWS if one.name == request.args.get("view")), None)
    if named is not None:
        return named
    if access.permits(g.actor, Permission.PROGRAMME_APPROVE):
        return VIEWS[0] if reading.waiting().count else VIEWS[2]
    return VIEWS[1] if access.permits(g.actor, Permission.PROGRAMME_DRAFT) else VIEWS[2]


def views(now: View) -> list[dict[str, Any]]:
    """Return the views with their counts; drafts of others are no one else's queue."""
    counts = reading.counts()
    approves = access.permits(g.actor, Permission.PROGRAMME_APPROVE)
    drafts = access.permits(g.actor, Permission.PROGRAMME_DRAFT)
    return [
        {
            "url": url_for("planning.index", view=one.name),
            "label": one.label,
            "count": None if one.own else sum(counts.get(state, 0) for state in one.statuses),
            "active": one == now,
            "hot": one.name == "approve",
        }
        for one in VIEWS
        if (approves or one.name != "approve") and (drafts or not one.own)
    ]


def wanted(view: View) -> reading.Wanted:
    """Read the filters from the address."""
    after = cursors.unseal(request.args.get("after", ""), f"{_LIST}.{view.name}")
    return reading.Wanted(
        statuses=view.statuses,
        kind=request.args.get("kind", "") if request.args.get("kind", "") in KINDS else "",
        q=request.args.get("q", "").strip()[:30],
        organiser=g.actor.user_id if view.own else None,
        after=(date.fromordinal(after[0]), after[1]) if after else None,
    )


def next_url(view: View, asked: reading.Wanted, after: tuple[date, UUID] | None) -> str:
    """Return the address of the next page, or nothing."""
    if after is None:
        return ""
    sealed = cursors.seal((after[0].toordinal(), after[1]), f"{_LIST}.{view.name}")
    kept: dict[str, Any] = {
        name: value for name, value in (("kind", asked.kind), ("q", asked.q)) if value
    }
    return url_for("planning.index", view=view.name, after=sealed, **kept)


def form_for(kind: str) -> ProgrammeForm:
    """Return the form of a kind with its lists; NotFound for a kind that is none."""
    if kind not in KINDS:
        raise NotFound
    form = ProgrammeForm()
    form.offer(kind, [(one.code, one.name) for one in programme_places.of(g.actor)])
    return form


def usual(form: ProgrammeForm, kind: str) -> None:
    """Fill a new programme's form with the kind's own values."""
    rules, today = KINDS[kind], clock.today()
    form.capacity.data, form.ratio.data = rules.capacity, rules.ratio
    form.age_min.data, form.age_max.data = rules.ages
    form.places_by.data = "first"
    form.register_from.data = today


def main_page(code: str, refused: str = "", form: PreparationForm | None = None) -> str:
    """Render a programme's overview; ``refused`` says why the last move was not made."""
    found = reading.dossier(g.actor, code)
    if form is None:
        form = PreparationForm(formdata=None)
        form.fill(found.prepared, found.row.version)
    return render_template(
        "programmes/manage.html",
        d=found,
        row=found.row,
        tabs=tabs(found.row, "planning.manage"),
        refused=refused,
        form=form,
        offered=[_button(offer, found.lacks) for offer in found.offers],
        stages=stages(found.lacks),
        progress=progress(found.plan),
        topics=_topics(found.plan),
        returned=_returned(found),
        sessions=programme_sessions.of(found.row.id),
    )


def move_and_say(code: str) -> str | None:
    """Make the move a form asks for; return the refusal's sentence when a rule says what to fix."""
    move = request.form.get("transition", "")
    version = shown_version()
    programme_id = reading.by_code(g.actor, code, Permission.PROGRAMME_MANAGE)
    reason = request.form.get("reason", "")
    try:
        programmes.act(g.actor, programme_id, move, reason=reason, version=version)
    except Invalid as refusal:
        unit_of_work.rollback()
        return sentence(refusal)
    flash(gettext(PROGRAMMES.transition(move).done), "success")
    return None


def stages(lacks: tuple[Lack, ...]) -> list[dict[str, Any]]:
    """Return the checklist by the step it is for: what is missing, each with where it is mended."""
    groups = (
        ("submit", gettext("提交前"), [one for one in lacks if one.blocks("submit")]),
        ("open", gettext("开放报名前"), [one for one in lacks if one.stage == "open"]),
        ("warn", gettext("提醒"), [one for one in lacks if not one.stage]),
    )
    return [
        {"name": name, "label": label, "lacks": [_said(one) for one in found]}
        for name, label, found in groups
        if found or name != "warn"
    ]


def progress(plan: Plan) -> dict[str, int] | None:
    """Return planned days of wanted days, for a kind that needs every day; None for others."""
    if not KINDS[plan.kind].every_day:
        return None
    return {"done": len(plan.active), "wanted": max(len(plan.days), plan.least_days)}


def typed_checklist(plan: Plan | None, kind: str) -> dict[str, Any]:
    """Return the checklist for what stands in the form now, saved or not."""
    args = request.args
    starts, ends = maybe_date(args.get("starts_on")), maybe_date(args.get("ends_on"))
    today = clock.today()
    base = plan or Plan(kind, starts or today, ends or starts or today, today, heads=0)
    typed = replace(
        base,
        starts_on=starts or base.starts_on,
        ends_on=ends or base.ends_on,
        season=args.get("season", base.season),
        ratio=_number("ratio", base.ratio),
        heads=_number("capacity", base.heads),
        venue=args.get("venue", base.venue),
        budget_fen=_number("budget", 0) if "budget" in args else base.budget_fen,
        register_from=maybe_date(args.get("register_from")),
        register_until=maybe_date(args.get("register_until")),
    )
    if (typed.ends_on - typed.starts_on) > timedelta(days=400):
        typed = replace(typed, ends_on=typed.starts_on)
    found = missing(typed)
    return {"stages": stages(found), "progress": progress(typed)}


def _number(name: str, otherwise: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise  # noqa: PLR2004 -- no longer number is meant


def _said(lack: Lack) -> dict[str, str]:
    text = gettext(lack.said.template)
    return {
        "code": lack.code,
        "text": text.format(**lack.said.params) if lack.said.params else text,
        "where": lack.where,
    }


def _button(offer: Any, lacks: tuple[Lack, ...]) -> dict[str, Any]:
    move = offer.move
    stage = move.name if move.name in ("submit", "approve", "open", "start") else ""
    blocking = sum(1 for one in lacks if stage and one.blocks(stage))
    refusal = gettext("还差 %(n)s 项，见清单", n=blocking) if blocking else offer.refusal
    return {
        "name": move.name,
        "label": gettext(move.label),
        "tone": move.tone.value,
        "asks": move.asks,
        "refusal": refusal,
    }


def _topics(plan: Plan) -> list[dict[str, Any]]:
    """Return each topic that is reported or required, and whether the timetable has it."""
    rules = KINDS[plan.kind]
    named = [one for one in REPORTED_TOPICS if one in rules.topics]
    wanted_topics = dict.fromkeys((*rules.required_topics, *named))
    return [
        {
            "word": gettext(TOPICS[one]),
            "there": one in plan.topics,
            "required": one in rules.required_topics,
        }
        for one in wanted_topics
    ]


def _returned(found: reading.Dossier) -> str:
    """Return the reason for which a draft came back, if it did."""
    if found.row.status != "draft":
        return ""
    back = (one.note for one in reversed(found.history) if one.kind == "programme.send_back")
    return next(back, "")
