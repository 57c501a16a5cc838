"""Forms of a programme: what it is, what is made ready, a line of its timetable."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.programme_inputs import LineInput, Preparation, ProgrammeInput
from portal.domain.programmes import KINDS, PLACES_BY, SEASONS, TOPICS
from portal.forms.choices import named, translated
from portal.forms.documents import DocumentField
from portal.forms.versioned import VersionedForm

_NEEDED = InputRequired(_l("请填写"))
_MOST_YUAN = 10_000_000


class ProgrammeForm(VersionedForm):
    """One form for every kind: the kind's row says which fields it has."""

    unit = SelectField(_l("哪里的孩子参加"), [Optional()], choices=[])
    title = StringField(_l("活动名称"), [_NEEDED, Length(max=60)])
    season = RadioField(_l("哪个假期"), [Optional()], choices=[], default="")
    starts_on = DateField(_l("第一天"), [_NEEDED])
    ends_on = DateField(_l("最后一天"), [_NEEDED])
    capacity = IntegerField(_l("名额"), [_NEEDED, NumberRange(1, 500)])
    ratio = IntegerField(_l("一名成人照看几名"), [_NEEDED, NumberRange(1, 100)])
    age_min = IntegerField(_l("最小年龄"), [_NEEDED, NumberRange(0, 17)])
    age_max = IntegerField(_l("最大年龄"), [_NEEDED, NumberRange(0, 17)])
    register_from = DateField(_l("报名开始"), [Optional()])
    register_until = DateField(_l("报名截止"), [Optional()], description=_l("最晚在开始前 5 天。"))
    places_by = RadioField(_l("报名多于名额时"), [_NEEDED], choices=[], default="first")
    venue = StringField(
        _l("场地"),
        [Optional(), Length(max=120)],
        description=_l("只告诉报上名的家庭和工作人员，不公开。"),
    )
    meeting_point = StringField(_l("集合地点"), [Optional(), Length(max=120)])
    budget = IntegerField(_l("预算（元）"), [Optional(), NumberRange(0, _MOST_YUAN)])
    public_words = TextAreaField(
        _l("公告上的话"),
        [Optional(), Length(max=600)],
        description=_l("写给家长和志愿者看；不写场地，不写孩子的情况。"),
    )
    remark = TextAreaField(_l("给审批人的说明"), [Optional(), Length(max=300)])

    def offer(self, kind: str, places: list[tuple[str, str]]) -> None:
        """Offer the lists, and leave out what this kind does not ask."""
        rules = KINDS[kind]
        self.unit.choices = named(places)
        self.season.choices = translated(SEASONS)
        self.places_by.choices = translated(PLACES_BY)
        if not rules.seasonal:
            del self.season
        if len(places) < 2:  # noqa: PLR2004 -- one place is no choice
            del self.unit

    def fill(self, asked: ProgrammeInput, version: int) -> None:
        """Show what was written before."""
        for name in _PLAIN:
            if name in self:
                self[name].data = getattr(asked, name)
        self.budget.data, self.version.data = asked.budget_yuan or None, str(version)

    def read(self, kind: str) -> ProgrammeInput:
        """Return what was typed."""
        given: dict[str, Any] = {
            name: self[name].data for name in _PLAIN if name in self and self[name].data is not None
        }
        return ProgrammeInput(kind=kind, budget_yuan=self.budget.data or 0, **given)


_PLAIN = (
    "title", "season", "starts_on", "ends_on", "capacity", "ratio", "age_min", "age_max",
    "register_from", "register_until", "places_by", "venue", "meeting_point", "public_words",
    "remark",
)  # fmt: skip


class PreparationForm(VersionedForm):
    """Insurance, plan, drill, venue: what must stand before families apply."""

    insurance_no = StringField(_l("保险单号"), [Optional(), Length(max=40)])
    insured_until = DateField(_l("保到哪一天"), [Optional()])
    drill_on = DateField(
        _l("应急演练日期"), [Optional()], description=_l("开始前 90 天内演练过才算数。")
    )
    venue_checked_on = DateField(
        _l("实地查看场地的日期"), [Optional()], description=_l("由登记的人负责。")
    )
    plan_file = DocumentField(_l("应急预案"), needed=False)

    def fill(self, prepared: Preparation, version: int) -> None:
        """Show what was written before."""
        self.insurance_no.data = prepared.insurance_no
        self.insured_until.data = prepared.insured_until
        self.drill_on.data = prepared.drill_on
        self.venue_checked_on.data = prepared.venue_checked_on
        self.version.data = str(version)

    def read(self) -> Preparation:
        """Return what was typed."""
        return Preparation(
            self.insurance_no.data or "", self.insured_until.data, self.drill_on.data,
            self.venue_checked_on.data,
        )  # fmt: skip


class LineForm(VersionedForm):
    """A line of the timetable."""

    happens_on = SelectField(_l("哪一天"), [_NEEDED], choices=[])
    starts = StringField(_l("从"), [_NEEDED, Length(max=5)])
    ends = StringField(_l("到"), [_NEEDED, Length(max=5)])
    title = StringField(_l("内容"), [_NEEDED, Length(max=60)])
    topic = SelectField(_l("主题"), [_NEEDED], choices=[])
    room = StringField(_l("地点（室）"), [Optional(), Length(max=40)])
    staff_id = SelectField(_l("谁带"), [Optional()], choices=[])

    def offer(self, kind: str, days: list[tuple[str, str]], people: list[tuple[str, str]]) -> None:
        """Offer the days of the programme, the topics of its kind, the people of its rota."""
        self.happens_on.choices = named(days)
        self.topic.choices = translated({one: TOPICS[one] for one in KINDS[kind].topics})
        self.staff_id.choices = [SelectChoice("", _l("未定")), *named(people)]

    def read(self) -> LineInput:
        """Return what was typed; the days offered are ISO texts."""
        return LineInput(
            date.fromisoformat(self.happens_on.data), self.starts.data, self.ends.data,
            self.title.data, self.topic.data, self.room.data or "",
        )  # fmt: skip
