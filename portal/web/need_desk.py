"""What the desk's pages of needs share: the tabs, the dossier, moving one from a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import flash, g, render_template, request, url_for
from flask_babel import gettext

from portal.core import access, unit_of_work
from portal.domain.errors import Invalid
from portal.domain.lifecycles.needs import NEEDS
from portal.domain.permissions import Permission
from portal.domain.wish_inputs import CONSENT_METHODS
from portal.queries import need_applications
from portal.queries import needs as reading
from portal.queries.wishes import Step
from portal.services import needs
from portal.web import cursors, lifecycle_tabs, need_cards
from portal.web.errors import sentence
from portal.web.lifecycle_tabs import Tab
from portal.web.values import shown_version

_LIST = "desk.needs"
_MILLION = 1_000_000


TABS = (
    Tab("approve", ("submitted",), Permission.NEED_APPROVE, ("approve", "hold", "return")),
    Tab("release", ("approved",)),
    Tab("published", ("published",)),
    Tab("held", ("held",)),
    Tab("matched", ("matched",)),
    Tab("drafts", ("draft",)),
    Tab("done", ("closed", "withdrawn")),
)


def _label(tab: Tab) -> str:
    return {
        "approve": gettext("待批准"),
        "release": gettext("待发布"),
        "published": gettext("征集中"),
        "held": gettext("由工作人员物色"),
        "matched": gettext("已配对"),
        "drafts": gettext("草稿"),
        "done": gettext("已结束"),
    }[tab.name]


def chosen(name: str) -> Tab:
    """Return the named tab; the county's own work by default, what is on offer for the others."""
    named = next((tab for tab in TABS if tab.name == name), None)
    works = access.permits(g.actor, Permission.NEED_APPROVE)
    return named or (TABS[0] if works else TABS[2])


def tabs(now: Tab, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the tabs with their counts."""
    return lifecycle_tabs.drawn(TABS, now, counts, endpoint="desk.needs", label=_label)


def bulk(tab: Tab) -> list[dict[str, Any]]:
    """Return the moves this person may make on several needs of a tab."""
    return lifecycle_tabs.bulk(NEEDS, tab)


def wanted(tab: Tab) -> reading.Wanted:
    """Read the filters from the address."""
    return reading.Wanted(
        tab.statuses,
        q=request.args.get("q", "").strip()[:30],
        kind=request.args.get("kind", ""),
        after=unsealed(request.args.get("after", ""), f"{_LIST}.{tab.name}"),
    )


def next_url(tab: Tab, page: reading.NeedPage, asked: reading.Wanted) -> str:
    """Return the address of the next page, or nothing."""
    after = sealed(page.next_after, f"{_LIST}.{tab.name}")
    given = {"q": asked.q, "kind": asked.kind}
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}
    return url_for("desk.needs", tab=tab.name, after=after, **kept) if after else ""


def sealed(after: reading.Cursor | None, what: str) -> str:
    """Return a cursor by time as links carry it."""
    if after is None:
        return ""
    return cursors.seal((round(after[0].timestamp() * _MILLION), after[1]), what)


def unsealed(text: str, what: str) -> reading.Cursor | None:
    """Return where to go on; None for the first page."""
    found = cursors.unseal(text, what)
    if found is None:
        return None
    return datetime.fromtimestamp(found[0] / _MILLION, tz=UTC), found[1]


def dossier_page(template: str, need_id: UUID, refused: str = "") -> str:
    """Render a need's dossier; ``refused`` says why the last move was not made."""
    need = reading.dossier(g.actor, need_id)
    may_answer = access.permits(g.actor, Permission.PAIRING_MANAGE)
    return render_template(
        template,
        need=need,
        refused=refused,
        reasons=[_said(one.template, one.params) for one in need.reasons],
        preview=need_cards.preview(need.card) if need.card else None,
        offered=[_button(offer) for offer in need.offers],
        steps=[_step(step) for step in need.steps],
        method=_method(need),
        returned=_returned(need),
        applications=need_applications.lodged(g.actor, need_id) if may_answer else (),
    )


def move_and_say(need_id: UUID) -> str | None:
    """Make the move a form asks for; return the refusal's sentence when a rule says what to fix."""
    move = request.form.get("transition", "")
    try:
        needs.act(
            g.actor,
            need_id,
            move,
            reason=request.form.get("reason", ""),
            version=shown_version(),
        )
    except Invalid as refusal:
        unit_of_work.rollback()
        return sentence(refusal)
    status = reading.dossier(g.actor, need_id).row.status
    by_rule = move == "approve" and status == "held"
    flash(_done(move, by_rule=by_rule), "warning" if by_rule else "success")
    return None


def _done(move: str, *, by_rule: bool) -> str:
    if by_rule:
        return gettext("合得上的在册儿童不够，不公开；请直接物色结对人")
    return gettext(NEEDS.transition(move).done)


def _returned(need: reading.NeedDossier) -> str:
    """Return the reason for which a draft came back, if it did."""
    back = (step.note for step in reversed(need.steps) if step.after == "draft" and step.note)
    return next(back, "") if need.row.status == "draft" else ""


def _method(need: reading.NeedDossier) -> str:
    known = need.consent is not None and need.consent.method in CONSENT_METHODS
    return gettext(CONSENT_METHODS[need.consent.method]) if known and need.consent else ""


def _said(template: str, params: dict[str, object]) -> str:
    text = gettext(template)
    return text.format(**params) if params else text


def _button(offer: Any) -> dict[str, Any]:
    return {
        "name": offer.move.name,
        "label": gettext(offer.move.label),
        "tone": offer.move.tone.value,
        "asks": offer.move.asks,
        "refusal": offer.refusal,
    }


def _step(step: Step) -> dict[str, Any]:
    noun, _, name = step.kind.partition(".")
    known = {move.name: move.label for move in NEEDS.transitions}
    words = {"begin": gettext("起草"), "edit": gettext("修改")}
    what = gettext(known[name]) if noun == "need" and name in known else words.get(name, name)
    return {"at": step.at, "who": step.who, "what": what, "note": step.note}
