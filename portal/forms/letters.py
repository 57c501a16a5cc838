"""Writing a letter, writing down a child's; what a child says; a star."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.letters import LENGTH
from portal.domain.recognition import (
    FACES,
    MOMENTS,
    STAR_LENGTH,
    STAR_REASONS,
    THANKS_LENGTH,
    VOICE_LENGTH,
)
from portal.forms.documents import DocumentField
from portal.forms.versioned import VersionedForm


class LetterForm(VersionedForm):
    text = TextAreaField(_l("信的内容"), [InputRequired(_l("请写几句话")), Length(max=LENGTH)])


class TakeLetterForm(FlaskForm):
    """A child's letter: typed, or a picture of it, or both."""

    written_on = DateField(_l("孩子哪天写的"), [InputRequired(_l("请选择日期"))])
    text = TextAreaField(_l("信的内容"), [Optional(), Length(max=LENGTH)])
    scan = DocumentField(_l("原件照片"), needed=False)


class VoiceForm(FlaskForm):
    moment = SelectField(
        _l("什么时候说的"),
        [InputRequired(_l("请选择是什么时候说的"))],
        choices=[SelectChoice(code, _l(word)) for code, word in MOMENTS.items()],
    )
    words = TextAreaField(_l("孩子的原话"), [Optional(), Length(max=VOICE_LENGTH)])
    face = RadioField(
        _l("孩子指的心情"),
        [Optional()],
        choices=[
            SelectChoice("", _l("没有问")),
            *(SelectChoice(code, _l(word)) for code, word in FACES.items()),
        ],
        default="",
    )
    on = DateField(_l("日期"), [InputRequired(_l("请选择日期"))])


class StarForm(FlaskForm):
    reason_code = SelectField(
        _l("为什么颁星"),
        [InputRequired(_l("请选择颁星的理由"))],
        choices=[
            SelectChoice("", _l("请选择")),
            *(SelectChoice(code, _l(word)) for code, word in STAR_REASONS.items()),
        ],
    )
    words = StringField(_l("想对结对人说的话"), [Optional(), Length(max=STAR_LENGTH)])


class ThanksForm(FlaskForm):
    sentence = StringField(
        _l("转达给结对人的一句话"),
        [InputRequired(_l("请写下要转达的一句话")), Length(max=THANKS_LENGTH)],
    )
