"""Forms of the ledger: a file to bring in, a bureau and year to send out."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from portal.queries.units import UnitRow

_FIRST_YEAR, _LAST_YEAR = 2020, 2100


class UploadForm(FlaskForm):
    """A ledger file for one bureau."""

    bureau = SelectField(_l("哪个单位的台账"), [InputRequired()])
    file = FileField(
        _l("台账文件"),
        [FileRequired(_l("请选择要导入的文件"))],
        description=_l("xlsx、xls、ods 或 csv，不超过 20 MB。表头在哪一行都可以，列的先后也不限。"),
    )

    def offer(self, bureaus: tuple[UnitRow, ...]) -> None:
        """Set the bureaus to choose from."""
        _offer(self.bureau, bureaus)


class ExportForm(FlaskForm):
    """A ledger to send out; the reason stays with the record of who took it."""

    bureau = SelectField(_l("单位"), [InputRequired()])
    year = IntegerField(_l("年度"), [InputRequired(), NumberRange(_FIRST_YEAR, _LAST_YEAR)])
    reason = StringField(
        _l("用途"),
        [InputRequired(_l("请写明用途")), Length(max=200)],
        description=_l("表里有完整的姓名和身份证号码，用途会记入操作记录。"),
    )

    def offer(self, bureaus: tuple[UnitRow, ...]) -> None:
        """Set the bureaus to choose from."""
        _offer(self.bureau, bureaus)


def _offer(field: SelectField, bureaus: tuple[UnitRow, ...]) -> None:
    field.choices = [SelectChoice(each.code, each.name) for each in bureaus]
