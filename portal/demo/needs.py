"""The 20 pairing needs of domain.md 7, in their order, most of them on /needs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.demo.accounts import COUNTY, VILLAGE
from portal.demo.timeline import Timeline, act, look
from portal.domain.needs import AFFECTION, HEARD_FROM_AGE

_FILE = Path(__file__).parent.parent / "data" / "demo" / "needs.csv"
#: Days before today: assessed, drafted (in order, so that the numbers run), approved, released.
ASSESSED, DRAFTED, APPROVED, RELEASED = 130, 120, 118, 116
#: The county keeps this one inside: a lawyer is asked directly.
HELD = 14
#: One waits for the next batch, one for the county's yes.
_WAITS, _SUBMITTED = 18, 19
_GUARDIAN = {"method": "written", "given_by": "张桂兰", "relation": "祖母"}


def tell(story: Timeline) -> None:
    """Assess, draft, hand on, approve and release the needs."""
    taken: dict[str, list[str]] = {}
    for row in rows():
        _begin(story, row, taken)
        _go_on(story, int(row["no"]))
    released = {"tenant_path": "/35/3504/"}
    story.add(RELEASED, "10:00", act("city", "need.release", **released))


def rows() -> Iterator[dict[str, str]]:
    """Yield the needs as the file holds them."""
    with _FILE.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _begin(story: Timeline, row: dict[str, str], taken: dict[str, list[str]]) -> None:
    no, child = row["no"], f"nc{row['no']}"
    others = taken.setdefault(row["county"], [])
    where = {"village": VILLAGE} if row["county"] == COUNTY else {}
    asked = {"county": row["county"], "low": int(row["low"]), "high": int(row["high"]), **where}
    # The assessment looks at the child of today: the band on the card is today's.
    story.add(
        ASSESSED, "09:00", look("system", "register.child", child, besides=[*others], **asked)
    )
    others.append(f"${child}.id")
    of, director = {"child_id": f"${child}.id"}, f"${child}.director"
    if row["kind"] == AFFECTION:
        found: dict[str, Any] = {"lacks_affection": True, "assessed_on": f"today-{ASSESSED}d"}
        story.add(ASSESSED, "09:30", act(director, "child.assess", **of, **found))
    given = {**_GUARDIAN, "given_on": f"today-{DRAFTED}d"}
    story.add(
        DRAFTED, "09:00", act(director, "consent.record", given=given, purpose="pairing", **of)
    )
    story.add(DRAFTED, "09:10", act(director, "need.draft", f"need{no}", asked=_filled(row), **of))
    story.add(DRAFTED, "10:00", act(director, "need.submit", need_id=f"$need{no}"))


def _filled(row: dict[str, str]) -> dict[str, Any]:
    filled: dict[str, Any] = {
        "kind": row["kind"],
        "rhythm": row["rhythm"],
        "helper": row["helper"],
        "days": [row["days"]] if row["days"] else [],
        "assessed_on": f"today-{ASSESSED}d",
        "remark": row["remark"],
    }
    if int(row["high"]) >= HEARD_FROM_AGE:
        filled["heard_on"] = f"today-{ASSESSED}d"
        filled["child_words"] = row["words"] or "想有人常常来陪我"
    return filled


def _go_on(story: Timeline, no: int) -> None:
    """Approve a need before the batch, after it, inside only, or leave it waiting."""
    need, county = {"need_id": f"$need{no}"}, f"$nc{no}.county"
    if no == HELD:
        why = "涉及家里的事，由县里直接请律师志愿者"
        story.add(APPROVED, "10:00", act(county, "need.hold", reason=why, **need))
    elif no == _WAITS:
        story.add(3, "10:00", act(county, "need.approve", **need))
    elif no != _SUBMITTED:
        story.add(APPROVED, "10:00", act(county, "need.approve", **need))
