"""Booking a family video call, and opening a room for them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.video_calls import MAX_SLOT, MIN_SLOT, RELATIONS, WEEKDAYS
from portal.forms.choices import TicksField, translated
from portal.forms.versioned import VersionedForm

_NAME, _PHONE = 40, 20


class BookForm(FlaskForm):
    child_id = SelectField(_l("孩子"), [InputRequired(_l("请选择孩子"))], choices=[])
    happens_on = DateField(_l("日期"), [InputRequired(_l("请选择日期"))])
    starts = SelectField(_l("时段"), [InputRequired(_l("请选择时段"))], choices=[])
    parent_name = StringField(
        _l("和谁连线"), [InputRequired(_l("请写和谁连线")), Length(max=_NAME)]
    )
    relation = SelectField(_l("是孩子的"), [InputRequired(_l("请选择是孩子的什么人"))], choices=[])
    parent_phone = StringField(_l("对方的电话"), [Optional(), Length(max=_PHONE)])

    def offer(self, children: list[tuple[str, str]], slots: tuple[str, ...]) -> None:
        """Offer the children of the reader's places and the slots of the room."""
        self.child_id.choices = [("", _l("请选择")), *children]
        self.starts.choices = [(one, one) for one in slots]
        self.relation.choices = [("", _l("请选择")), *translated(RELATIONS)]


class MoveForm(VersionedForm):
    step = "move"
    happens_on = DateField(_l("改到哪天"), [InputRequired(_l("请选择日期"))])
    starts = SelectField(_l("改到几点"), [InputRequired(_l("请选择时段"))], choices=[])


class RoomForm(FlaskForm):
    unit_path = SelectField(_l("设在哪里"), [InputRequired(_l("请选择单位"))], choices=[])
    name = StringField(_l("连线室名称"), [InputRequired(_l("请写连线室的名称")), Length(max=_NAME)])
    weekdays = TicksField(_l("开放的日子"), choices=[])
    opens = StringField(_l("几点开始"), [InputRequired(_l("请写几点开始"))], default="17:00")
    closes = StringField(_l("几点结束"), [InputRequired(_l("请写几点结束"))], default="20:00")
    slot_minutes = IntegerField(
        _l("每次多少分钟"),
        [InputRequired(_l("请写每次多少分钟")), NumberRange(MIN_SLOT, MAX_SLOT)],
        default=30,
    )

    def offer(self, units: list[tuple[str, str]]) -> None:
        """Offer the units a room may stand at, and the days of the week."""
        self.unit_path.choices = units
        self.weekdays.choices = translated(WEEKDAYS)
