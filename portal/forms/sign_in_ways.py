"""Forms of signing in by telephone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length


class PhoneForm(FlaskForm):
    phone = StringField(
        _l("手机号码"),
        [DataRequired(), Length(max=20)],
        render_kw={"autocomplete": "tel-national", "inputmode": "tel"},
    )
    next = HiddenField()


class CodeForm(FlaskForm):
    code = StringField(
        _l("短信里的六位数字"),
        [DataRequired(), Length(max=12)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    next = HiddenField()
