"""Sample data for the style guide: every component once, as a page would fill it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain.machine import Ask

CARDS = (
    ("lamp", "护眼台灯一盏", "明溪县", "9–11岁"),
    ("shoes", "29码防滑运动鞋", "明溪县", "6–8岁"),
    ("book-set", "《十万个为什么》小学版一套", "泰宁县", "9–11岁"),
    ("cake", "一次有蛋糕的集体生日", "尤溪县", "6–8岁"),
)
CONTEXT = {
    "links": dict.fromkeys(
        (
            "home", "wishes", "needs", "sign_in", "sign_out", "register", "account", "mine", "desk",
            "report_concern", "about", "privacy", "children_privacy", "pledge", "honours",
            "statistics", "register_individual", "register_enterprise", "register_charity",
        ),
        "/",
    ),
    "lang": "zh-Hans-CN",
}  # fmt: skip


def choices(*words: str) -> list[SelectChoice]:
    """Return select choices whose value is the word."""
    return [SelectChoice(word, word) for word in words]


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("姓名", [InputRequired("请填写姓名")])
    phone = StringField("手机号", [InputRequired(), Length(11, 11, "手机号应是 11 位数字")])
    cost = StringField("预算")
    kind = SelectField("类别", choices=choices("学习用品", "衣物鞋帽"))
    occasion = RadioField(
        "时段", [InputRequired("请选一个时段")], choices=choices("六一", "开学季", "春节")
    )
    words = TextAreaField("孩子的原话")
    paper = FileField("证明材料", [InputRequired("请上传证明材料")])
    agree = BooleanField("我已阅读并同意《守护承诺》", [InputRequired("请先阅读并同意")])


def faulty_form() -> SampleForm:
    """Return a form that was sent with mistakes."""
    form = SampleForm(MultiDict({"name": "林小明", "phone": "12000", "words": "想要一盏灯"}))
    form.validate()
    return form


def offered() -> list[SimpleNamespace]:
    """Return the moves of a queue: a plain one, one with a reason, one with a date."""
    return [
        SimpleNamespace(name="approve", label="通过", tone="ok", asks=()),
        SimpleNamespace(name="back", label="退回", tone="warn", asks=(Ask("reason", "原因"),)),
        SimpleNamespace(
            name="deliver",
            label="已收货",
            tone="neutral",
            asks=(
                Ask("delivered_on", "收货日期", "date"),
                Ask("method", "送达方式", "choice"),
                Ask("tracking_no", "快递单号", required=False),
            ),
        ),
    ]


def menu(count: int) -> list[dict[str, Any]]:
    """Return a menu of ``count`` entries in two groups, the first one open."""
    return [
        {"url": "/", "label": f"第{number}项", "icon": "gift", "group": "心愿" if number > 1 else "",
         "count": number, "hot": number == 2, "active": number == 1}
        for number in range(1, count + 1)
    ]  # fmt: skip


def context(frame: str) -> dict[str, Any]:
    """Return everything the style guide and its frame need."""
    cards = [
        {"href": "/", "art": art, "title": title, "place": place, "age": age,
         "occasion": "六一", "until": "6月1日前送达", "status": "可认领"}
        for art, title, place, age in CARDS
    ]  # fmt: skip
    cards[1].update(open=False, status="已有人认领", tone="neutral")
    cards[2].update(filled=3, wanted=5)
    rows = [
        {"id": number, "title": title, "place": place, "at": "3天前", "cost": "128.00",
         "state": "待发布", "tone": "info"}
        for number, (_, title, place, _) in enumerate(CARDS)
    ]  # fmt: skip
    return CONTEXT | {
        "frame": frame,
        "nav": menu(5 if frame == "mine" else 7),
        "viewer": None
        if frame == "public"
        else {"name": "林**", "unit": "明溪县民政局", "role": "县级工作人员", "face": None},
        "breadcrumbs": [{"label": "工作台", "url": "/"}, {"label": "样式手册", "url": ""}],
        "form": faulty_form(),
        "offered": offered(),
        "cards": cards,
        "queue_rows": rows,
    }
