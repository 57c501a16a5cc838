"""The form by which a role is handed to a colleague for some days."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, InputRequired

from portal.forms.choices import named


class HandOverForm(FlaskForm):
    delegate_id = SelectField(
        _l("交给哪位同事"),
        [DataRequired(message=_l("请选择一位同事"))],
        description=_l("只列出本县（本单位）现有岗位的同事。"),
    )
    valid_from = DateField(_l("从哪天"), [InputRequired()])
    valid_to = DateField(
        _l("到哪天"), [InputRequired()], description=_l("最后一天仍有效；一次最多 60 天。")
    )

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        """List the colleagues who may stand in: pairs of id and words."""
        self.delegate_id.choices = named(people)
