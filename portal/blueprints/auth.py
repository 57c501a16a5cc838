"""Signing in and out, passwords, and the links that were mailed."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from portal.domain.errors import Invalid
from portal.forms.accounts import (
    ChangePasswordForm,
    ForgotForm,
    InviteForm,
    NewPasswordForm,
    PressForm,
    SignInForm,
)
from portal.forms.factors import CodeForm
from portal.queries import accounts as account_rows
from portal.queries import factors
from portal.services import account_passkeys, account_sessions, accounts, limits, supporters
from portal.services.account_passkeys import FACTOR, SIGN_IN
from portal.services.account_sessions import HALF, OPEN, Opened
from portal.web import signing
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, page, public, public_command, safe_next
from portal.web.pace import alike
from portal.web.session import session_token

bp = Blueprint("auth", __name__)
_REFUSED = 422


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    if not g.actor.is_anonymous:
        return redirect(safe_next(signing.home()), 303)
    return _login_page(SignInForm(formdata=None, next=request.args.get("next")))


@bp.post("/login")
@alike
@public_command
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    given = {"email": form.email.data or "", "password": form.password.data or ""}
    address = request.remote_addr or ""
    user_id = attempt(form, accounts.check_password, address=address, **given)
    if user_id is None:
        return _login_page(form), _REFUSED
    return signing.begin(user_id)


@bp.post("/login/passkey")
@alike
@public_command
def sign_in_by_passkey() -> ResponseReturnValue:
    form = SignInForm(formdata=None, next=request.form.get("next"))
    address = request.remote_addr or ""
    try:
        user_id = account_passkeys.accept(
            None, SIGN_IN, signing.site(), signing.answer(), address=address
        )
    except Invalid as refusal:
        flash(sentence(refusal), "warn")
        return _login_page(form), _REFUSED
    token = account_sessions.open_session(user_id, signing.device())
    return signing.enter(Opened(token, OPEN))


@bp.get("/login/code")
@public
def second_factor() -> ResponseReturnValue:
    if g.half is None or g.half.stage != HALF:
        return redirect(url_for("auth.login", next=safe_next("") or None), 303)
    return _code_page(CodeForm(formdata=None, next=request.args.get("next")))


@bp.post("/login/code")
@public_command
def prove_second_factor() -> ResponseReturnValue:
    if g.half is None or g.half.stage != HALF:
        flash(gettext("等得太久了，请重新登录。"), "warn")
        return redirect(url_for("auth.login", next=safe_next("") or None), 303)
    form = CodeForm()
    opened = attempt(form, _finish, form)
    if opened is None:
        return _code_page(form), _REFUSED
    return signing.enter(opened)


@bp.post("/logout")
@public_command
def logout() -> ResponseReturnValue:
    if (token := session_token()) is not None:
        account_sessions.close_session(g.actor, token)
    logout_user()
    session.clear()
    flash(gettext("已退出登录。"), "ok")
    answer = redirect(url_for("public.home"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/password/forgot")
@public
def forgot() -> ResponseReturnValue:
    return render_template("auth/forgot.html", form=ForgotForm())


@bp.post("/password/forgot")
@alike
@public_command
def send_reset() -> ResponseReturnValue:
    form = ForgotForm()
    if not form.validate():
        return render_template("auth/forgot.html", form=form), _REFUSED
    limits.reserve(
        [
            (limits.MAIL_ACCOUNT, accounts.normal_email(form.email.data)),
            (limits.MAIL_ADDRESS, limits.network(request.remote_addr or "")),
        ]
    )
    accounts.request_reset(email=form.email.data)
    return redirect(url_for("auth.mailed", what="reset"), 303)


@bp.get("/mailed/<any(reset, verify, register):what>")
@public
def mailed(what: str) -> ResponseReturnValue:
    return render_template("auth/mailed.html", what=what)


@bp.get("/password/reset/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    account_rows.require_token(token, "reset_password")
    return render_template("auth/reset.html", form=NewPasswordForm())


@bp.post("/password/reset/<token>")
@public_command
def set_password(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    if attempt(form, accounts.reset_password, token=token, new=form.password.data or "") is None:
        return render_template("auth/reset.html", form=form), _REFUSED
    return _to_login(gettext("新密码已经生效，请登录。其他设备上的登录都已退出。"))


@bp.get("/verify-email/<token>")
@public
def verify(token: str) -> ResponseReturnValue:
    account_rows.require_token(token, "verify_email")
    return render_template("auth/verify.html", form=PressForm())


@bp.post("/verify-email/<token>")
@public_command
def confirm_email(token: str) -> ResponseReturnValue:
    owner = accounts.verify_email(token=token)
    sent = supporters.submit_drafts(owner)
    done = gettext("邮箱已确认，您的申请已提交，5 个工作日内会有人查看。")
    if not g.actor.is_anonymous:
        flash(done if sent else gettext("邮箱已确认。"), "ok")
        return redirect(signing.home(), 303)
    return _to_login(done if sent else gettext("邮箱已确认，请登录。"))


@bp.post("/verify-email")
@command()
def send_verification() -> ResponseReturnValue:
    limits.reserve([(limits.MAIL_ACCOUNT, g.actor.email)])
    accounts.ask_verification(g.actor)
    return redirect(url_for("auth.mailed", what="verify"), 303)


@bp.get("/invite/<token>")
@public
def invite(token: str) -> ResponseReturnValue:
    name = account_rows.require_token(token, "invite")
    return render_template("auth/invite.html", form=InviteForm(name=name))


@bp.post("/invite/<token>")
@public_command
def accept_invite(token: str) -> ResponseReturnValue:
    form = InviteForm()
    given = {"name": form.name.data or "", "new": form.password.data or ""}
    if attempt(form, accounts.accept_invite, token=token, **given) is None:
        return render_template("auth/invite.html", form=form), _REFUSED
    return _to_login(gettext("账号已开通，请登录。"))


@bp.get("/password")
@page()
def password() -> ResponseReturnValue:
    return render_template("auth/password.html", form=ChangePasswordForm())


@bp.post("/password")
@command(fresh="password.change")
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    given = {"current": form.current.data or "", "new": form.new.data or ""}
    where = {"address": request.remote_addr or "", "token": session_token() or ""}
    if attempt(form, accounts.change_password, g.actor, **given, **where) is None:
        return render_template("auth/password.html", form=form), _REFUSED
    flash(gettext("密码已更换，其他设备上的登录都已退出。"), "ok")
    return redirect(signing.home(), 303)


def _finish(form: CodeForm) -> Opened:
    if "credential" not in request.form or form.otp.data:
        return account_sessions.finish_by_code(g.half, form.otp.data or "", signing.device())
    address = request.remote_addr or ""
    account_passkeys.accept(
        g.half.user_id, FACTOR, signing.site(), signing.answer(), address=address
    )
    return account_sessions.finish(g.half, signing.device())


def _login_page(form: SignInForm) -> str:
    return render_template("auth/login.html", form=form, passkeys=signing.passkeys_work())


def _code_page(form: CodeForm) -> str:
    owned = factors.of_user(g.half.user_id)
    return render_template(
        "auth/code.html", form=form, owned=owned, passkeys=signing.passkeys_work()
    )


def _to_login(message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("auth.login"), 303)
