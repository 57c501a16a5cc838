"""A programme's days on its organiser's phone, and its end: report, slips, certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.documents import participation
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.forms.programme_days import NoteForm
from portal.queries import participations
from portal.queries import programme_days as rows
from portal.services import camp_days, duty_hours, programme_reports
from portal.web import programme_day_pages as pages
from portal.web import uploads
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, page
from portal.web.values import maybe_uuid, shown_version

bp = Blueprint("programme_days", __name__, url_prefix="/programmes/<code>")
_REFUSED = 422


@bp.get("/days", endpoint="index")
@page(Permission.PROGRAMME_REPORT)
def index(code: str) -> ResponseReturnValue:
    of = pages.head(code)
    return render_template(
        "programme_days/index.html", days=rows.days(of), report=rows.report(of),
        **pages.words_of(of),
    )  # fmt: skip


@bp.get("/days/<on>", endpoint="day")
@page(Permission.PROGRAMME_REPORT)
def day(code: str, on: str) -> ResponseReturnValue:
    return _day_page(code, on)


@bp.post("/days/<on>", endpoint="write_day")
@command(Permission.PROGRAMME_REPORT)
def write_day(code: str, on: str) -> ResponseReturnValue:
    of, when, form = pages.head(code), pages.day_of(on), pages.day_form()
    version = pages.seen(form.seen)
    if request.form.get("step") == "hand_in":
        done = attempt(
            form,
            lambda: camp_days.hand_in(
                g.actor, of.id, when, form.day(), worry=form.worry.data or "", version=version
            ),
        )
    else:
        done = attempt(
            form, lambda: camp_days.save(g.actor, of.id, when, form.day(), version=version)
        )
    if done is None:
        return _day_page(code, on, day_form=form), _REFUSED
    handed_in = request.form.get("step") == "hand_in"
    flash(gettext("日报已交。") if handed_in else gettext("日报已保存。"), "ok")
    return redirect(url_for("programme_days.day", code=code, on=on), 303)


@bp.post("/days/<on>/photos", endpoint="add_photo")
@command(Permission.PROGRAMME_REPORT)
def add_photo(code: str, on: str) -> ResponseReturnValue:
    of, when = pages.head(code), pages.day_of(on)
    form = pages.photo_form(rows.day(of, when))
    uploads.keep(form)
    added = attempt(
        form,
        lambda: camp_days.add_photo(
            g.actor, of.id, when, uploads.kept(form)["photo"],
            shows=[UUID(one) for one in form.shows.data or ()], words=form.words.data or "",
        ),
    )  # fmt: skip
    if added is None:
        return _day_page(code, on, photo_form=form), _REFUSED
    flash(gettext("照片已放上。"), "ok")
    return redirect(url_for("programme_days.day", code=code, on=on), 303)


@bp.post("/days/<on>/photos/<uuid:photo_id>/remove", endpoint="remove_photo")
@command(Permission.PROGRAMME_REPORT)
def remove_photo(code: str, on: str, photo_id: UUID) -> ResponseReturnValue:
    camp_days.remove_photo(g.actor, pages.head(code).id, photo_id)
    flash(gettext("照片已删除。"), "ok")
    return redirect(url_for("programme_days.day", code=code, on=on), 303)


@bp.get("/photos/<uuid:photo_id>", endpoint="photo")
@page(Permission.PROGRAMME_REPORT)
def photo(code: str, photo_id: UUID) -> ResponseReturnValue:
    return pages.picture(pages.head(code), photo_id)


@bp.post("/days/<on>/notes/<uuid:session_id>", endpoint="write_note")
@command(Permission.PROGRAMME_REPORT)
def write_note(code: str, on: str, session_id: UUID) -> ResponseReturnValue:
    pages.head(code)
    form = NoteForm()
    done = attempt(
        form,
        lambda: programme_reports.note_session(
            g.actor, session_id, words=form.words.data or "", version=pages.seen(form.seen)
        ),
    )
    if done is None:
        return _day_page(code, on, notes={session_id: form}), _REFUSED
    flash(gettext("辅导记录已保存。"), "ok")
    return redirect(url_for("programme_days.day", code=code, on=on), 303)


@bp.get("/report", endpoint="report")
@page(Permission.PROGRAMME_REPORT)
def report(code: str) -> ResponseReturnValue:
    return _report_page(code)


@bp.post("/report", endpoint="write_report")
@command(Permission.PROGRAMME_REPORT)
def write_report(code: str) -> ResponseReturnValue:
    of, words = pages.head(code), request.form.get("words", "")
    verb = programme_reports.hand_in if request.form.get("step") else programme_reports.save
    try:
        verb(g.actor, of.id, words=words, costs=pages.costs(), version=pages.seen(shown_version()))
    except Invalid as refusal:
        return _report_page(code, {"": sentence(refusal), **refusal.fields}), _REFUSED
    flash(gettext("总结已交。") if request.form.get("step") else gettext("总结已保存。"), "ok")
    return redirect(url_for("programme_days.report", code=code), 303)


@bp.get("/report.pdf", endpoint="report_paper")
@page(Permission.PROGRAMME_REPORT)
def report_paper(code: str) -> ResponseReturnValue:
    of = pages.head(code)
    data = participation.report(report=rows.report(of), **pages.words_of(of))
    return pages.paper(data, f"{code}-report")


@bp.get("/slips", endpoint="slips")
@page(Permission.PROGRAMME_REPORT)
def slips(code: str) -> ResponseReturnValue:
    return _slips_page(code)


@bp.post("/slips", endpoint="write_slip")
@command(Permission.PROGRAMME_REPORT)
def write_slip(code: str) -> ResponseReturnValue:
    of = pages.head(code)
    form = pages.slip_form(rows.roster(of.id))
    done = attempt(
        form,
        lambda: programme_reports.slip(
            g.actor, UUID(form.enrolment_id.data), who=form.who.data, stars=int(form.stars.data),
            words=form.words.data or "",
        ),
    )  # fmt: skip
    if done is None:
        return _slips_page(code, form), _REFUSED
    flash(gettext("评价已登记。"), "ok")
    return redirect(url_for("programme_days.slips", code=code), 303)


@bp.post("/hours", endpoint="count_hours")
@command(Permission.PROGRAMME_MANAGE)
def count_hours(code: str) -> ResponseReturnValue:
    of = pages.head(code)
    counted = duty_hours.verify(g.actor, of.id)
    flash(gettext("核定了 %(n)s 次值班，已记入服务时长。", n=counted), "ok")
    if left := duty_hours.left(of.id):
        flash(pages.left_words(left), "warn")
    return redirect(url_for("programme_days.index", code=code), 303)


@bp.get("/certificates", endpoint="certificates")
@page(Permission.PROGRAMME_REPORT)
def certificates(code: str) -> ResponseReturnValue:
    of = pages.head(code)
    return render_template(
        "programme_days/certificates.html",
        people=participations.earned(g.actor, of),
        **pages.words_of(of),
    )


@bp.get("/certificates.pdf", endpoint="certificates_paper")
@page(Permission.PROGRAMME_REPORT)
def certificates_paper(code: str) -> ResponseReturnValue:
    of = pages.head(code)
    wanted = {one for one in map(maybe_uuid, request.args.getlist("who")) if one}
    earned = participations.earned(g.actor, of)
    people = [one for one in earned if not wanted or one.enrolment_id in wanted]
    full = request.args.get("name") == "full"
    data = participation.certificates(people, full=full, **pages.words_of(of))
    return pages.paper(data, f"{code}-certificates")


def _day_page(code: str, on: str, **forms: Any) -> str:
    of = pages.head(code)
    view = rows.day(of, pages.day_of(on))
    return render_template(
        "programme_days/day.html",
        view=view,
        day_form=forms.get("day_form") or pages.day_form(view),
        photo_form=forms.get("photo_form") or pages.photo_form(view, blank=True),
        notes={**pages.note_forms(view), **forms.get("notes", {})},
        **pages.words_of(of),
    )


def _report_page(code: str, problems: dict[str, str] | None = None) -> str:
    of = pages.head(code)
    view = rows.report(of)
    form = pages.report_form(view)
    typed = None
    if problems is not None:
        form.words.data = request.form.get("words", "")
        typed = list(
            zip(request.form.getlist("cost-word"), request.form.getlist("cost-yuan"), strict=False)
        )
    return render_template(
        "programme_days/report.html", view=view, form=form, problems=problems or {},
        lines=pages.cost_lines(view, typed), **pages.words_of(of),
    )  # fmt: skip


def _slips_page(code: str, form: Any = None) -> str:
    of = pages.head(code)
    children = rows.roster(of.id)
    return render_template(
        "programme_days/slips.html",
        form=form or pages.slip_form(children, blank=True),
        report=rows.report(of),
        children=children,
        **pages.words_of(of),
    )
