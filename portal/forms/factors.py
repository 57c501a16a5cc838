"""Forms of the second factor: a code, a fresh proof."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.validators import Length, Optional

_OTP = {
    "autocomplete": "one-time-code",
    "autocapitalize": "off",
    "spellcheck": "false",
    "inputmode": "text",
    "required": True,
}


class Asked:
    """Mark a field as needed on the page; a passkey may answer in its place."""

    field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Accept anything: the service refuses an empty code."""


def _otp(label: LazyString | None = None) -> StringField:
    checks = [Asked(), Optional(), Length(max=40)]
    return StringField(label or _l("验证码或备用码"), checks, render_kw=_OTP)


class CodeForm(FlaskForm):
    otp = _otp()
    next = HiddenField()


class GeneratorForm(CodeForm):
    """The first digits of a new generator: no paper code can stand in for them."""

    otp = _otp(_l("手机上的六位数字"))


class ProveForm(FlaskForm):
    """A proof for one act: a code, or the password of who has no second factor."""

    otp = _otp()
    password = PasswordField(
        _l("登录密码"),
        [Asked(), Optional(), Length(max=512)],
        render_kw={"autocomplete": "current-password", "required": True},
    )
    act = HiddenField()
    thing = HiddenField()
    next = HiddenField()
    kept = HiddenField()
    #: Set by the view: which of the two is asked.
    needs_password = False
