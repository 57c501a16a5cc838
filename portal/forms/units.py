"""Forms of the unit tree: opening a unit, proposing a change, confirming it."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.forms.choices import TicksField
from portal.forms.versioned import VersionedForm
from portal.queries.unit_planning import Wanted

_PAIR = 2
_MOST_CODES = 3000


class OpenUnitForm(FlaskForm):
    level = SelectField(_l("级别"), [DataRequired()])
    code = StringField(
        _l("代码"),
        [DataRequired(), Length(max=24)],
        description=_l("县级 6 位、乡镇 9 位、村 12 位统计用区划代码；社工机构自定。"),
    )
    name = StringField(_l("名称"), [DataRequired(), Length(max=60)])


class ChangeForm(FlaskForm):
    """What every change asks for: the paper behind it and its day."""

    document_no = StringField(
        _l("批文号"),
        [DataRequired(), Length(max=60)],
        description=_l("批准这项调整的文件，例如“国函〔2021〕11号”。"),
    )
    effective_on = DateField(
        _l("生效日"),
        [InputRequired()],
        description=_l("文件上的日子。还没到的日子可以先提出，到那天再确认。"),
    )

    def wanted(self, kind: str) -> Wanted:
        """Return what is asked for; a form without a field leaves it open."""
        return Wanted(
            kind,
            self.effective_on.data,
            self.document_no.data or "",
            name=self._text("name"),
            code=self._text("code"),
            parent_id=UUID(parent) if (parent := self._text("parent")) else None,
            others=tuple(UUID(one) for one in self._many("others")),
            codes=self._codes(),
        )

    def _text(self, name: str) -> str:
        return (self[name].data or "").strip() if name in self._fields else ""

    def _many(self, name: str) -> list[str]:
        return list(self[name].data or ()) if name in self._fields else []

    def _codes(self) -> dict[str, str]:
        lines = self._text("codes").splitlines()
        pairs = [line.replace(",", " ").replace("\t", " ").split() for line in lines]
        return {pair[0]: pair[1] for pair in pairs if len(pair) == _PAIR}


class RenameForm(ChangeForm):
    name = StringField(_l("新名称"), [DataRequired(), Length(max=60)])


class CloseForm(ChangeForm):
    pass


class _CodesForm(ChangeForm):
    codes = TextAreaField(
        _l("下级单位新代码对照表"),
        [Optional(), Length(max=100_000)],
        description=_l(
            "一行一个：旧代码 空格 新代码。不填的单位按新代码顺延，重号的自动往后排一位。"
        ),
    )

    def validate_codes(self, field: TextAreaField) -> None:
        """Refuse a line that is not a pair."""
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        wrong = [
            number
            for number, line in enumerate(lines, 1)
            if len(line.replace(",", " ").split()) != _PAIR
        ]
        if wrong:
            raise ValidationError(_l("第 %(n)s 行不是“旧代码 新代码”", n=wrong[0]))
        if len(lines) > _MOST_CODES:
            raise ValidationError(_l("对照表太长"))


class RecodeForm(_CodesForm):
    code = StringField(_l("新代码"), [DataRequired(), Length(max=24)])


class MoveForm(_CodesForm):
    parent = SelectField(_l("新的上级单位"), [DataRequired()])
    code = StringField(
        _l("新代码"),
        [Optional(), Length(max=24)],
        description=_l("代码不变就不填：隶属看单位树，不看代码的数字。"),
    )


class MergeForm(_CodesForm):
    others = TicksField(_l("与哪些单位合并"), [DataRequired(message=_l("请至少选择一个单位"))])
    code = StringField(
        _l("合并后的代码"),
        [DataRequired(), Length(max=24)],
        description=_l("写其中一个单位现在的代码，就并入那个单位；写新代码，就新设一个单位。"),
    )
    name = StringField(_l("合并后的名称"), [DataRequired(), Length(max=60)])


class ConfirmChangeForm(VersionedForm):
    typed = StringField(_l("单位名称"), [DataRequired(), Length(max=60)])


FORMS: dict[str, type[ChangeForm]] = {
    "rename": RenameForm,
    "recode": RecodeForm,
    "move": MoveForm,
    "merge": MergeForm,
    "close": CloseForm,
}
