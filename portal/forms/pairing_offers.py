"""Offering oneself without picking a need."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from portal.domain.needs import KINDS
from portal.forms.choices import TicksField, translated


class OfferForm(FlaskForm):
    kinds = TicksField(_l("想做什么"), choices=[], description=_l("不选表示都可以。"))
    words = TextAreaField(
        _l("想对工作人员说的话"),
        [Optional(), Length(max=300)],
        description=_l("比如：离家近一些、只有周六上午有空。"),
    )

    def offer_choices(self) -> None:
        """Offer the kinds of help."""
        self.kinds.choices = translated({code: kind.label for code, kind in KINDS.items()})
