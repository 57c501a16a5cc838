"""Taking facts out: as what, and what for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length


class FactExportForm(FlaskForm):
    """The search itself travels in hidden fields."""

    kind = HiddenField()
    subject = HiddenField()
    actor = HiddenField()
    unit = HiddenField()
    since = HiddenField()
    until = HiddenField()
    form = RadioField(
        _l("文件"),
        [InputRequired(_l("请选择文件"))],
        choices=[
            SelectChoice("xlsx", _l("Excel 表格，便于查看")),
            SelectChoice("jsonl", _l("带证明的数据文件，可离线核验")),
        ],
        default="xlsx",
    )
    reason = StringField(
        _l("用途"),
        [InputRequired(_l("请写明用途")), Length(max=200)],
        description=_l("会记入操作记录。记录旁的说明文字不导出。"),
    )
