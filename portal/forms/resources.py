"""Offering a resource, and taking a part of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.pool import DAYS
from portal.domain.resources import (
    CAPACITY_MAX,
    DESCRIPTION_LENGTH,
    KINDS,
    TITLE_LENGTH,
    UNITS,
    OfferInput,
)
from portal.forms.choices import TicksField, named, translated
from portal.forms.versioned import VersionedForm
from portal.queries.resources import OfferRow


class OfferForm(VersionedForm):
    supporter = SelectField(_l("由谁提供"), [InputRequired()], choices=[])
    kind = RadioField(_l("提供什么"), [InputRequired(_l("请选择类别"))], choices=[])
    title = StringField(
        _l("一句话说清楚"),
        [InputRequired(_l("请写清楚提供什么")), Length(max=TITLE_LENGTH)],
        description=_l("例如：能坐四十人的多媒体教室。"),
    )
    description = TextAreaField(
        _l("说明"), [Optional(), Length(max=DESCRIPTION_LENGTH)], render_kw={"rows": 3}
    )
    capacity = IntegerField(
        _l("一共多少"), [InputRequired(_l("请填写数量")), NumberRange(1, CAPACITY_MAX)]
    )
    unit = SelectField(_l("单位"), [InputRequired()], choices=list(UNITS))
    counties = TicksField(_l("覆盖哪些县（市、区）"), choices=[])
    days = TicksField(_l("哪些日子可以"), choices=[], description=_l("不选表示哪天都可以。"))
    from_on = DateField(_l("从哪天起"), [Optional()])
    to_on = DateField(_l("到哪天为止"), [Optional()], description=_l("不填表示长期有效。"))
    contact_name = StringField(_l("联系人"), [InputRequired(_l("请填写联系人")), Length(max=30)])
    contact_phone = TelField(
        _l("联系电话"),
        [InputRequired(_l("请填写电话")), Length(max=20)],
        description=_l("只给工作人员看，不会公开。"),
    )

    def offer_choices(
        self, supporters: Iterable[tuple[UUID, str]], counties: Iterable[tuple[str, str]]
    ) -> None:
        """Offer who gives, the lists, and the counties of the authority."""
        self.supporter.choices = named((str(each), name) for each, name in supporters)
        self.kind.choices = translated(KINDS)
        self.counties.choices = named(counties)
        self.days.choices = translated(DAYS)

    def fill(self, row: OfferRow) -> None:
        """Show what is on file."""
        self.supporter.data, self.version.data = str(row.supporter_id), str(row.version)
        for name in (
            "kind", "title", "description", "capacity", "unit", "from_on", "to_on",
            "contact_name", "contact_phone",
        ):  # fmt: skip
            self[name].data = getattr(row, name)
        self.counties.data, self.days.data = list(row.counties), list(row.days)

    def read(self) -> OfferInput:
        """Return what was filled in."""
        return OfferInput(
            kind=self.kind.data,
            title=self.title.data or "",
            unit=self.unit.data,
            capacity=self.capacity.data or 0,
            counties=tuple(self.counties.data or ()),
            description=self.description.data or "",
            days=tuple(self.days.data or ()),
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
        )


class BookForm(FlaskForm):
    wish = SelectField(_l("用于哪个微心愿"), [InputRequired(_l("请选择微心愿"))], choices=[])
    amount = IntegerField(_l("用多少"), [InputRequired(_l("请填写数量"))], default=1)
    on = DateField(_l("哪一天"), [Optional()])

    def offer_choices(self, wishes: Sequence[tuple[UUID, str]]) -> None:
        """Offer the wishes that are still open."""
        self.wish.choices = named((str(each), words) for each, words in wishes)
