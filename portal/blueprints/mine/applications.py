"""My applications for a pairing, and offering myself without picking a need."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.errors import Conflict, NotAllowed, WrongState
from portal.domain.permissions import Permission
from portal.forms.pairing_offers import OfferForm
from portal.queries import need_applications as reading
from portal.queries import need_standing
from portal.services import need_applications, pairing_offers
from portal.web import need_page, passport_words
from portal.web.errors import sentence
from portal.web.forms import attempt
from portal.web.gate import command, page

_REFUSED = 422


@bp.get("/applications", endpoint="need_applications")
@page(Permission.NEED_APPLY)
def applications() -> ResponseReturnValue:
    return _page(OfferForm(formdata=None))


@bp.post("/applications/<uuid:application_id>/withdraw")
@command(Permission.NEED_APPLY)
def withdraw_application(application_id: UUID) -> ResponseReturnValue:
    need_applications.withdraw(g.actor, application_id)
    flash(gettext("申请已撤回"), "success")
    return redirect(url_for(".need_applications"), 303)


@bp.post("/applications/offer")
@command(Permission.NEED_APPLY)
def offer_myself() -> ResponseReturnValue:
    form = OfferForm()
    form.offer_choices()
    who = need_standing.standing(g.actor).supporter_id
    kinds, words = tuple(form.kinds.data or ()), form.words.data or ""
    try:
        done = attempt(
            form, pairing_offers.offer, g.actor, supporter_id=who, kinds=kinds, words=words
        )
    except (Conflict, NotAllowed, WrongState) as refusal:
        return need_page.told(sentence(refusal), url_for(".need_applications"))
    if done is None:
        return _page(form), _REFUSED
    flash(gettext("已登记，有合适的孩子时工作人员会联系您。"), "success")
    return redirect(url_for(".need_applications"), 303)


@bp.post("/applications/offers/<uuid:offer_id>/withdraw")
@command(Permission.NEED_APPLY)
def withdraw_pairing_offer(offer_id: UUID) -> ResponseReturnValue:
    pairing_offers.withdraw(g.actor, offer_id)
    flash(gettext("意愿已撤回"), "success")
    return redirect(url_for(".need_applications"), 303)


def _page(form: OfferForm) -> str:
    form.offer_choices()
    return render_template(
        "needs/applications_mine.html",
        rows=reading.own(g.actor),
        offers=reading.own_offers(g.actor),
        standing=need_standing.standing(g.actor),
        form=form,
        drawn=need_page.promised,
        **passport_words.bundle(),
    )
