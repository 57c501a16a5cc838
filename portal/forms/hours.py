"""Telling of a service, asking for a certificate, words that go with a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.hours import ACTIVITY_WORDS, DAY_MINUTES, TEXT_LENGTH, Service
from portal.forms.versioned import VersionedForm
from portal.queries.service_records import Speaker

_WORDS = 500


class OfSupporterForm(VersionedForm):
    """A form in the name of one of one's supporters, towards one county of its authority."""

    speaker = SelectField(_l("以哪个身份"), [InputRequired(_l("请选择身份"))])
    organiser = SelectField(_l("组织单位"), [InputRequired(_l("请选择组织单位"))])

    def offer(self, speakers: Sequence[Speaker]) -> None:
        """Fill the choices; the only supporter and its own county are chosen already."""
        self.speaker.choices = [SelectChoice(str(one.id), one.name) for one in speakers]
        counties = dict(pair for one in speakers for pair in one.organisers)
        self.organiser.choices = [SelectChoice(code, name) for code, name in counties.items()]
        if speakers and not self.is_submitted():
            self.speaker.data = self.speaker.data or str(speakers[0].id)
            self.organiser.data = self.organiser.data or speakers[0].county_code

    @property
    def supporter_id(self) -> UUID:
        """Return the chosen supporter."""
        return UUID(self.speaker.data)


class CorrectServiceForm(VersionedForm):
    """What was done, when and where; whose record it is and who organised stay as they are."""

    kind = SelectField(
        _l("服务类型"),
        [InputRequired(_l("请选择服务类型"))],
        choices=[
            SelectChoice("", _l("请选择")),
            *(SelectChoice(code, _l(word)) for code, word in ACTIVITY_WORDS.items()),
        ],
    )
    title = StringField(
        _l("做了什么"), [InputRequired(_l("请写明做了什么")), Length(max=TEXT_LENGTH)]
    )
    place = StringField(_l("地点"), [Optional(), Length(max=TEXT_LENGTH)])
    served_on = DateField(_l("哪一天"), [InputRequired(_l("请选择日期"))])
    starts = TimeField(_l("开始"), [Optional()])
    ends = TimeField(_l("结束"), [Optional()])
    minutes = IntegerField(_l("或者只填分钟数"), [Optional(), NumberRange(1, DAY_MINUTES)])

    def service(self) -> Service:
        """Return what was told."""
        return Service(
            kind=self.kind.data or "",
            title=self.title.data or "",
            place=self.place.data or "",
            served_on=self.served_on.data or date.max,
            minutes=self.minutes.data,
            starts=self.starts.data,
            ends=self.ends.data,
        )


class ServiceForm(OfSupporterForm, CorrectServiceForm):
    """A new record, in the name of one of one's supporters."""


class CertificateForm(OfSupporterForm):
    period_from = DateField(_l("从哪一天"), [InputRequired(_l("请选择日期"))])
    period_to = DateField(_l("到哪一天"), [InputRequired(_l("请选择日期"))])
    volunteer_no = StringField(_l("志愿者编号"), [Optional(), Length(max=40)])


class WordsForm(VersionedForm):
    words = TextAreaField(_l("说明"), [InputRequired(_l("请写明内容")), Length(max=_WORDS)])


class ExportForm(FlaskForm):
    period_from = DateField(_l("从哪一天"), [InputRequired(_l("请选择日期"))])
    period_to = DateField(_l("到哪一天"), [InputRequired(_l("请选择日期"))])
    reason = StringField(_l("用途"), [InputRequired(_l("请写明用途")), Length(max=200)])
