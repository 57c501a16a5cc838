"""From a cookie to an Actor and an open scope; closed again when the request ends.

The cookie holds a random token, the database its hash: a session can be revoked from the server.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, abort, g, request, session
from flask_login import UserMixin, current_user, logout_user

from portal.core import facts, scope, unit_of_work
from portal.domain.actor import ANONYMOUS, Actor
from portal.extensions import db, login_manager
from portal.queries import actors, factors
from portal.queries.actors import SessionRow
from portal.services import account_sessions

#: Where the cookie keeps the token of a half-open session.
HALF = "half"
#: Requests that a page makes by itself: they do not mean that somebody is there.
_BY_ITSELF = frozenset({"jobs.progress"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignedIn(UserMixin):
    """What Flask-Login carries: the session, its token and the actor behind it."""

    def __init__(self, token: str, actor: Actor, row: SessionRow) -> None:
        self.token = token
        self.actor = actor
        self.row = row

    def get_id(self) -> str:
        """Return the session token, which is what the cookie keeps."""
        return self.token


def _load(token: str) -> SignedIn | None:
    row = actors.session_of(token)
    if row is not None and row.is_idle:
        g.left_idle = row.user_id
    if row is None or not row.is_open:
        return None
    actor = actors.by_user(row.user_id)
    return SignedIn(token, actor, row) if actor else None


def _open() -> None:
    facts.request_id.set(str(uuid.uuid4()))
    unit_of_work.writing.set(request.method not in _SAFE)
    scope.close()
    g.actor = g.person = ANONYMOUS
    g.half = g.left_idle = None
    if _holds_nul():
        abort(400)
    # A visitor without a cookie is nobody: most requests are theirs and ask no question.
    if request.endpoint == "static" or not request.cookies:
        return
    if current_user and current_user.is_authenticated:
        if request.endpoint not in _BY_ITSELF:
            account_sessions.touch(current_user.row)
        g.actor = g.person = current_user.actor
        scope.open_for_request(scope.of(g.actor))
    elif HALF in session:
        _open_half(session[HALF])


def _open_half(token: str) -> None:
    """Know who stands between the two factors; for every other page they are nobody yet."""
    row = actors.session_of(token)
    if row is None or row.stage == account_sessions.OPEN:
        return
    if row.stage == account_sessions.ENROL and factors.has_any(row.user_id):
        # Set up meanwhile in another browser: a password alone adds no second key to it.
        return
    g.half = row
    if row.stage == account_sessions.ENROL:
        g.person = actors.by_user(row.user_id) or ANONYMOUS


def _holds_nul() -> bool:
    """Tell whether the request carries a NUL, which no text of ours holds and no database takes."""
    values = request.values.values() if request.method == "POST" else request.args.values()
    return "\0" in request.path or any("\0" in value for value in values)


def _close(_error: BaseException | None) -> None:
    db.session.remove()
    scope.close()
    unit_of_work.writing.set(False)
    facts.request_id.set("")


def session_token() -> str | None:
    """Return the token of the present session, to revoke it or spare it."""
    return getattr(current_user, "token", None)


def leave() -> None:
    """Forget in the browser who it was; its row has ended already, or ends with the account."""
    logout_user()
    session.clear()


def session_id() -> uuid.UUID:
    """Return the id of the present session; 404 for a visitor, who has none."""
    row: SessionRow | None = getattr(current_user, "row", None)
    if row is None:
        abort(404)
    return row.id


def init_app(app: Flask) -> None:
    """Wire Flask-Login and the request's scope."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    app.before_request(_open)
    app.teardown_request(_close)
    app.context_processor(lambda: {"actor": _actor(), "idle_seconds": _idle_seconds()})


def _idle_seconds() -> int:
    """Return how long the present session may stay idle, for the page's own clock."""
    row: SessionRow | None = getattr(current_user, "row", None)
    kept = row.idle_until - row.last_seen_at if row and row.idle_until else account_sessions.IDLE
    return int(kept.total_seconds())


def _actor() -> Any:
    return g.get("actor", ANONYMOUS)
