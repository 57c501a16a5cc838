"""Forms of complaints and texts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from portal.domain.lifecycles.requests import CATEGORIES
from portal.domain.plain_text import LONGEST
from portal.forms.versioned import VersionedForm


class ComplaintForm(FlaskForm):
    category = SelectField(_l("关于"), [DataRequired()])
    county_code = SelectField(
        _l("发生在哪个县（市、区）"), [DataRequired()], description=_l("决定由谁受理。")
    )
    words = TextAreaField(
        _l("要反映的事"),
        [DataRequired(), Length(max=4000)],
        description=_l("什么时候、在哪里、发生了什么。请不要写孩子的姓名和住址，我们会联系核实。"),
    )
    contact = StringField(
        _l("联系方式"),
        [Optional(), Length(max=200)],
        description=_l("只用于核实和答复；不留也可以，凭查询码看答复。"),
    )

    def offer(self, places: list[tuple[str, str]], words: dict[str, str]) -> None:
        """Fill the two lists."""
        empty = SelectChoice("", _l("请选择"))
        self.county_code.choices = [empty, *(SelectChoice(*place) for place in places)]
        self.category.choices = [empty, *(SelectChoice(each, words[each]) for each in CATEGORIES)]


class ConcernForm(FlaskForm):
    """Somebody worries about a child: where, what, and how to be reached if they like."""

    county_code = SelectField(
        _l("孩子在哪个县（市、区）"), [DataRequired()], description=_l("决定由谁马上查看。")
    )
    words = TextAreaField(
        _l("您担心什么"),
        [DataRequired(), Length(max=4000)],
        description=_l(
            "在哪里、看到或听到了什么、什么时候。内容加密保存，只有负责的工作人员能看。"
        ),
    )
    contact = StringField(
        _l("怎样联系您"),
        [Optional(), Length(max=200)],
        description=_l("不留也可以；留了能更快弄清楚。会为您保密。"),
    )

    def offer(self, places: list[tuple[str, str]]) -> None:
        """Fill the list of counties."""
        self.county_code.choices = [
            SelectChoice("", _l("请选择")),
            *(SelectChoice(*place) for place in places),
        ]


class TextForm(VersionedForm):
    body = TextAreaField(
        _l("正文"),
        [DataRequired(), Length(max=LONGEST)],
        description=_l(
            "第一行“# 标题”，每章“## 小标题”，要点前写“- ”，编号写“1. ”；其余是段落。"
            "{operator}和{contact}会换成主办单位和联系方式。"
        ),
    )


class PublishForm(VersionedForm):
    in_force_from = DateField(_l("生效日期"), [DataRequired()])
