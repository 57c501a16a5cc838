"""What I can give beside wishes: my time, my resources, and whether I may be named."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.mine.frame import bp
from portal.domain.actor import CONTACT
from portal.domain.permissions import Permission
from portal.domain.pool import DAYS
from portal.domain.resources import KINDS, SUBJECT_LABELS
from portal.forms.pool import PoolForm
from portal.forms.resources import OfferForm
from portal.queries import honours as consents
from portal.queries import pool as pool_rows
from portal.queries import resource_places
from portal.queries import resources as rows
from portal.services import honours, pool, resources
from portal.web.forms import attempt
from portal.web.gate import command, not_found, page
from portal.web.values import maybe_uuid, shown_version, uuid_of

_REFUSED = 422


@bp.get("/offer-time")
@page(Permission.RESOURCE_OFFER)
def offer_time() -> ResponseReturnValue:
    chosen = maybe_uuid(request.args.get("who"))
    persons = pool_rows.persons(g.actor)
    who = next((one[0] for one in persons if chosen in (None, one[0])), None)
    form = _pool_form(blank=True)
    if who is not None and (own := pool_rows.own(who)) is not None:
        form.fill(*own)
    return _time_page(who, form)


@bp.post("/offer-time/<uuid:supporter_id>")
@command(Permission.RESOURCE_OFFER)
def fill_time(supporter_id: UUID) -> ResponseReturnValue:
    form = _pool_form()
    done = attempt(form, lambda: pool.fill(g.actor, supporter_id, form.read(), version=form.seen))
    if done is None:
        return _time_page(supporter_id, form), _REFUSED
    flash(gettext("已保存，谢谢您。需要时工作人员会联系您"), "ok")
    return redirect(url_for(".offer_time", who=supporter_id), 303)


@bp.post("/publicity/<uuid:supporter_id>")
@command(Permission.RESOURCE_OFFER)
def publicity(supporter_id: UUID) -> ResponseReturnValue:
    if request.form.get("agree") == "1":
        honours.give_publicity(g.actor, supporter_id)
        flash(gettext("谢谢，公示时会写您的名字；随时可以撤回"), "ok")
    else:
        honours.withdraw_publicity(g.actor, supporter_id)
        flash(gettext("已撤回，公示页上马上不再有您的名字"), "ok")
    return redirect(url_for(".offer_time"), 303)


@bp.get("/offers")
@page(Permission.RESOURCE_OFFER)
def offers() -> ResponseReturnValue:
    return render_template(
        "mine/offers.html",
        offers=rows.own(g.actor),
        may_offer=bool(rows.givers(g.actor)),
        kinds=KINDS,
        days=DAYS,
        subjects=SUBJECT_LABELS,
    )


@bp.get("/offers/new")
@page(Permission.RESOURCE_OFFER)
def write_offer() -> ResponseReturnValue:
    return _offer_page(_offer_form(blank=True))


@bp.post("/offers/new")
@command(Permission.RESOURCE_OFFER)
def send_offer() -> ResponseReturnValue:
    form = _offer_form()
    done = attempt(
        form, lambda: resources.offer(g.actor, uuid_of(form.supporter.data), form.read())
    )
    if done is None:
        return _offer_page(form), _REFUSED
    flash(gettext("已提交，县民政局核对后收进名录"), "ok")
    return redirect(url_for(".offers"), 303)


@bp.get("/offers/<uuid:offer_id>/edit")
@page(Permission.RESOURCE_OFFER)
def change_offer(offer_id: UUID) -> ResponseReturnValue:
    form = _offer_form(blank=True)
    form.fill(rows.own_one(g.actor, offer_id))
    return _offer_page(form, offer_id)


@bp.post("/offers/<uuid:offer_id>/edit")
@command(Permission.RESOURCE_OFFER)
def revise_offer(offer_id: UUID) -> ResponseReturnValue:
    rows.own_one(g.actor, offer_id)
    form = _offer_form()
    done = attempt(
        form, lambda: resources.revise(g.actor, offer_id, form.read(), version=form.seen)
    )
    if done is None:
        return _offer_page(form, offer_id), _REFUSED
    flash(gettext("已提交，县民政局会再核对一次"), "ok")
    return redirect(url_for(".offers"), 303)


@bp.post("/offers/<uuid:offer_id>/withdraw")
@command(Permission.RESOURCE_OFFER)
def withdraw_offer(offer_id: UUID) -> ResponseReturnValue:
    resources.withdraw(g.actor, offer_id, version=shown_version())
    flash(gettext("已撤回；已经约好的仍请照约提供"), "ok")
    return redirect(url_for(".offers"), 303)


def _pool_form(*, blank: bool = False) -> PoolForm:
    form = PoolForm(formdata=None) if blank else PoolForm()
    form.offer_choices(resource_places.counties(g.actor))
    return form


def _offer_form(*, blank: bool = False) -> OfferForm:
    form = OfferForm(formdata=None) if blank else OfferForm()
    form.offer_choices(rows.givers(g.actor), resource_places.counties(g.actor))
    return form


def _time_page(who: UUID | None, form: PoolForm) -> str:
    persons = pool_rows.persons(g.actor)
    if who is not None and who not in {one[0] for one in persons}:
        not_found()
    speakers = [one for one in rows.givers(g.actor) if g.actor.role_in(one[0]) == CONTACT]
    return render_template(
        "mine/offer_time.html",
        persons=persons,
        who=who,
        form=form,
        speakers=speakers,
        agreed=consents.consented([each for each, _ in speakers]),
    )


def _offer_page(form: OfferForm, offer_id: UUID | None = None) -> str:
    return render_template("mine/offer.html", form=form, offer_id=offer_id)
