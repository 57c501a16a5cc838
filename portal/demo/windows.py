"""Three windows around today: one is over, one is closing, one is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demo.timeline import Line, Timeline, act
from portal.domain.windows import Occasion, default_dates

SANMING, QIDONG = "/35/3504/", "/32/3206/320681/"


@dataclass(frozen=True, slots=True)
class Season:
    """A window's days counted back from today, and when its wishes go which way."""

    occasion: str
    year: int
    opens: int
    closes: int
    deliver_by: int
    drafted: int
    screened: int
    approved: int
    released: int

    @property
    def name(self) -> str:
        """Return what the story calls the window."""
        return f"window_{self.occasion}"


#: The sample wishes of domain.md 7 come in this order: 六一 is over, 开学季 closing, 春节 open.
_SAMPLE_ORDER = (Occasion.CHILDREN_DAY, Occasion.SCHOOL_START, Occasion.SPRING_FESTIVAL)
_DAYS = (
    (140, 100, 93, 136, 134, 132, 131),
    (45, -5, -15, 43, 42, 41, 40),
    (14, -25, -35, 13, 12, 11, 10),
)


def seasons(today: date) -> dict[str, Season]:
    """Return the seasons by occasion; the open one is of the year of its next festival."""
    last = today.year
    if default_dates(Occasion.SPRING_FESTIVAL, last).deliver_by < today:
        last += 1
    years = (last - 1, last - 1, last)
    return {
        occasion.value: Season(occasion.value, year, *days)
        for occasion, year, days in zip(_SAMPLE_ORDER, years, _DAYS, strict=True)
    }


def plan(story: Timeline, every: dict[str, Season]) -> None:
    """Plan the windows, in 启东 only the first and the last."""
    for season in every.values():
        story.add(145, "09:00", _plan("city", SANMING, season, season.name))
    for season in (every["children_day"], every["spring_festival"]):
        story.add(145, "09:30", _plan("qidong.county", QIDONG, season, f"qidong_{season.occasion}"))


def _plan(who: str, tenant: str, season: Season, name: str) -> Line:
    return act(
        who,
        "window.plan",
        name,
        tenant_path=tenant,
        year=season.year,
        occasion=season.occasion,
        dates={
            "opens": _day(season.opens),
            "closes": _day(season.closes),
            "deliver_by": _day(season.deliver_by),
        },
    )


def _day(days_ago: int) -> str:
    return f"today-{days_ago}d" if days_ago >= 0 else f"today+{-days_ago}d"
