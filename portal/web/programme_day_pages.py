"""What the pages of a programme's days share: forms filled in, costs parsed, papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import g, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.domain import child_days
from portal.domain.camp_days import MEALS, WEATHER, WHO, Cost, fen_of
from portal.domain.errors import NotFound
from portal.domain.figures import Share
from portal.domain.programmes import KINDS, TOPICS
from portal.forms.programme_days import DayForm, NoteForm, PhotoForm, ReportForm, SlipForm
from portal.queries import programme_days as rows
from portal.queries.programme_days import Child, DayView, Head, ReportView

#: Empty lines for costs at the end of the form.
_SPARE = 3
_MONEY = Decimal(100)


def day_of(text: str) -> date:
    """Return the day an address names; NotFound for one that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def day_form(view: DayView | None = None) -> DayForm:
    """Return the form of a day: as posted, or as the report stands."""
    form = DayForm() if view is None else DayForm(formdata=None)
    form.offer()
    if view is not None:
        for name in ("weather", "did", "meals", "incident"):
            getattr(form, name).data = getattr(view.report, name)
        form.served.data = list(view.report.served)
        form.version.data = str(view.version)
    return form


def seen(version: int) -> int | None:
    """Return the version to hold a row to; None where there was none yet."""
    return version or None


def photo_form(view: DayView, *, blank: bool = False) -> PhotoForm:
    """Return the form for one more picture."""
    form = PhotoForm(formdata=None) if blank else PhotoForm()
    form.offer(choices(view.consenting))
    return form


def note_forms(view: DayView) -> dict[UUID, NoteForm]:
    """Return a form per session of a day, each with its own field ids."""
    forms = {}
    for one in view.sessions:
        form = NoteForm(formdata=None, prefix="")
        form.words.id = f"words-{one.id}"
        form.words.data, form.version.data = one.note, str(one.version)
        forms[one.id] = form
    return forms


def slip_form(children: Iterable[Child], *, blank: bool = False) -> SlipForm:
    """Return the form for a slip."""
    form = SlipForm(formdata=None) if blank else SlipForm()
    form.offer(choices(children))
    return form


def report_form(view: ReportView) -> ReportForm:
    """Return the form of the end report as it stands."""
    form = ReportForm(formdata=None)
    form.words.data, form.version.data = view.words, str(view.version)
    return form


def choices(children: Iterable[Child]) -> list[tuple[str, str]]:
    """Return children as choices: number and given name."""
    return [(str(one.enrolment_id), f"{one.no or ''} {one.called}".strip()) for one in children]


def costs() -> list[Cost]:
    """Return the costs typed in; lines without a word and an amount are left out."""
    words, amounts = request.form.getlist("cost-word"), request.form.getlist("cost-yuan")
    typed = [pair for pair in zip(words, amounts, strict=False) if pair[0].strip() or pair[1]]
    return [Cost(word, fen_of(amount)) for word, amount in typed]


def cost_lines(
    view: ReportView, typed: list[tuple[str, str]] | None = None
) -> list[tuple[str, str]]:
    """Return the lines of the costs' form, with some to spare."""
    kept = typed or [(word, f"{Decimal(fen) / _MONEY:.2f}") for word, fen in view.costs]
    return [*kept, *[("", "")] * _SPARE]


def words_of(of: Head) -> dict[str, object]:
    """Return what every page of a programme's days shows of it."""
    return {
        "of": of,
        "kind": gettext(KINDS[of.kind].label),
        "weather": {key: gettext(word) for key, word in WEATHER.items()},
        "meals": {key: gettext(word) for key, word in MEALS.items()},
        "topics": {key: gettext(word) for key, word in TOPICS.items()},
        "who": {key: gettext(word) for key, word in WHO.items()},
        "rate": child_days.rate,
        "without_leave": child_days.rate_without_leave,
        "share": Share,
    }


def picture(of: Head, photo_id: UUID) -> ResponseReturnValue:
    """Answer with a picture of the wall, and nothing that a browser may run or keep."""
    answer = make_response(rows.picture(of, photo_id))
    answer.headers["Content-Type"] = "image/jpeg"
    answer.headers["Content-Disposition"] = 'inline; filename="day.jpg"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def paper(data: bytes, name: str) -> ResponseReturnValue:
    """Answer with a PDF to keep."""
    answer = make_response(data)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def left_words(many: int) -> str:
    """Return what is said of duties that were not counted."""
    return gettext(
        "还有 %(n)s 次没有核定：自己的值班由别人核定；当天资格不在有效期内的不能计入。", n=many
    )


def head(code: str) -> Head:
    """Return the programme an address names; NotFound for every one that is not the reader's."""
    return rows.head(g.actor, code)
