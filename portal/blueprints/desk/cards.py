"""Contact cards on the desk: one pairing's, issuing anew, the register of a place."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.desk.frame import bp
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission
from portal.queries import contact_cards as rows
from portal.services import contact_cards
from portal.web import card_pages, hours_files
from portal.web.errors import sentence
from portal.web.gate import command, page
from portal.web.values import shown_version

_REFUSED = 422


@bp.get("/pairings/<uuid:pairing_id>/card", endpoint="pairing_card")
@page(Permission.CARD_READ)
def card(pairing_id: UUID) -> ResponseReturnValue:
    return _card_page(pairing_id)


@bp.post("/pairings/<uuid:pairing_id>/card", endpoint="pairing_card_act")
@command(Permission.CARD_ISSUE)
def card_act(pairing_id: UUID) -> ResponseReturnValue:
    reason = request.form.get("reason_code", "")
    standing = rows.desk(g.actor, pairing_id).card
    try:
        if standing is None:
            contact_cards.issue(g.actor, pairing_id)
        else:
            version = shown_version()
            contact_cards.reissue(g.actor, pairing_id, reason_code=reason, version=version)
    except Invalid as refusal:
        return _card_page(pairing_id, sentence(refusal)), _REFUSED
    flash(gettext("已签发，PDF 稍后可以下载。旧卡扫码会显示“已作废”。"), "ok")
    return redirect(url_for("desk.pairing_card", pairing_id=pairing_id), 303)


@bp.get("/pairings/<uuid:pairing_id>/card.pdf", endpoint="pairing_card_file")
@page(Permission.CARD_READ)
def card_file(pairing_id: UUID) -> ResponseReturnValue:
    return hours_files.send_paper(*rows.file_of(rows.desk(g.actor, pairing_id)))


@bp.get("/pairings/<uuid:pairing_id>/card/print", endpoint="pairing_card_sheet")
@page(Permission.CARD_READ)
def card_sheet(pairing_id: UUID) -> ResponseReturnValue:
    return card_pages.sheet(rows.paper_of(rows.desk(g.actor, pairing_id)))


@bp.get("/cards", endpoint="cards")
@page(Permission.CARD_READ)
def register() -> ResponseReturnValue:
    unit = request.args.get("unit", "")
    return render_template(
        "cards/register.html",
        rows=rows.register(g.actor, unit),
        places=rows.townships(g.actor),
        unit=unit,
    )


@bp.get("/cards/print", endpoint="cards_sheet")
@page(Permission.CARD_READ)
def register_sheet() -> ResponseReturnValue:
    found = rows.register(g.actor, request.args.get("unit", ""))
    return card_pages.sheet(*(row.card.paper for row in found if row.card.paper))


def _card_page(pairing_id: UUID, problem: str = "") -> str:
    view = rows.desk(g.actor, pairing_id)
    return render_template("cards/desk.html", view=view, problem=problem, **card_pages.words())
