"""Signing in and out, passwords, and the links that were mailed."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_user, logout_user

from portal.domain.errors import Invalid
from portal.forms.accounts import (
    ChangePasswordForm,
    ForgotForm,
    InviteForm,
    NewPasswordForm,
    PressForm,
    SignInForm,
)
from portal.queries import accounts as account_rows
from portal.queries import actors
from portal.services import accounts, limits, supporters
from portal.web.forms import attempt
from portal.web.gate import command, page, public, public_command, safe_next
from portal.web.pace import alike
from portal.web.session import SignedIn, session_token

bp = Blueprint("auth", __name__)
_REFUSED = 422


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    if not g.actor.is_anonymous:
        return redirect(safe_next(_home()), 303)
    return render_template("auth/login.html", form=SignInForm(next=request.args.get("next")))


@bp.post("/login")
@alike
@public_command
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    given = {"email": form.email.data or "", "password": form.password.data or ""}
    address = request.remote_addr or ""
    user_id = attempt(form, accounts.check_password, address=address, **given)
    if user_id is None:
        return render_template("auth/login.html", form=form), _REFUSED
    device = request.user_agent.string
    token = accounts.open_session(user_id, address=address, device=device)
    _admit(token)
    return redirect(safe_next(_home()), 303)


@bp.post("/logout")
@public_command
def logout() -> ResponseReturnValue:
    if (token := session_token()) is not None:
        accounts.close_session(g.actor, token)
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
    done = gettext("邮箱已确认，您的申请已提交,5 个工作日内会有人查看。")
    if not g.actor.is_anonymous:
        flash(done if sent else gettext("邮箱已确认。"), "ok")
        return redirect(_home(), 303)
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
    account_rows.require_token(token, "invite")
    return render_template("auth/invite.html", form=InviteForm())


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
    return redirect(_home(), 303)


def _admit(token: str) -> None:
    """Give the browser a fresh session; staff lose it with the browser, supporters keep it."""
    row = actors.session_of(token)
    actor = actors.by_user(row.user_id) if row else None
    if row is None or actor is None:
        raise Invalid(gettext("请重新登录"))
    session.clear()
    session.permanent = not actor.is_staff
    login_user(SignedIn(token, actor, row))
    g.actor = actor


def _home() -> str:
    if g.actor.is_staff:
        return url_for("desk.home")
    return url_for("mine.home" if g.actor.supporter_ids else "mine.profile")


def _to_login(message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("auth.login"), 303)
