"""What a mentor writes about one contact, on a phone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.contact_entries import NAME_LENGTH, TEXT_LENGTH, Entry
from portal.domain.contacts import KINDS, MOODS
from portal.forms.documents import DocumentField
from portal.forms.versioned import VersionedForm


class ContactForm(VersionedForm):
    """One entry; which days and minutes can be true is the domain's to say."""

    client_id = HiddenField()
    kind = RadioField(
        _l("怎样联系的"),
        [InputRequired(_l("请选择联系方式"))],
        choices=[SelectChoice(code, _l(word)) for code, word in KINDS.items()],
    )
    happened_on = DateField(_l("哪一天"), [InputRequired(_l("请选择日期"))])
    minutes = IntegerField(_l("多长时间"), [InputRequired(_l("请填写分钟数"))])
    accompanied_by = StringField(_l("谁陪同"), [Optional(), Length(max=NAME_LENGTH)])
    did = TextAreaField(_l("做了什么"), [Optional(), Length(max=TEXT_LENGTH)])
    mood = RadioField(
        _l("孩子的情绪"),
        [Optional()],
        choices=[SelectChoice(code, _l(word)) for code, word in MOODS.items()],
        default="",
    )
    child_state = TextAreaField(_l("孩子的近况"), [Optional(), Length(max=TEXT_LENGTH)])
    next_step = TextAreaField(_l("下一步"), [Optional(), Length(max=TEXT_LENGTH)])
    worried = BooleanField(_l("我担心孩子的情况"))
    worry = TextAreaField(_l("担心什么"), [Optional(), Length(max=TEXT_LENGTH)])
    photo = DocumentField(_l("照片"), needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Both are needed, but for an alarm; whether, the domain says.
        self.did.flags.asked = self.accompanied_by.flags.asked = True

    def entry(self) -> Entry:
        """Return what was told."""
        return Entry(
            kind=self.kind.data or "",
            happened_on=self.happened_on.data or date.max,
            minutes=self.minutes.data or 0,
            accompanied_by=self.accompanied_by.data or "",
            did=self.did.data or "",
            mood=self.mood.data or "",
            child_state=self.child_state.data or "",
            next_step=self.next_step.data or "",
            worried=bool(self.worried.data),
            worry=self.worry.data or "",
        )

    @property
    def client(self) -> UUID:
        """Return the name that the writer's device gave the entry; a new one where it is none."""
        try:
            return UUID(self.client_id.data or "")
        except ValueError:
            return uuid4()
