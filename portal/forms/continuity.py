"""What is filled in so that no child is dropped: review, hand-over, interview, transfer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.continuity import (
    DECISIONS,
    FARES,
    FOLLOWS,
    GOALS,
    PARTIES,
    WORDS_LENGTH,
    Interview,
    Parts,
    Review,
)
from portal.domain.needs import RHYTHMS
from portal.forms.choices import TicksField, translated
from portal.forms.versioned import VersionedForm

_SHORT = Length(max=WORDS_LENGTH)


def _from(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(code, _l(word)) for code, word in words.items()]


class ReviewHoldForm(VersionedForm):
    """The look at a pairing after half a year."""

    held_on = DateField(_l("复核日期"), [InputRequired(_l("请选择日期"))])
    fares = RadioField(
        _l("孩子现在怎么样"), [InputRequired(_l("请选择一项"))], choices=_from(FARES)
    )
    goal = RadioField(_l("当初的目标"), [InputRequired(_l("请选择一项"))], choices=_from(GOALS))
    child_words = TextAreaField(_l("孩子的原话"), [Optional(), _SHORT])
    director_words = TextAreaField(
        _l("儿童主任的意见"), [InputRequired(_l("请写儿童主任的意见")), _SHORT]
    )
    words = TextAreaField(_l("其他情况"), [Optional(), _SHORT])
    decision = RadioField(_l("决定"), [InputRequired(_l("请选择一项"))], choices=_from(DECISIONS))
    rhythm = SelectField(_l("新的节奏"), [Optional()])

    def offer(self, rhythm: str) -> None:
        """List the rhythms besides the one that holds."""
        words = {code: one.label for code, one in RHYTHMS.items() if code != rhythm}
        self.rhythm.choices = [SelectChoice("", gettext("不调整")), *translated(words)]

    def review(self) -> Review:
        """Return what was said."""
        return Review(
            held_on=self.held_on.data,
            fares=self.fares.data,
            goal=self.goal.data,
            decision=self.decision.data,
            director_words=self.director_words.data or "",
            child_words=self.child_words.data or "",
            words=self.words.data or "",
            rhythm=self.rhythm.data or "",
        )


class HandoverForm(VersionedForm):
    """What the next mentor should know."""

    did = TextAreaField(_l("我们一起做了什么"), [Optional(), _SHORT])
    likes = TextAreaField(_l("孩子喜欢什么"), [Optional(), _SHORT])
    worked = TextAreaField(_l("什么办法有用"), [Optional(), _SHORT])
    avoid = TextAreaField(_l("要避免什么"), [Optional(), _SHORT])
    ahead = TextAreaField(_l("接下来的日子"), [Optional(), _SHORT])

    def parts(self) -> Parts:
        """Return what was written."""
        names = ("did", "likes", "worked", "avoid", "ahead")
        return Parts(**{name: self[name].data or "" for name in names})


class InterviewForm(FlaskForm):
    """The talk at the end."""

    held_on = DateField(_l("哪一天谈的"), [InputRequired(_l("请选择日期"))])
    parties = TicksField(_l("和谁谈了"), [Optional()], choices=_from(PARTIES))
    child_words = TextAreaField(_l("孩子的原话"), [Optional(), _SHORT])
    mentor_words = TextAreaField(_l("结对人的话"), [Optional(), _SHORT])
    words = TextAreaField(_l("其他情况"), [Optional(), _SHORT])
    follows = RadioField(
        _l("接下来怎么办"), [InputRequired(_l("请选择一项"))], choices=_from(FOLLOWS)
    )

    def interview(self) -> Interview:
        """Return what was said."""
        return Interview(
            held_on=self.held_on.data,
            follows=self.follows.data,
            parties=tuple(self.parties.data or ()),
            child_words=self.child_words.data or "",
            mentor_words=self.mentor_words.data or "",
            words=self.words.data or "",
        )


class TransferForm(FlaskForm):
    """Another county is asked to take a child's file over."""

    to = SelectField(_l("迁往"), [InputRequired(_l("请选择迁入地"))])
    moves_on = DateField(_l("哪天起住在那里"), [InputRequired(_l("请选择日期"))])
    words = TextAreaField(
        _l("为什么迁移"), [InputRequired(_l("请写明为什么迁移")), Length(max=WORDS_LENGTH)]
    )

    def offer(self, counties: Iterable[tuple[str, str]]) -> None:
        """List the counties of the authority."""
        self.to.choices = [
            SelectChoice("", gettext("请选择")),
            *(SelectChoice(code, name) for code, name in counties),
        ]


class AcceptForm(VersionedForm):
    """Where in the own county the child lives from now on."""

    unit = SelectField(_l("接收到哪个村（社区）"), [InputRequired(_l("请选择村（社区）"))])

    def offer(self, towns: Iterable[tuple[str, list[tuple[str, str]]]]) -> None:
        """List the villages by township."""
        groups: dict[str, list[tuple[str, str]]] = {"": [("", gettext("请选择"))]}
        groups |= {town: villages for town, villages in towns if villages}
        self.unit.choices = groups


class LeaveForm(VersionedForm):
    """A mentor asks to stop."""

    words = TextAreaField(
        _l("为什么想结束"), [InputRequired(_l("请写一句原因")), Length(max=WORDS_LENGTH)]
    )
