"""Forms of the people page: who, until when; role and unit were chosen on the way."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Email, Length, Optional


class GrantForm(FlaskForm):
    role = HiddenField(_l("岗位"), [DataRequired()])
    unit_path = HiddenField(_l("单位"), [DataRequired()])
    valid_to = DateField(
        _l("到期日"), [Optional()], description=_l("最后一天仍有效；不填表示长期。")
    )


class InviteStaffForm(GrantForm):
    name = StringField(_l("姓名"), [DataRequired(), Length(max=60)])
    email = EmailField(
        _l("工作邮箱"),
        [DataRequired(), Length(max=254), Email(message=_l("请填写完整的邮箱地址"))],
        description=_l("开通账号的链接会寄到这里，七天内有效。"),
    )
