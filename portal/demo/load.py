"""Loading the demo year into a database that holds nothing yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from portal.core import unit_of_work
from portal.demo import (
    claims,
    continuity,
    hours,
    journals,
    letters,
    matches,
    needs,
    pairings,
    programmes,
    resources,
    sights,
    staff,
    standings,
    supporters,
    windows,
    wishes,
)
from portal.demo.accounts import VILLAGE
from portal.demo.timeline import Timeline
from portal.domain import clock
from portal.domain.errors import Conflict
from portal.queries import stories
from portal.scenarios import people, script
from portal.scenarios.player import Played, Player
from portal.scenarios.vocabulary import SIGHTS, VERBS
from portal.services import demo_factors, fictitious, units

Said = Callable[[str], None]
#: Mails older than this count as read long ago; the worker delivers the rest.
_POST_KEPT = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much the demo holds."""

    lines: int
    children: int
    mails_settled: int


def is_loaded() -> bool:
    """Tell whether the database holds children already."""
    with unit_of_work.reading(unit_of_work.system_scope("is there any child yet")):
        return stories.child_count() > 0


def load(said: Said = lambda _: None) -> Loaded:
    """Play the demo year; Conflict when the database is not empty, or a line went wrong."""
    if is_loaded():
        raise Conflict("这个数据库里已有数据")
    with unit_of_work.transaction(unit_of_work.system_scope("load the unit tree")):
        units.load_shipped()
    crowd = supporters.Crowd()
    long_ago = Player(VERBS, SIGHTS, ticking=False)
    _play(long_ago, supporters.prologue(crowd))
    said("staff, children, supporters")
    year = Player(VERBS, SIGHTS, named=long_ago.named)
    _play(year, _people(crowd))
    said("wishes and claims")
    played = _told(year.play(script.read(_year(crowd).lines())))
    before = clock.now() - _POST_KEPT
    with unit_of_work.transaction(unit_of_work.system_scope("the demo year's post")):
        settled = fictitious.settle_mails(before)
        demo_factors.equip()
        children = stories.child_count()
    return Loaded(len(played), children, settled)


def _people(crowd: supporters.Crowd) -> Iterable[object]:
    yield {"at": "today-150d 08:00", "as": "system", "see": "today", "name": "began"}
    yield from staff.lines()
    for county in people.counties():
        seat = {"350421": VILLAGE, staff.NEIGHBOUR: staff.neighbour_village()}.get(county, "")
        filled = {"county": county, "on": "today", "seat": seat}
        yield {"as": "system", "do": "register.fill", "with": filled}
    yield from supporters.lines(crowd)


def _year(crowd: supporters.Crowd) -> Timeline:
    story = Timeline()
    every = windows.seasons(clock.today())
    windows.plan(story, every)
    wishes.tell(story, every)
    claims.tell(story, every)
    hours.tell(story)
    needs.tell(story)
    pairings.tell(story, crowd)
    letters.tell(story, crowd)
    journals.tell(story, crowd)
    continuity.tell(story, crowd)
    matches.tell(story, crowd)
    programmes.tell(story, crowd)
    resources.tell(story, crowd)
    sights.tell(story)
    standings.tell(story, crowd)
    for moment, line in supporters.specials(crowd):
        story.add_at(moment, line)
    return story


def _play(player: Player, lines: Iterable[object]) -> None:
    _told(player.play(script.read(json.dumps(line, ensure_ascii=False) for line in lines)))


def _told(rows: list[Played]) -> list[Played]:
    """Refuse a demo that did not come out as it was told."""
    for row in rows:
        if not row.ok:
            raise Conflict(
                "演示数据第{line}行没有按预期进行：{did}，{seen}",
                line=row.line,
                did=f"{row.at} {row.who} {row.did}",
                seen=row.seen,
            )
    return rows
