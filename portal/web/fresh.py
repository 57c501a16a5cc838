"""Fresh proof at the gate: without it a view leads to /confirm, and what was typed is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain.acts import ACTS
from portal.queries import factors
from portal.services import kept_forms
from portal.services.proofs import THING_LENGTH
from portal.web.addresses import here, local
from portal.web.session import session_id

#: A form sent with this field is only kept: the page was covered while somebody was typing.
KEEP_ONLY = "keep_only"
#: Fields that are never kept: secrets, and what every form makes anew.
_NEVER_KEPT = frozenset(
    {KEEP_ONLY, "csrf_token", "password", "current", "new", "otp", "credential"}
)


def demand(act: str, view_args: Mapping[str, Any]) -> ResponseReturnValue | None:
    """Return the way to /confirm unless the session has proved itself for this act and thing."""
    thing = thing_of(view_args)
    if factors.has_proof(session_id(), act, thing):
        return None
    if ACTS[act].asks_password and not factors.has_any(g.actor.user_id):
        return None
    if request.method == "GET":
        return redirect(url_for("confirm.ask", act=act, thing=thing, next=here()), 303)
    kept = keep(g.actor.user_id)
    back = local(request.referrer)
    return redirect(url_for("confirm.ask", act=act, thing=thing, kept=kept, next=back), 303)


def thing_of(view_args: Mapping[str, Any]) -> str:
    """Return what an act is done to: the ids in the address, and whose it is.

    The authority stands behind the question mark: a proof for one's setting is none for another's.
    """
    named = [*view_args.values(), *request.args.getlist("authority")]
    return ":".join(str(value) for value in named)[:THING_LENGTH]


def keep(user_id: UUID) -> UUID | None:
    """Keep what this request posted for its sender; None when it cannot be kept (files)."""
    if any(upload.filename for upload in request.files.values()):
        return None
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in _NEVER_KEPT]
    # With what stands behind the question mark: it may say whose setting is changed.
    return kept_forms.keep(user_id, here(), typed)
