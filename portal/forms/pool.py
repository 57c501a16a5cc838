"""What somebody can give in person."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.pool import (
    CAPACITY_DEFAULT,
    CAPACITY_MAX,
    DAYS,
    LANGUAGES,
    SKILLS,
    PoolOffer,
)
from portal.forms.choices import TicksField, named, translated
from portal.forms.versioned import VersionedForm


class PoolForm(VersionedForm):
    skills = TicksField(_l("会什么"), choices=[])
    languages = TicksField(_l("说什么话"), choices=[])
    days = TicksField(_l("什么时候有空"), choices=[])
    counties = TicksField(_l("能去哪些县（市、区）"), choices=[])
    capacity = IntegerField(
        _l("最多同时陪伴几个孩子"),
        [InputRequired(_l("请填写人数")), NumberRange(0, CAPACITY_MAX)],
        default=CAPACITY_DEFAULT,
        description=_l("暂时没空可以填0。"),
    )
    until = DateField(_l("到哪天为止"), [Optional()], description=_l("不填表示长期。"))

    def offer_choices(self, counties: Iterable[tuple[str, str]]) -> None:
        """Offer the lists, and the counties of the authority."""
        self.skills.choices = translated(SKILLS)
        self.languages.choices = translated(LANGUAGES)
        self.days.choices = translated(DAYS)
        self.counties.choices = named(counties)

    def fill(self, offer: PoolOffer, version: int) -> None:
        """Tick what is on file."""
        for name in ("skills", "languages", "days", "counties"):
            self[name].data = list(getattr(offer, name))
        self.capacity.data, self.until.data = offer.capacity, offer.until
        self.version.data = str(version)

    def read(self) -> PoolOffer:
        """Return what was filled in."""
        return PoolOffer(
            tuple(self.skills.data or ()),
            tuple(self.languages.data or ()),
            tuple(self.days.data or ()),
            tuple(self.counties.data or ()),
            capacity=self.capacity.data or 0,
            until=self.until.data,
        )


class PoolCorrectionForm(PoolForm):
    reason = TextAreaField(
        _l("更正的原因"), [InputRequired(_l("请写明更正的原因")), Length(max=200)]
    )
