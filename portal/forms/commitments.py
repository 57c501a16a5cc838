"""Forms of a promise's road: supporter, county, handover point, director."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.lifecycles.commitments import METHODS
from portal.forms.documents import DocumentField

_REASON = 200
_LARGEST_YUAN = 100_000


class VersionedForm(FlaskForm):
    """What every step sends along: the version of the row that was on the screen."""

    #: The name of the step in the page and in its address.
    step: str = ""
    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """Return the version that was shown, if the page sent one."""
        text = str(self.version.data or "")
        return int(text) if text.isdigit() else None


class ReasonForm(VersionedForm):
    reason = TextAreaField(_l("原因"), [InputRequired(_l("请填写原因")), Length(max=_REASON)])


class DeclineForm(ReasonForm):
    step = "decline"


class FailForm(ReasonForm):
    step = "fail"


class ReturnThanksForm(ReasonForm):
    step = "return_thanks"


class ReleaseThanksForm(VersionedForm):
    step = "release_thanks"


class ArchiveForm(VersionedForm):
    step = "archive"


class DispatchForm(VersionedForm):
    method = RadioField(
        _l("怎样送达"),
        [InputRequired(_l("请选择送达方式"))],
        choices=[SelectChoice(value, _l(label)) for value, label in METHODS.items()],
    )
    tracking_no = StringField(_l("快递单号"), [Optional(), Length(max=60)])


class ApproveForm(VersionedForm):
    step = "approve"
    deliver_by = DateField(_l("最晚送达日"), [InputRequired(_l("请选择日期"))])
    handover_point = StringField(_l("交接点"), [InputRequired(_l("请填写交接点")), Length(max=120)])


class ReceiveForm(VersionedForm):
    step = "receive"
    delivered_on = DateField(_l("收货日期"), [InputRequired(_l("请选择日期"))])
    value = DecimalField(
        _l("物品价值"),
        [InputRequired(_l("请填写物品价值，服务类填0")), NumberRange(0, _LARGEST_YUAN)],
        places=2,
    )
    donation_receipt_no = StringField(_l("捐赠票据号"), [Optional(), Length(max=40)])
    photo = DocumentField(_l("收货照片"), needed=False)

    @property
    def value_fen(self) -> int:
        """Return the value in 分."""
        return int((self.value.data * 100).to_integral_value())


class HandOverForm(VersionedForm):
    step = "hand_over"
    handed_over_on = DateField(_l("转交日期"), [InputRequired(_l("请选择日期"))])
    signed_by = StringField(_l("签收人"), [InputRequired(_l("请填写签收人")), Length(max=60)])


class ThanksForm(VersionedForm):
    step = "thanks"
    thanks = TextAreaField(_l("孩子的感谢"), [InputRequired(_l("请写下孩子的话")), Length(max=200)])
