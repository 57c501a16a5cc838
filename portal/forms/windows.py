"""The form of a wish window's dates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired, Optional

from portal.domain.windows import WindowDates


class WindowForm(FlaskForm):
    opens = DateField(_l("开始认领"), [InputRequired(_l("请填写日期"))])
    closes = DateField(_l("认领截止"), [InputRequired(_l("请填写日期"))])
    deliver_by = DateField(_l("送达截止"), [InputRequired(_l("请填写日期"))])
    festival_on = DateField(_l("节日当天"), [Optional()])

    def read(self) -> WindowDates:
        """Return the dates."""
        return WindowDates(
            self.opens.data, self.closes.data, self.deliver_by.data, self.festival_on.data
        )
