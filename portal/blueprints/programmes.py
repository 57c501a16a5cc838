"""Programmes in public: the notices, and one of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain.programmes import KINDS
from portal.queries import programme_notices as notices
from portal.web import cursors
from portal.web.gate import public

bp = Blueprint("programmes", __name__)
_LIST, _QUERY = "notices", 30


@bp.get("/programmes", endpoint="programmes")
@public
def all_notices() -> ResponseReturnValue:
    asked = _asked()
    found = notices.page(asked)
    after = cursors.seal(found.next_after, f"{_LIST}.{asked.status}")
    kept: dict[str, Any] = {
        "q": asked.q,
        "region": asked.region,
        "kind": asked.kind,
        "status": asked.status,
    }
    on = url_for(".programmes", after=after, **{k: v for k, v in kept.items() if v})
    return render_template(
        "programmes/notices.html",
        page=found,
        asked=asked,
        kinds=KINDS,
        regions=notices.places(),
        next_url=on if after else "",
    )


@bp.get("/programmes/<code>")
@public
def notice(code: str) -> ResponseReturnValue:
    found = notices.one(code)
    return render_template("programmes/notice.html", notice=found)


def _asked() -> notices.Wanted:
    args = request.args
    status = "past" if args.get("status") == "past" else "coming"
    region = args.get("region", "")
    return notices.Wanted(
        q=args.get("q", "").strip()[:_QUERY],
        region=region if region.isalnum() else "",
        kind=args.get("kind", "") if args.get("kind") in KINDS else "",
        status=status,
        after=cursors.unseal(args.get("after", ""), f"{_LIST}.{status}"),
    )
