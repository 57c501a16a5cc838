"""A day's report, its pictures, a session's note, a slip, the end report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.camp_days import MEALS, SHORT_LENGTH, STARS, TEXT_LENGTH, WEATHER, WHO, Day
from portal.forms.choices import TicksField, named, translated
from portal.forms.documents import DocumentField
from portal.forms.versioned import VersionedForm


class DayForm(VersionedForm):
    weather = SelectField(_l("天气"), [Optional()], choices=[])
    did = TextAreaField(_l("今天做了什么"), [Optional(), Length(max=TEXT_LENGTH)])
    served = TicksField(_l("供应了的餐次"), choices=[])
    meals = TextAreaField(_l("吃了什么"), [Optional(), Length(max=SHORT_LENGTH)])
    incident = TextAreaField(
        _l("发生的事（磕碰、生病、冲突）"), [Optional(), Length(max=TEXT_LENGTH)]
    )
    worry = TextAreaField(_l("担心哪个孩子的安全"), [Optional(), Length(max=TEXT_LENGTH)])

    def offer(self) -> None:
        """Offer the weathers and meals."""
        self.weather.choices = [("", _l("请选择")), *translated(WEATHER)]
        self.served.choices = translated(MEALS)

    def day(self) -> Day:
        """Return the report as typed."""
        return Day(
            weather=self.weather.data or "", did=self.did.data or "",
            served=tuple(self.served.data or ()), meals=self.meals.data or "",
            incident=self.incident.data or "",
        )  # fmt: skip


class PhotoForm(FlaskForm):
    photo = DocumentField(_l("照片"))
    shows = TicksField(_l("照片里认得出的孩子"), choices=[])
    words = StringField(_l("说明"), [Optional(), Length(max=SHORT_LENGTH)])

    def offer(self, children: list[tuple[str, str]]) -> None:
        """Offer the children whose family agreed to pictures."""
        self.shows.choices = named(children)


class NoteForm(VersionedForm):
    words = TextAreaField(
        _l("辅导了什么"), [InputRequired(_l("请写辅导了什么")), Length(max=TEXT_LENGTH)]
    )


class SlipForm(FlaskForm):
    enrolment_id = SelectField(_l("孩子"), [InputRequired(_l("请选择孩子"))], choices=[])
    who = RadioField(_l("谁的评价"), [InputRequired(_l("请选择是谁的评价"))], choices=[])
    stars = RadioField(_l("几分"), [InputRequired(_l("请选 1 到 5 分"))], choices=[])
    words = TextAreaField(_l("说的话"), [Optional(), Length(max=TEXT_LENGTH)])

    def offer(self, children: list[tuple[str, str]]) -> None:
        """Offer the children of the roster."""
        self.enrolment_id.choices = [("", _l("请选择")), *children]
        self.who.choices = translated(WHO)
        self.stars.choices = [(str(n), str(n)) for n in STARS]


class ReportForm(VersionedForm):
    words = TextAreaField(_l("总结"), [Optional(), Length(max=TEXT_LENGTH)])
