"""What staff fill in about a cadence: an excuse, a substitute, a review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.domain.absences import EXCUSES, SUBSTITUTE_REASONS, WORDS_LENGTH
from portal.forms.choices import named, translated


class ExcuseForm(FlaskForm):
    period = SelectField(_l("免除哪一次"), [DataRequired(_l("请选择免除哪一次"))])
    reason_code = SelectField(_l("原因"), [DataRequired(_l("请选择原因"))])
    words = TextAreaField(
        _l("说明"),
        [Length(max=WORDS_LENGTH)],
        description=_l("选“其他原因”时必填。结对人会看到原因，看不到这里的说明。"),
    )

    def offer(self, periods: Iterable[tuple[str, str]]) -> None:
        """List what can be excused, and the reasons."""
        self.period.choices = named(periods)
        self.reason_code.choices = [*named([("", _l("请选择"))]), *translated(EXCUSES)]

    def read_period(self) -> tuple[str, date]:
        """Return the kind and the first day of the chosen period."""
        kind, _, first = str(self.period.data).partition("~")
        return kind, date.fromisoformat(first)


class SubstituteForm(FlaskForm):
    supporter_id = SelectField(
        _l("请谁代班"),
        [DataRequired(_l("请选择一位代班人"))],
        description=_l("只列出现在有接触儿童资格的人；代班不占对方的结对名额。"),
    )
    from_on = DateField(_l("从哪天"), [InputRequired()])
    until_on = DateField(
        _l("到哪天"), [InputRequired()], description=_l("最后一天仍有效，最长92天，到期自动结束。")
    )
    reason_code = SelectField(_l("原因"), [DataRequired(_l("请选择原因"))])

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        """List who could stand in, and the reasons."""
        self.supporter_id.choices = [*named([("", _l("请选择"))]), *named(people)]
        reasons = translated(SUBSTITUTE_REASONS)
        self.reason_code.choices = [*named([("", _l("请选择"))]), *reasons]


class ReviewForm(FlaskForm):
    on = DateField(_l("最晚哪天复核"), [InputRequired()])
    words = TextAreaField(
        _l("为什么"), [InputRequired(_l("请写明为什么要复核")), Length(max=WORDS_LENGTH)]
    )
