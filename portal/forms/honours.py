"""Proposing an honour."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.honours import REASONS, SENTENCE_LENGTH
from portal.forms.choices import named, translated


class HonourForm(FlaskForm):
    place = SelectField(_l("以哪个单位的名义"), [InputRequired()], choices=[])
    year = IntegerField(_l("年度"), [InputRequired(_l("请填写年份"))])
    reason_code = SelectField(_l("荣誉事由"), [InputRequired(_l("请选择事由"))], choices=[])
    sentence = StringField(
        _l("一句话"),
        [Optional(), Length(max=SENTENCE_LENGTH)],
        description=_l("会公开。只写这位爱心人士做了什么，不写帮助了哪个孩子，不写学校和村镇。"),
    )

    def offer_choices(self, places: Iterable[tuple[str, str]]) -> None:
        """Offer the units one works for, and the reasons."""
        self.place.choices = named(places)
        self.reason_code.choices = translated(REASONS)
