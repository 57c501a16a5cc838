"""Forms of a pairing need: what the assessment found, and the need itself."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.need_inputs import NeedInput
from portal.domain.needs import HEARD_FROM_AGE, HELPERS, KINDS, RHYTHMS, SEX_RULES
from portal.domain.pool import DAYS, LANGUAGES
from portal.forms.choices import TicksField, translated
from portal.forms.versioned import VersionedForm

_WORDS = 500


class AssessmentForm(FlaskForm):
    lacks_affection = RadioField(
        _l("评估是否发现亲情缺失"),
        [InputRequired(_l("请选择"))],
        choices=[SelectChoice("yes", _l("有亲情缺失")), SelectChoice("no", _l("没有"))],
    )
    assessed_on = DateField(_l("评估日期"), [InputRequired(_l("请填写日期"))])


class NeedForm(VersionedForm):
    kind = RadioField(_l("需要什么样的帮助"), [InputRequired(_l("请选择一种"))], choices=[])
    rhythm = SelectField(_l("多久一次"), [InputRequired(_l("请选择"))], choices=[])
    days = TicksField(_l("什么时候方便"), choices=[])
    helper = SelectField(_l("希望谁来"), [Optional()], choices=[])
    sex_rule = RadioField(_l("来的人性别"), choices=[], default="")
    language = SelectField(_l("要会说什么话"), [Optional()], choices=[])
    assessed_on = DateField(
        _l("需求评估日期"), [Optional()], description=_l("最近12个月内的评估才算数。")
    )
    heard_on = DateField(_l("哪天听的孩子自己的想法"), [Optional()])
    child_words = TextAreaField(
        _l("孩子自己的话"),
        [Optional(), Length(max=_WORDS)],
        description=_l("照原话记，只留在局里，不会公开。"),
    )
    remark = TextAreaField(
        _l("给工作人员看的补充"),
        [Optional(), Length(max=_WORDS)],
        description=_l("比如科目、孩子怕什么、哪天不行。不会公开。"),
    )

    def offer(self, age: int) -> None:
        """Offer the lists; a small child's form does not ask for their words."""
        anything = SelectChoice("", _l("不限"))
        self.kind.choices = translated({code: one.label for code, one in KINDS.items()})
        self.rhythm.choices = translated({code: one.label for code, one in RHYTHMS.items()})
        self.days.choices = translated(DAYS)
        self.helper.choices = [anything, *translated(HELPERS)]
        self.language.choices = [anything, *translated(LANGUAGES)]
        self.sex_rule.choices = translated(SEX_RULES)
        if age < HEARD_FROM_AGE:
            del self["heard_on"]
            self.child_words.description = _l("不满8岁可以不填；愿意说的话照原话记，不会公开。")

    def fill(self, asked: NeedInput, version: int) -> None:
        """Show what is on file."""
        for name in NeedInput.__dataclass_fields__:
            if name in self:
                value = getattr(asked, name)
                self[name].data = list(value) if name == "days" else value
        self.version.data = str(version)

    def read(self) -> NeedInput:
        """Return what was filled in."""
        return NeedInput(
            kind=self.kind.data,
            rhythm=self.rhythm.data,
            assessed_on=self.assessed_on.data,
            days=tuple(self.days.data or ()),
            language=self.language.data or "",
            helper=self.helper.data or "",
            sex_rule=self.sex_rule.data or "",
            heard_on=self.heard_on.data if "heard_on" in self else None,
            child_words=self.child_words.data or "",
            remark=self.remark.data or "",
        )
