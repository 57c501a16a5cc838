"""Forms of the vetting passport: a check that is recorded, a request, an appeal, a member."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional

from portal.domain.passport import RESULTS
from portal.forms.documents import DocumentField

_NEEDED = InputRequired(_l("请填写"))
_OFFICES = {"offence": _l("查询机关"), "interview": _l("面谈人"), "training": _l("培训单位")}
_DAYS = {
    "offence": _l("查询日期"), "interview": _l("面谈日期"), "training": _l("培训日期"),
    "pledge": _l("签署日期"), "identity": _l("核对日期"),
}  # fmt: skip
_YES_NO = (SelectChoice("no", _l("没有")), SelectChoice("yes", _l("有")))


class CheckForm(FlaskForm):
    """One check; what a kind does not ask is taken out by ``for_kind``."""

    done_on = DateField(_l("日期"), [_NEEDED])
    office = StringField(_l("由谁办理"), [_NEEDED, Length(max=80)])
    result = RadioField(_l("结果"), [InputRequired(_l("请选择结果"))], choices=[])
    minutes = IntegerField(
        _l("培训时长"), [_NEEDED, NumberRange(1, 2400, _l("请填写 1 到 2400 分钟"))]
    )
    reference = StringField(_l("证书编号"), [_NEEDED, Length(max=40)])
    issued_on = DateField(_l("发证日期"), [_NEEDED])
    expires_on = DateField(_l("有效期到"), [_NEEDED])
    evidence = DocumentField(
        _l("凭证"), needed=False, description=_l("可以不传；记录查询不要传明细。")
    )

    @classmethod
    def for_kind(cls, kind: str, **given: Any) -> CheckForm:
        """Return the form with the fields that a kind asks, in its words."""
        form = cls(**given)
        asks = {
            "office": kind in _OFFICES,
            "result": kind in RESULTS,
            "minutes": kind == "training",
            "reference": kind not in _DAYS,
            "issued_on": kind not in _DAYS,
            "expires_on": kind not in _DAYS,
        }
        for name, asked in asks.items():
            if not asked:
                delattr(form, name)
        if kind in _OFFICES:
            form.office.label.text = _OFFICES[kind]
        if kind in RESULTS:
            form.result.choices = [
                SelectChoice(code, _l(word)) for code, word in RESULTS[kind].items()
            ]
        form.done_on.label.text = _DAYS.get(kind, _l("核对日期"))
        return form

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the service."""
        names = ("done_on", "office", "result", "minutes", "reference", "issued_on", "expires_on")
        return {name: self[name].data for name in names if name in self}


class ContactForm(FlaskForm):
    """A person asks to meet children."""

    relative_of_child = RadioField(
        _l("您是本地区受关爱儿童的亲属吗"), [InputRequired(_l("请选择"))], choices=_YES_NO
    )
    works_for_bureau = RadioField(
        _l("您或您的亲属在民政部门工作吗"), [InputRequired(_l("请选择"))], choices=_YES_NO
    )
    words = TextAreaField(
        _l("如果有，请写明是什么关系"), [Optional(), Length(max=500)], render_kw={"rows": 3}
    )
    pledge = BooleanField(_l("我已读完并承诺遵守"), [DataRequired(_l("请读完承诺后勾选"))])


class AppealForm(FlaskForm):
    """What somebody says against a refusal, once."""

    words = TextAreaField(
        _l("您的理由"),
        [InputRequired(_l("请写明理由")), Length(max=2000)],
        description=_l("写清楚事实和依据；只能提交一次。"),
        render_kw={"rows": 6},
    )


class MemberForm(FlaskForm):
    """Somebody invited to speak for an organisation."""

    name = StringField(_l("姓名"), [_NEEDED, Length(max=60)])
    email = EmailField(
        _l("邮箱"), [_NEEDED, Length(max=254), Email(message=_l("请填写完整的邮箱地址"))]
    )
    role = SelectField(
        _l("在单位里的身份"),
        choices=[
            SelectChoice("member", _l("成员：可以认领和办理送达")),
            SelectChoice("viewer", _l("查看者：只能查看")),
            SelectChoice("contact", _l("联系人：还能邀请成员、修改资料")),
        ],
    )
