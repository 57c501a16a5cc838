"""Forms of an authority's settings and calendar."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.domain.calendar import KIND_LABELS
from portal.forms.choices import translated


class SettingForm(FlaskForm):
    value = StringField(_l("新的值"), [Length(max=254)])
    effective_on = DateField(
        _l("从哪天起"), [Optional()], description=_l("不填就马上生效；要两人确认的，从确认时起。")
    )


class ChoiceForm(SettingForm):
    value = SelectField(_l("新的值"), [DataRequired()])


class LogoForm(FlaskForm):
    picture = FileField(
        _l("标志图片"),
        [FileRequired(message=_l("请选择一张图片"))],
        description=_l("JPG、PNG 或 WEBP，不超过 5 MB；横竖都可以，白底最清楚。"),
    )


class OwnDayForm(FlaskForm):
    day = DateField(_l("日期"), [InputRequired()])
    kind = SelectField(
        _l("这一天"),
        [DataRequired()],
        choices=lambda: translated(KIND_LABELS),
    )
    name = StringField(
        _l("缘由"),
        [DataRequired(), Length(max=40)],
        description=_l("例如“三月三”“台风停工”。"),
    )


class SwapForm(FlaskForm):
    off = DateField(_l("放假的一天"), [InputRequired()])
    worked = DateField(_l("补上班的一天"), [InputRequired()])
    name = StringField(_l("缘由"), [DataRequired(), Length(max=40)])
