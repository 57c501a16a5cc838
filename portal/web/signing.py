"""Signing in over HTTP: which cookie carries what, and where each stage leads."""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, after_this_request, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_user

from portal.domain.errors import Invalid
from portal.queries import actors
from portal.services import account_sessions
from portal.services.account_passkeys import Answer, Site
from portal.services.account_sessions import ENROL, OPEN, Device, Opened
from portal.web.gate import safe_next
from portal.web.session import HALF, SignedIn
from portal.web.values import uuid_of

_DEVICE_COOKIE = "weiguang_device"
_DEVICE_LIVES = 400 * 24 * 3600
_CHALLENGE = "challenge"
_LONGEST_TOKEN = 64


def device() -> Device:
    """Return the browser at the other end; one that carries no number gets one."""
    token = request.cookies.get(_DEVICE_COOKIE, "")
    if not 0 < len(token) <= _LONGEST_TOKEN:
        token = secrets.token_urlsafe(32)
        after_this_request(lambda answer: _mark(answer, token))
    return Device(request.remote_addr or "", request.user_agent.string, token)


def begin(user_id: UUID) -> ResponseReturnValue:
    """Go on from the first proof: in, or to the second factor, or to setting one up."""
    return enter(account_sessions.begin(user_id, device()))


def enter(opened: Opened) -> ResponseReturnValue:
    """Put the session into the cookie and lead on."""
    target = safe_next("")
    if opened.stage == OPEN:
        admit(opened.token)
        return redirect(target or home(), 303)
    session.clear()
    session[HALF] = opened.token
    step = "factors.choose" if opened.stage == ENROL else "auth.second_factor"
    return redirect(url_for(step, next=target or None), 303)


def admit(token: str) -> None:
    """Give the browser a fresh session; staff lose it with the browser, supporters keep it."""
    row = actors.session_of(token)
    actor = actors.by_user(row.user_id) if row else None
    if row is None or actor is None:
        raise Invalid(gettext("请重新登录"))
    session.clear()
    session.permanent = not actor.is_staff
    login_user(SignedIn(token, actor, row))
    g.actor = g.person = actor


def home() -> str:
    """Return where somebody arrives who asked for nothing else."""
    if g.actor.is_staff:
        return url_for("desk.home")
    return url_for("mine.home" if g.actor.supporter_ids else "mine.profile")


def site() -> Site:
    """Return the portal as passkeys know it: its public address."""
    origin = str(current_app.config["SETTINGS"].public_url).rstrip("/")
    return Site(gettext("微光"), origin)


def passkeys_work() -> bool:
    """Tell whether browsers accept the public address for passkeys: a name, not a number."""
    parts = urlsplit(site().origin)
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme == "https" or parts.hostname == "localhost"
    return False


def remember_challenge(challenge_id: UUID) -> None:
    """Bind a challenge to this browser: only its cookie can answer it."""
    session[_CHALLENGE] = str(challenge_id)


def answer() -> Answer:
    """Return what the browser signed, with the challenge its cookie holds."""
    kept = session.pop(_CHALLENGE, None)
    return Answer(uuid_of(kept) if kept else None, request.form.get("credential", ""))


def _mark(response: Response, token: str) -> Response:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        _DEVICE_COOKIE, token, max_age=_DEVICE_LIVES, httponly=True, secure=secure, samesite="Lax"
    )
    return response
