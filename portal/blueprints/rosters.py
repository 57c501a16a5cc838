"""A programme's roster, places and rota, for its organiser, its county and who is on duty."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import roster_sheet
from portal.domain.draws import commitment
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.domain.pool import DAYS, SKILLS
from portal.queries import place_lists, resource_places, rosters
from portal.queries import rota as rota_rows
from portal.services import duties, duty_swaps, enrolments, places, rota
from portal.services import rosters as looks
from portal.web import roster_pages, taking_part_words
from portal.web.downloads import workbook
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.looking import note_roster
from portal.web.values import maybe_date, shown_version

bp = Blueprint("rosters", __name__, url_prefix="/programmes")
_REFUSED = 422


@bp.get("/<code>/roster")
@page(Permission.ROSTER_READ)
def roster(code: str) -> ResponseReturnValue:
    head = _looked(code)
    return render_template(
        "taking_part/roster.html", head=head, rows=rosters.rows(head), words=taking_part_words
    )


@bp.get("/<code>/roster/print")
@page(Permission.ROSTER_READ)
def roster_print(code: str) -> ResponseReturnValue:
    head = _looked(code)
    return render_template(
        "taking_part/roster_print.html", head=head, rows=rosters.rows(head), words=taking_part_words
    )


@bp.get("/<code>/badges")
@page(Permission.ROSTER_READ)
def badges(code: str) -> ResponseReturnValue:
    head = _looked(code)
    found = rosters.rows(head)
    return render_template(
        "taking_part/badges.html", head=head, rows=found, pictures=roster_pages.pictures(found)
    )


@bp.post("/<code>/roster.xlsx")
@command(Permission.ROSTER_EXPORT, fresh="roster.export")
def roster_export(code: str) -> ResponseReturnValue:
    head = rosters.head(g.actor, code, Permission.ROSTER_EXPORT)
    looks.take(g.actor, head.id, reason=request.form.get("reason", ""))
    out = BytesIO()
    roster_sheet.write(out, head, rosters.rows(head), roster_pages.watermark())
    return workbook(out.getvalue(), gettext("花名册%(code)s.xlsx", code=head.code))


@bp.get("/<code>/places", endpoint="places")
@page(Permission.ENROL_MANAGE)
def all_places(code: str) -> ResponseReturnValue:
    head = rosters.head(g.actor, code, Permission.ENROL_MANAGE)
    return render_template(
        "taking_part/places.html",
        head=head,
        places=place_lists.of(head.id),
        proves=bool(head.draw_seed) and commitment(head.draw_seed) == head.draw_commit,
        words=taking_part_words,
    )


@bp.post("/<code>/places/settle")
@command(Permission.ENROL_MANAGE)
def places_settle(code: str) -> ResponseReturnValue:
    head = rosters.head(g.actor, code, Permission.ENROL_MANAGE)
    places.settle_places(g.actor, head.id)
    flash(gettext("名额已分配，已通知儿童主任"), "ok")
    return redirect(url_for("rosters.places", code=code), 303)


@bp.post("/<code>/places/<uuid:enrolment_id>/refuse")
@command(Permission.ENROL_MANAGE)
def place_refuse(code: str, enrolment_id: UUID) -> ResponseReturnValue:
    rosters.head(g.actor, code, Permission.ENROL_MANAGE)
    reason = request.form.get("reason", "")
    enrolments.refuse(g.actor, enrolment_id, reason=reason, version=shown_version())
    flash(gettext("已登记，并通知儿童主任"), "ok")
    return redirect(url_for("rosters.places", code=code), 303)


@bp.get("/<code>/rota", endpoint="rota")
@page(Permission.ROTA_MANAGE)
def whole_rota(code: str) -> ResponseReturnValue:
    return _rota(code, {})


@bp.post("/<code>/rota/invite/<uuid:supporter_id>")
@command(Permission.ROTA_MANAGE)
def rota_invite(code: str, supporter_id: UUID) -> ResponseReturnValue:
    head = rosters.head(g.actor, code, Permission.ROTA_MANAGE)
    role = request.form.get("role", "")
    return _kept(code, lambda: rota.invite(g.actor, head.id, supporter_id, role=role))


@bp.post("/<code>/rota/<uuid:staff_id>/assign")
@command(Permission.ROTA_MANAGE)
def rota_assign(code: str, staff_id: UUID) -> ResponseReturnValue:
    form = request.form
    first, last = maybe_date(form.get("first")), maybe_date(form.get("last"))
    if first is None:
        return _rota(code, {str(staff_id): gettext("请选择日期")}), _REFUSED
    hours = {"starts": form.get("starts", ""), "ends": form.get("ends", "")}
    return _kept(
        code, lambda: duties.assign(g.actor, staff_id, first=first, last=last, **hours),
        str(staff_id),
    )  # fmt: skip


@bp.post("/<code>/rota/<uuid:staff_id>/remove")
@command(Permission.ROTA_MANAGE)
def rota_remove(code: str, staff_id: UUID) -> ResponseReturnValue:
    reason, seen = request.form.get("reason", ""), shown_version()
    return _kept(
        code, lambda: rota.remove(g.actor, staff_id, reason=reason, version=seen), str(staff_id)
    )


@bp.post("/<code>/rota/duties/<uuid:duty_id>/unassign")
@command(Permission.ROTA_MANAGE)
def rota_unassign(code: str, duty_id: UUID) -> ResponseReturnValue:
    seen = shown_version()
    return _kept(code, lambda: duties.unassign(g.actor, duty_id, version=seen))


@bp.post("/<code>/rota/swaps/<uuid:swap_id>/<any(approve, decline):word>")
@command(Permission.ROTA_MANAGE)
def rota_swap(code: str, swap_id: UUID, word: str) -> ResponseReturnValue:
    seen, yes = shown_version(), word == "approve"
    return _kept(code, lambda: duty_swaps.decide_swap(g.actor, swap_id, yes=yes, version=seen))


def _looked(code: str) -> rosters.Head:
    """Write the look before a roster is read (ADR 0011)."""
    head = rosters.head(g.actor, code)
    note_roster(head.id, health=head.sees_health)
    return rosters.head(g.actor, code)


def _kept(code: str, act: Callable[[], object], where: str = "") -> ResponseReturnValue:
    try:
        act()
    except Invalid as refusal:
        return _rota(code, {where: sentence(refusal)}), _REFUSED
    flash(gettext("已登记，已通知本人"), "ok")
    return redirect(url_for("rosters.rota", code=code), 303)


def _rota(code: str, problems: dict[str, str]) -> str:
    head = rosters.head(g.actor, code, Permission.ROTA_MANAGE)
    given = {name: request.args.get(name, "") for name in ("county", "skill", "day")}
    staff = rota_rows.staff(head.id)
    return render_template(
        "taking_part/rota.html",
        head=head,
        staff=staff,
        days=rota_rows.days(head.id),
        swaps=rota_rows.swaps(head.id),
        given=given,
        found=roster_pages.candidates(given, staff) if "find" in request.args else None,
        counties=resource_places.counties(g.actor),
        skills=SKILLS,
        day_words=DAYS,
        problems=problems,
        words=taking_part_words,
    )
