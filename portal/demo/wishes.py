"""The 30 sample wishes of domain.md 7, how far each has come, and those that may not go on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.demo.accounts import COUNTY, VILLAGE
from portal.demo.timeline import Timeline, act, look
from portal.demo.windows import Season

_FILE = Path(__file__).parent.parent / "data" / "demo" / "wishes.csv"
_STEPS = ("drafted", "screened", "approved", "released")
#: How far a wish has come, where that is not onto the wall.
_STOPS = {21: "screened", 28: "approved", 29: "approved", 30: "approved"}
_GUARDIAN = {"method": "written", "given_by": "张桂兰", "relation": "祖母"}
#: Wishes that the linter stops, and one that needs a reason (domain.md 7, negative fixtures).
_REFUSED = (
    ("XX02", "想要一个书包，可以打妈妈的电话12042100999", 18000),
    ("XX08", "想要和晨光小学同学一样的彩笔", 6500),
    ("XX06", "想要500元现金，自己去买文具", 6800),
)
_DEAR = ("XX03", "想要一张大一点的书桌", 80000)


def tell(story: Timeline, every: dict[str, Season]) -> None:
    """Draft, screen, approve and release the sample wishes; then the ones that stay behind."""
    taken: dict[str, list[str]] = {}
    for row in rows():
        _one(story, every[row["occasion"]], row, taken)
    for season in every.values():
        window = f"${season.name}.id"
        story.add(season.released, "10:00", act("city", "batch.release", window_id=window))
    _behind(story, every["spring_festival"], taken)
    _neighbour(story, every)


def rows() -> Iterator[dict[str, str]]:
    """Yield the sample wishes as the file holds them."""
    with _FILE.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _one(story: Timeline, season: Season, row: dict[str, str], taken: dict[str, list[str]]) -> None:
    no, reached = row["no"], _STOPS.get(int(row["no"]), "released")
    child = f"k{no}"
    others = taken.setdefault(row["county"], [])
    where = {"village": VILLAGE} if row["county"] == COUNTY else {}
    asked = {"county": row["county"], "low": int(row["low"]), "high": int(row["high"]), **where}
    found = look("system", "register.child", child, besides=[*others], **asked)
    story.add(season.drafted, "09:00", found)
    others.append(f"${child}.id")
    _draft(story, season, season.drafted, no, data(row))
    wish = {"wish_id": f"$w{no}"}
    story.add(season.drafted, "09:30", act(f"${child}.director", "wish.submit", **wish))
    story.add(season.screened, "10:00", act(f"${child}.supervisor", "wish.screen", **wish))
    if _STEPS.index(reached) >= _STEPS.index("approved"):
        # Those that wait for the next batch were approved after the last one.
        day = season.approved if reached == "released" else season.released - 2
        story.add(day, "15:00", act(f"${child}.county", "wish.approve", **wish))


def data(row: dict[str, str]) -> dict[str, Any]:
    """Return what the director fills in."""
    chosen: dict[str, Any] = {
        "item_code": row["item"],
        "own_words": row["words"],
        "quantity": int(row["quantity"]),
        "est_cost_fen": int(row["cost"]) * 100,
    }
    if row["size"]:
        chosen["size"] = int(row["size"])
    if row["choice"]:
        chosen["choice"] = row["choice"]
    return chosen


def _draft(story: Timeline, season: Season, day: int, no: str, filled: dict[str, Any]) -> None:
    child, director = f"$k{no}.id", f"$k{no}.director"
    given = {**_GUARDIAN, "given_on": f"today-{day}d"}
    story.add(day, "09:10", act(director, "consent.record", f"n{no}", child_id=child, given=given))
    wish: dict[str, Any] = {"child_id": child, "window_id": f"${season.name}.id", "data": filled}
    story.add(day, "09:20", act(director, "wish.draft", f"w{no}", **wish))


def _behind(story: Timeline, season: Season, taken: dict[str, list[str]]) -> None:
    """Leave the refused ones with their director and the dear one with the supervisor."""
    others = taken[COUNTY]
    for number, (item, words, cost) in enumerate((*_REFUSED, _DEAR), start=31):
        no, is_dear = str(number), cost == _DEAR[2]
        asked = {"county": COUNTY, "low": 12, "high": 16, "village": VILLAGE}
        found = look("system", "register.child", f"k{no}", besides=[*others], **asked)
        story.add(6, "09:00", found)
        others.append(f"$k{no}.id")
        filled: dict[str, Any] = {"item_code": item, "own_words": words, "est_cost_fen": cost}
        if is_dear:
            filled["cap_reason"] = "孩子身量高，普通书桌不合用，需要加宽可调节的"
        _draft(story, season, 6, no, filled)
        expect = "" if is_dear else "请先删去不能写的内容"
        sent = act(f"$k{no}.director", "wish.submit", expect=expect, wish_id=f"$w{no}")
        story.add(6, "09:40", sent)


def _neighbour(story: Timeline, every: dict[str, Season]) -> None:
    """Tell the few wishes of 启东: one has expired, one is held, one waits."""
    first, last = every["children_day"], every["spring_festival"]
    for child, day, low, high in (("q1", first.drafted, 6, 11), ("q2", last.drafted, 3, 5)):
        found = look("system", "register.child", child, county="320681", low=low, high=high)
        story.add(day, "11:00", found)
    _neighbours_wish(story, "q1", "wq1", first, first.drafted, "XX06")
    _neighbours_wish(story, "q1", "wq2", last, 110, "XX02")
    _neighbours_wish(story, "q2", "wq3", last, last.drafted, "XQ01")
    for wish, day in (("wq1", first.approved), ("wq3", last.approved)):
        story.add(day + 1, "11:00", act("qidong.supervisor", "wish.screen", wish_id=f"${wish}"))
        story.add(day, "11:00", act("qidong.county", "wish.approve", wish_id=f"${wish}"))


def _neighbours_wish(
    story: Timeline, child: str, wish: str, season: Season, day: int, item: str
) -> None:
    given = {**_GUARDIAN, "given_on": f"today-{day}d"}
    filled = {"item_code": item, "own_words": "想要一件自己的东西", "est_cost_fen": 6800}
    who = "qidong.director"
    story.add(day, "11:10", act(who, "consent.record", child_id=f"${child}.id", given=given))
    window = f"$qidong_{season.occasion}.id"
    drafted: dict[str, Any] = {"child_id": f"${child}.id", "window_id": window, "data": filled}
    story.add(day, "11:20", act(who, "wish.draft", wish, **drafted))
    story.add(day, "11:30", act(who, "wish.submit", wish_id=f"${wish}"))
