"""The steps of a pairing at the desk: what the family said, where they meet, who helps."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.needs import HELPERS
from portal.domain.pairings import CALLED_LENGTH, PLACE_LENGTH
from portal.forms.documents import DocumentField
from portal.forms.versioned import VersionedForm

_WORDS = 500
_NAME = 40


class GuardianForm(VersionedForm):
    """The guardian agreed, on paper."""

    step = "agree_guardian"
    by = StringField(
        _l("同意的监护人"), [InputRequired(_l("请写同意的监护人是谁")), Length(max=_NAME)]
    )
    on = DateField(_l("签字日期"), [InputRequired(_l("请选择日期"))])
    agreement = DocumentField(_l("签了字的结对协议"), needed=False)


class ChildForm(VersionedForm):
    """The child was asked."""

    step = "agree_child"
    words = TextAreaField(
        _l("孩子的原话"), [InputRequired(_l("请记下孩子的原话")), Length(max=_WORDS)]
    )
    on = DateField(_l("询问日期"), [InputRequired(_l("请选择日期"))])


class PlanForm(VersionedForm):
    """A meeting is arranged."""

    step = "plan_meeting"
    on = DateField(_l("哪一天"), [InputRequired(_l("请选择日期"))])
    hour = StringField(_l("几点"), [Optional(), Length(max=5)])
    place = StringField(
        _l("在哪个服务点"), [InputRequired(_l("请写见面的服务点")), Length(max=PLACE_LENGTH)]
    )


class MeetForm(VersionedForm):
    """The first meeting was held."""

    step = "meet"
    on = DateField(_l("见面日期"), [InputRequired(_l("请选择日期"))])
    called = StringField(
        _l("结对人怎样称呼孩子"), [InputRequired(_l("请写孩子的小名")), Length(max=CALLED_LENGTH)]
    )
    place = StringField(
        _l("以后通常在哪里见面"), [InputRequired(_l("请写见面的服务点")), Length(max=PLACE_LENGTH)]
    )


class CallForm(VersionedForm):
    """The child is called something else."""

    step = "call_child"
    called = StringField(
        _l("结对人怎样称呼孩子"), [InputRequired(_l("请写孩子的小名")), Length(max=CALLED_LENGTH)]
    )


class HelperForm(VersionedForm):
    """Who helps, for the statistics by kind of supporter (S0-4.2b)."""

    step = "set_helper"
    helper = SelectField(
        _l("结对人的身份"),
        [InputRequired(_l("请选择身份"))],
        choices=[SelectChoice(code, _l(word)) for code, word in HELPERS.items()],
    )


ALL = (GuardianForm, ChildForm, PlanForm, MeetForm, CallForm, HelperForm)
