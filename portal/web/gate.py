"""The only ways to make a view: every route says who may enter, or the portal does not start.

``@public`` and ``@page`` read; ``@public_command`` and ``@command`` write and commit once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import access, scope, unit_of_work
from portal.domain.actor import Actor
from portal.domain.acts import ACTS
from portal.domain.permissions import Permission, with_only
from portal.web import fresh as proving
from portal.web.addresses import here, local

View = Callable[..., ResponseReturnValue]
_ERROR = 400


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands at a view's door; ``permission`` None means anybody, signed in or not.

    ``fresh`` names an act of domain.acts: who enters has proved for it anew who they are.
    """

    permission: Permission | None
    writes: bool
    signed_in: bool
    fresh: str | None = None
    #: Open, too, to staff who must set up a second factor before anything else.
    enrolling: bool = False


def _make(gate: Gate) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if (refused := _turn_away(gate, g.actor)) is not None:
                return refused
            if (
                gate.fresh
                and not g.actor.is_anonymous
                and (refused := proving.demand(gate.fresh, kwargs)) is not None
            ):
                return refused
            if not gate.writes:
                return view(*args, **kwargs)
            return _committed(view, args, kwargs)

        guarded.__gate__ = gate  # type: ignore[attr-defined]  # read by refuse_ungated
        return guarded

    return wrap


def _turn_away(gate: Gate, actor: Actor) -> ResponseReturnValue | None:
    if not gate.signed_in:
        return None
    if actor.is_anonymous:
        return None if gate.enrolling and not g.person.is_anonymous else _to_sign_in()
    if request.method == "POST" and proving.KEEP_ONLY in request.form:
        return redirect(_way_back(proving.keep(g.actor.user_id)), 303)
    if gate.permission is not None:
        access.require(actor, gate.permission)
        narrowed = with_only(actor, gate.permission)
        scope.open_for_request(scope.of(narrowed))
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page and back; what an idle session's owner typed is kept for them."""
    target = here() if request.method == "GET" else local(request.referrer)
    if request.method == "POST" and g.left_idle is not None:
        target = _way_back(proving.keep(g.left_idle))
    return redirect(url_for("auth.login", next=target), 303)


def _way_back(kept: UUID | None) -> str:
    return url_for("confirm.resume", kept_id=kept) if kept else local(request.referrer) or "/"


def _committed(view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> ResponseReturnValue:
    response = current_app.make_response(view(*args, **kwargs))
    if response.status_code >= _ERROR:
        unit_of_work.rollback()
    else:
        unit_of_work.commit()
    return response


def public(view: View) -> View:
    """Let anybody read."""
    return _make(Gate(None, writes=False, signed_in=False))(view)


def public_command(view: View) -> View:
    """Let anybody send (sign-in, registration); commits once."""
    return _make(Gate(None, writes=True, signed_in=False))(view)


def page(
    permission: Permission | None = None, fresh: str | None = None, *, enrolling: bool = False
) -> Callable[[View], View]:
    """Let holders of ``permission`` read (anybody signed in when None).

    ``fresh`` asks for a proof younger than ten minutes, for this act on the id in the address.
    ``enrolling`` lets in staff who have yet to set up a second factor: ``g.person`` is theirs.
    """
    return _make(Gate(permission, writes=False, signed_in=True, fresh=fresh, enrolling=enrolling))


def command(
    permission: Permission | None = None, fresh: str | None = None, *, enrolling: bool = False
) -> Callable[[View], View]:
    """Let holders of ``permission`` write; commits once when the answer is not an error.

    ``fresh`` and ``enrolling`` as in ``page``; what was typed is kept while the proof is made.
    """
    return _make(Gate(permission, writes=True, signed_in=True, fresh=fresh, enrolling=enrolling))


def refuse_ungated(app: Flask) -> None:
    """Raise at start when a route has no gate, or a reading gate on a writing method."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        gate: Gate | None = getattr(app.view_functions[rule.endpoint], "__gate__", None)
        if gate is None:
            msg = f"route {rule.rule} ({rule.endpoint}) has no gate"
            raise RuntimeError(msg)
        if gate.fresh is not None and gate.fresh not in ACTS:
            msg = f"route {rule.rule} asks for a proof of {gate.fresh!r}, which is no known act"
            raise RuntimeError(msg)
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if gate.writes != bool(methods & {"POST", "PUT", "PATCH", "DELETE"}):
            msg = f"route {rule.rule}: methods {sorted(methods)} do not fit its gate"
            raise RuntimeError(msg)


def safe_next(default: str) -> str:
    """Return where to go after signing in: the ``next`` of this site, or ``default``."""
    return local(request.values.get("next")) or default


def not_found() -> None:
    """Answer 404: absent and foreign look alike."""
    abort(404)
