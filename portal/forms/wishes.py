"""Forms of a wish: the guardian's consent, and the wish itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.catalogue import QUANTITY_MAX, CatalogueItem, Specification
from portal.domain.wish_inputs import CONSENT_METHODS, ConsentInput, WishInput

_FEN = 100
_OTHER = "other"


class ConsentForm(FlaskForm):
    guardian = RadioField(_l("谁同意的"), [InputRequired(_l("请选择谁同意的"))], choices=[])
    given_by = StringField(_l("同意人姓名"), [Optional(), Length(max=40)])
    relation = StringField(_l("与孩子的关系"), [Optional(), Length(max=20)])
    method = RadioField(
        _l("怎样同意的"),
        [InputRequired(_l("请选择同意的方式"))],
        choices=[SelectChoice(value, _l(label)) for value, label in CONSENT_METHODS.items()],
    )
    given_on = DateField(_l("同意日期"), [InputRequired(_l("请填写日期"))])

    def offer(self, guardians: Sequence[tuple[UUID, str]]) -> None:
        """Offer the guardians on file, and somebody else."""
        self.guardian.choices = [
            *(SelectChoice(str(each), name) for each, name in guardians),
            SelectChoice(_OTHER, _l("其他监护人（在下面写明）")),
        ]

    def read(self) -> ConsentInput:
        """Return what was filled in."""
        other = self.guardian.data == _OTHER
        return ConsentInput(
            method=self.method.data,
            given_on=self.given_on.data,
            guardian_id=None if other else UUID(self.guardian.data),
            given_by=self.given_by.data or "" if other else "",
            relation=self.relation.data or "" if other else "",
        )


class WishForm(FlaskForm):
    window = SelectField(_l("哪一期"), [InputRequired(_l("请选择哪一期"))], choices=[])
    own_words = TextAreaField(
        _l("孩子自己的话"),
        [InputRequired(_l("请写下孩子自己的话")), Length(max=300)],
        description=_l("照孩子的原话记，只留在局里，不会公开。"),
    )
    size = SelectField(_l("尺码"), [Optional()], choices=[])
    choice = SelectField(_l("款式或规格"), [Optional()], choices=[])
    quantity = IntegerField(_l("数量"), [InputRequired(), NumberRange(1, QUANTITY_MAX)], default=1)
    est_cost = DecimalField(_l("预计费用"), [InputRequired(), NumberRange(0, 100_000)], places=2)
    cap_reason = StringField(
        _l("超过300元的理由"), [Optional(), Length(max=200)], description=_l("不超过300元不用填。")
    )
    public_note = StringField(
        _l("给爱心人士的一句话"),
        [Optional(), Length(max=40)],
        description=_l("会公开，由乡镇和县里两人看过；不写名字、学校、地名、家里的事。可以不填。"),
    )

    def fit(self, item: CatalogueItem, windows: Sequence[tuple[UUID, str]]) -> None:
        """Offer the windows, and the sizes and choices of the item; leave out what it has not."""
        self.window.choices = [SelectChoice(str(each), label) for each, label in windows]
        blank = SelectChoice("", _l("请选择"))
        self.size.choices = [
            blank,
            *(SelectChoice(str(one), _l("%(size)s码", size=one)) for one in item.sizes),
        ]
        self.choice.choices = [blank, *(SelectChoice(one, one) for one in item.choices)]
        for name, offered in (("size", item.sizes), ("choice", item.choices)):
            if not offered:
                del self[name]
                continue
            self[name].validators = [InputRequired(_l("请选择"))]
            self[name].flags.required = True

    def fill(self, spec: Specification) -> None:
        """Select the stored size and choice."""
        if "size" in self:
            self.size.data = str(spec.size or "")
        if "choice" in self:
            self.choice.data = spec.choice or ""

    def read(self, item_code: str) -> WishInput:
        """Return what was filled in; money in 分."""
        size = self.size.data if "size" in self else ""
        return WishInput(
            item_code=item_code,
            own_words=self.own_words.data or "",
            quantity=self.quantity.data or 1,
            size=int(size) if size else None,
            choice=(self.choice.data or None) if "choice" in self else None,
            est_cost_fen=int((self.est_cost.data or Decimal(0)) * _FEN),
            cap_reason=self.cap_reason.data or "",
            public_note=self.public_note.data or "",
        )
