"""Forms around a roll: a paper sheet typed in, a reason to unlock, a badge at the door."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.forms.versioned import VersionedForm

_MOST_HEADS, _NUMBERS_LENGTH = 9999, 800


class PaperForm(FlaskForm):
    """Who was not simply there, by the roster's numbers; everybody else was."""

    late = StringField(_l("迟到的序号"), [Optional(), Length(max=_NUMBERS_LENGTH)])
    leave = StringField(_l("请假的序号"), [Optional(), Length(max=_NUMBERS_LENGTH)])
    absent = StringField(_l("缺席的序号"), [Optional(), Length(max=_NUMBERS_LENGTH)])
    head_count = IntegerField(
        _l("实际清点的人数"), [Optional(), NumberRange(0, _MOST_HEADS, _l("请填实际清点的人数"))]
    )

    def numbers(self) -> dict[str, list[int]]:
        """Return the numbers of each state, in any separators: "3, 7 12"."""
        given = {"late": self.late.data, "leave": self.leave.data, "absent": self.absent.data}
        return {
            state: [int(each) for each in re.findall(r"[0-9]{1,4}", text or "")]
            for state, text in given.items()
        }


class UnlockForm(FlaskForm):
    """Why a locked session should be opened again."""

    reason = TextAreaField(
        _l("要补改什么，为什么"), [InputRequired(_l("请写明要补改什么")), Length(max=300)]
    )


class DecideForm(VersionedForm):
    """The second person's yes or no."""

    reason = StringField(_l("原因"), [Optional(), Length(max=300)])


class BadgeForm(FlaskForm):
    """A badge read by the camera, or its code typed in."""

    code = StringField(
        _l("胸牌上的编号"), [InputRequired(_l("请扫胸牌，或输入编号")), Length(max=200)]
    )


class VisitForm(FlaskForm):
    """What somebody found who went to see."""

    words = TextAreaField(
        _l("了解到的情况"), [InputRequired(_l("请写明了解到的情况")), Length(max=300)]
    )
