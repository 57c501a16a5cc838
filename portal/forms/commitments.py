"""Forms of a promise's road: supporter, county, handover point, director."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal.domain.lifecycles.commitments import METHODS
from portal.forms.documents import DocumentField
from portal.forms.versioned import VersionedForm

_REASON = 200
_LARGEST_YUAN = 100_000
#: Chosen when the place is typed.
OTHER = "other"


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
    handover_point = RadioField(
        _l("交接点"), [InputRequired(_l("请选择交接点"))], validate_choice=False
    )
    other_point = StringField(
        _l("别的交接点"),
        [Optional(), Length(max=120)],
        description=_l("写单位和窗口，可以带值班电话；不写乡镇、村名和任何人的住处。"),
    )

    def offer(self, points: tuple[str, ...]) -> None:
        """Set the places to choose from, the last one being a place that is typed."""
        self.handover_point.choices = [
            *(SelectChoice(point, point) for point in points),
            SelectChoice(OTHER, _l("别的地方")),
        ]

    @property
    def point(self) -> str:
        """Return the chosen place, or the typed one."""
        chosen = self.handover_point.data or ""
        return (self.other_point.data or "").strip() if chosen == OTHER else chosen

    def validate_handover_point(self, field: RadioField) -> None:
        """Refuse a place that was not offered, and an empty one."""
        if field.data == OTHER and not self.point:
            raise ValidationError(_l("请写明交接点，或者从上面选一个"))
        offered = {choice.value for choice in field.choices}
        # Nothing is offered any more once a colleague has decided: the service says that.
        if offered != {OTHER} and field.data not in offered:
            raise ValidationError(_l("请从列出的交接点里选一个"))


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
