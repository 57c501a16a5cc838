"""Proving anew who one is before an act that asks for it, and taking up what was typed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain.acts import ACTS
from portal.domain.textforms import holds_han
from portal.forms.factors import ProveForm
from portal.queries import factors
from portal.services import kept_forms, proofs
from portal.web import signing
from portal.web.addresses import local
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.session import session_id
from portal.web.values import maybe_uuid

bp = Blueprint("confirm", __name__)
_REFUSED = 422


@bp.get("/confirm")
@page()
def ask() -> ResponseReturnValue:
    form = ProveForm(formdata=None)
    for name in ("act", "thing", "next", "kept"):
        form[name].data = request.args.get(name, "")
    return _page(form)


@bp.post("/confirm")
@command()
def prove() -> ResponseReturnValue:
    form = ProveForm()
    form.needs_password = not factors.has_any(g.actor.user_id)
    if attempt(form, _prove, form) is None:
        return _page(form), _REFUSED
    if (kept := maybe_uuid(form.kept.data)) is not None:
        return redirect(url_for("confirm.resume", kept_id=kept), 303)
    target = local(form.next.data) or url_for("public.home")
    if ACTS[form.act.data].downloads:
        return render_template("auth/proved.html", target=target)
    return redirect(target, 303)


@bp.get("/resume/<uuid:kept_id>")
@page()
def resume(kept_id: UUID) -> ResponseReturnValue:
    kept = kept_forms.read(g.actor.user_id, kept_id)
    words = [value for _, value in kept.fields if holds_han(value)]
    return render_template("auth/resume.html", kept=kept, words=words)


def _prove(form: ProveForm) -> bool:
    given = {
        "act": form.act.data or "",
        "thing": form.thing.data or "",
        "address": request.remote_addr or "",
    }
    if request.form.get("credential"):
        site, signed = signing.site(), signing.answer()
        proofs.prove_by_passkey(g.actor, session_id(), site=site, answer=signed, **given)
    elif form.needs_password:
        password = form.password.data or ""
        proofs.prove_by_password(g.actor, session_id(), password=password, **given)
    else:
        proofs.prove_by_code(g.actor, session_id(), code=form.otp.data or "", **given)
    return True


def _page(form: ProveForm) -> str:
    act = ACTS.get(form.act.data or "")
    if act is None:
        not_found()
    owned = factors.of_user(g.actor.user_id)
    passkeys = signing.passkeys_work()
    return render_template("auth/confirm.html", form=form, act=act, owned=owned, passkeys=passkeys)
