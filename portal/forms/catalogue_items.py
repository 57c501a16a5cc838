"""Changing an item for one authority, and proposing an own one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain import catalogue_own
from portal.domain.catalogue import NEEDS
from portal.domain.catalogue_own import OLDEST, YOUNGEST, OwnItem
from portal.forms.choices import named
from portal.queries.catalogue_items import ShelfRow

_FEN = 100


def _fen(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * _FEN)


class AdjustForm(FlaskForm):
    retired = BooleanField(_l("停用：起草心愿时不再出现"))
    cost = DecimalField(
        _l("常用费用"),
        [Optional(), NumberRange(0, 100_000)],
        places=2,
        description=_l("不填就用目录里的。"),
    )
    cap = DecimalField(
        _l("单件上限"),
        [Optional(), NumberRange(0, 100_000)],
        places=2,
        description=_l("超过时要写理由；不填就用本局的心愿上限。"),
    )

    def fill(self, row: ShelfRow) -> None:
        """Show what the authority has said of the item."""
        self.retired.data = row.retired
        if row.set_cost_fen is not None:
            self.cost.data = Decimal(row.set_cost_fen) / _FEN
        if row.cap_fen is not None:
            self.cap.data = Decimal(row.cap_fen) / _FEN

    def read(self) -> dict[str, Any]:
        """Return what was filled in; money in 分."""
        return {
            "retired": bool(self.retired.data),
            "cost_fen": _fen(self.cost.data),
            "cap_fen": _fen(self.cap.data),
        }


class OwnItemForm(FlaskForm):
    name = StringField(
        _l("物品名"),
        [InputRequired(_l("请填写物品名")), Length(max=20)],
        description=_l("会印在公开的卡片上。"),
    )
    unit = StringField(_l("量词"), [InputRequired(_l("请填写量词")), Length(max=2)])
    category = SelectField(_l("类别"), [InputRequired()], choices=[])
    need = SelectField(_l("公开的需求"), [InputRequired()], choices=[])
    words = StringField(
        _l("搜索用词"),
        [Optional(), Length(max=60)],
        description=_l("用空格隔开，爱心人士用这些词也能找到。"),
    )
    illustration = RadioField(_l("图案"), [InputRequired(_l("请选一个图案"))], choices=[])
    choices_of = SelectField(_l("款式或规格"), [Optional()], choices=[])
    size_kind = SelectField(_l("尺码"), [Optional()], choices=[])
    needs_sex = BooleanField(_l("分男女款"))
    is_service = BooleanField(_l("是服务，不是东西"))
    youngest = IntegerField(_l("适合年龄从"), [InputRequired()], default=YOUNGEST)
    oldest = IntegerField(_l("到"), [InputRequired()], default=OLDEST)
    cost = DecimalField(_l("常用费用"), [InputRequired(), NumberRange(0, 100_000)], places=2)

    def offer_choices(self) -> None:
        """Offer the closed lists: what is not there cannot be said on a card."""
        self.category.choices = named((one, one) for one in catalogue_own.CATEGORIES)
        self.need.choices = named((one, one) for one in NEEDS)
        self.illustration.choices = named((one, one) for one in catalogue_own.illustrations())
        lists = catalogue_own.choice_lists().items()
        self.choices_of.choices = [
            SelectChoice("", gettext("没有")),
            *(SelectChoice(code, " / ".join(choices)) for code, choices in lists),
        ]
        self.size_kind.choices = [
            SelectChoice("", gettext("没有")),
            SelectChoice("clothing", gettext("衣服尺码")),
            SelectChoice("shoe", gettext("鞋码")),
        ]

    def read(self) -> OwnItem:
        """Return what was filled in; money in 分."""
        return OwnItem(
            name=self.name.data or "",
            unit=self.unit.data or "",
            category=self.category.data,
            need=self.need.data,
            illustration=self.illustration.data or "",
            cost_fen=_fen(self.cost.data) or 0,
            words=self.words.data or "",
            choices_of=self.choices_of.data or "",
            size_kind=self.size_kind.data or "",
            needs_sex=bool(self.needs_sex.data),
            youngest=self.youngest.data or 0,
            oldest=self.oldest.data or 0,
            is_service=bool(self.is_service.data),
        )
