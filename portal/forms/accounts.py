"""Forms of an account: signing in, passwords, invitations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, Length

_EMAIL = [DataRequired(), Length(max=254), Email(message=_l("请填写完整的邮箱地址"))]
_PASSWORD_HELP = _l("至少 10 个字符，可以是一句好记的话。")
#: Above every real password; what is longer is not even looked at.
_ANY = Length(max=512)


class SignInForm(FlaskForm):
    email = EmailField(
        _l("邮箱"),
        [DataRequired(), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )
    password = PasswordField(
        _l("密码"), [DataRequired(), _ANY], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class ForgotForm(FlaskForm):
    email = EmailField(
        _l("登记时用的邮箱"), _EMAIL, render_kw={"autocomplete": "email", "inputmode": "email"}
    )


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        _l("新密码"),
        [DataRequired(), _ANY],
        description=_PASSWORD_HELP,
        render_kw={"autocomplete": "new-password"},
    )


class InviteForm(FlaskForm):
    name = StringField(
        _l("您的姓名"), [DataRequired(), Length(max=60)], render_kw={"autocomplete": "name"}
    )
    password = PasswordField(
        _l("设置密码"),
        [DataRequired(), _ANY],
        description=_PASSWORD_HELP,
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(FlaskForm):
    current = PasswordField(
        _l("现在的密码"), [DataRequired(), _ANY], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        _l("新密码"),
        [DataRequired(), _ANY],
        description=_PASSWORD_HELP,
        render_kw={"autocomplete": "new-password"},
    )


class PressForm(FlaskForm):
    """A button alone: only the CSRF token."""
