"""My contact card of a pairing: read, download, print."""

from __future__ import annotations

from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue

from portal.blueprints.mine.frame import bp
from portal.domain.permissions import Permission
from portal.queries import contact_cards as rows
from portal.web import card_pages, hours_files
from portal.web.gate import page


@bp.get("/pairings/<uuid:pairing_id>/card", endpoint="pairing_card")
@page(Permission.CARD_HOLD)
def own_card(pairing_id: UUID) -> ResponseReturnValue:
    view = rows.held(g.actor, pairing_id)
    return render_template("cards/mine.html", view=view, **card_pages.words())


@bp.get("/pairings/<uuid:pairing_id>/card.pdf", endpoint="pairing_card_file")
@page(Permission.CARD_HOLD)
def own_card_file(pairing_id: UUID) -> ResponseReturnValue:
    return hours_files.send_paper(*rows.file_of(rows.held(g.actor, pairing_id)))


@bp.get("/pairings/<uuid:pairing_id>/card/print", endpoint="pairing_card_sheet")
@page(Permission.CARD_HOLD)
def own_card_sheet(pairing_id: UUID) -> ResponseReturnValue:
    return card_pages.sheet(rows.paper_of(rows.held(g.actor, pairing_id)))
