"""Camps, classes and an after-school room of the demo, in every state, told around today.

The dates of domain.md 7 are those of one summer; here they lie so that a roll can be called on
any day: a camp is running, another one is over and closed, others are still being planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from portal.demo.accounts import COUNTY
from portal.demo.pairings import clear, person
from portal.demo.supporters import SPECIAL, Crowd
from portal.demo.timeline import Timeline, act, look
from portal.domain import clock
from portal.domain.calendar import NATIONAL

#: Volunteers of 明溪 who stand beside the teacher at camps, and those of room and class.
_BESIDE, _OTHERS = 11, (12, 13)
_CAMP_HOURS = {"08:30": "08:40", "14:20": "14:30", "20:00": "20:10"}
#: Days before the first one on which each step is taken.
_DRAFTED, _ASKED, _OPENED, _APPLIED, _CLOSED = 45, 42, 40, 38, 6


@dataclass(frozen=True, slots=True)
class _Programme:
    """A programme: who drafts it, when it is, how far it comes, how many children it has."""

    ref: str
    kind: str
    title: str
    county: str
    plan: str
    first: int
    days: int
    #: draft, submitted, approved, open, running, closed.
    upto: str
    words: str = ""
    venue: str = ""
    capacity: int = 8
    children: int = 0
    hours: tuple[str, str] = ("08:00", "21:00")
    ratio: int = 8
    weeks: int = 0

    @property
    def starts_on(self) -> date:
        """Return the first day."""
        return clock.today() + timedelta(days=self.first)

    @property
    def ends_on(self) -> date:
        """Return the last day."""
        return self.starts_on + timedelta(days=self.days - 1)


_CAMPS = (
    _Programme("c3", "camp", "「萤火虫」夏令营", COUNTY, "firefly", -3, 10, "running",
               "十天的营地：竹编、诗词、科学实验，还有防溺水。", "明溪县青少年活动中心", 8, 8),
    _Programme("c4", "camp", "「丹霞自然」夏令营", "350429", "danxia", -30, 11, "closed",
               "在丹霞山水里认石头、读诗、学防灾。", "泰宁县青少年活动中心", 8, 4),
    _Programme("c2", "camp", "「红色客家」冬令营", "350424", "red_hakka", 32, 10, "open",
               "听红色故事，学客家山歌和木活字。", "宁化县青少年宫", 16),
    _Programme("c1", "camp", "「山城暖冬」冬令营", "350404", "new_year", 46, 10, "submitted",
               "写春联、剪窗花、做擂茶，学冬天的安全。", "三元区少年宫", 30),
    _Programme("c5", "camp", "「星星伙伴」融合营", "350481", "stars", 60, 10, "draft",
               "用眼睛学习、用音乐说话的十天。", "永安市少年宫", 18, ratio=3),
)  # fmt: skip
_ROOM = _Programme("room", "after_school", "雪峰课后小屋", COUNTY, "after_school", -21, 90,
                   "running", "放学后写作业、听写、下棋，由家人接回。", "雪峰镇儿童之家", 8, 6,
                   ("16:00", "19:00"))  # fmt: skip
_CLUB = _Programme("club", "interest_class", "周末篮球班", COUNTY, "weekend", 0, 84, "running",
                   "每个星期天下午，一起打球。", "明溪县体育馆", 4, 5, ("14:00", "17:00"),
                   weeks=12)  # fmt: skip
#: Name, county, day of the week (Saturday 5), how many sessions; domain.md 7.
_CLASSES = (
    ("书法班", "350404", 5, 12), ("客家剪纸班", "350424", 5, 10), ("口琴合奏班", "350429", 5, 10),
    ("编程启蒙班", "350405", 6, 12), ("安全小卫士", "350430", 5, 8), ("国画班", "350426", 6, 10),
    ("阅读与表达班", "350425", 5, 12), ("科学实验班", "350428", 6, 8),
    ("融合音乐班", "350481", 5, 12),
)  # fmt: skip


def tell(story: Timeline, crowd: Crowd) -> None:
    """Clear four adults for contact with children, then let each programme go its way."""
    camp = (_teacher(crowd), person(crowd, COUNTY, _BESIDE))
    rest = tuple(person(crowd, COUNTY, nth) for nth in _OTHERS)
    for login, supporter in (*camp, *rest):
        clear(story, COUNTY, login, supporter, 0)
    club = _club()
    for one in (*_CAMPS, _ROOM, club):
        _plan(story, one)
        if one.upto in ("open", "running", "closed"):
            _staff(story, one, camp if one.kind == "camp" else rest)
        if one.children:
            _fill(story, one)
        for day in _days(one):
            _hold(story, one, day, (camp if one.kind == "camp" else rest)[0][0])
    for one in _classes():
        _plan(story, one)
    _pick_up(story)
    _report(story)
    _end(story, _CAMPS[1])


def _teacher(crowd: Crowd) -> tuple[str, str]:
    """Return login and reference of the teacher whose account may be tried."""
    admitted = [
        login
        for login, form in crowd.forms.items()
        if login not in SPECIAL and form["county_code"] == COUNTY
    ]
    return "teacher", f"$of{COUNTY}.{admitted.index('teacher')}"


def _club() -> _Programme:
    """Return the class of Sundays with its first day five weeks ago."""
    back = (clock.today().weekday() + 1) % 7 + 35
    return replace(_CLUB, first=-back)


def _classes() -> Iterator[_Programme]:
    """Return the other classes, planned for the weekends after six weeks."""
    for number, (title, county, weekday, sessions) in enumerate(_CLASSES, start=1):
        ahead = 42 + (weekday - clock.today().weekday()) % 7
        yield _Programme(
            f"class{number}", "interest_class", title, county, "weekend", ahead,
            7 * (sessions + 2), "submitted" if number == 1 else "approved", "每周一次，九十分钟。",
            "县青少年活动中心", 15, weeks=sessions,
        )  # fmt: skip


def _plan(story: Timeline, one: _Programme) -> None:
    """Draft, fill, prepare; hand in and approve as far as it comes."""
    who, ref = _drafter(one), f"${one.ref}"
    drafted = max(_DRAFTED - one.first, 6)
    drafted = drafted if one.first <= 0 else 6
    asked: dict[str, Any] = {
        "kind": one.kind, "title": one.title, "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(), "capacity": one.capacity, "age_min": 6, "age_max": 16,
        "ratio": one.ratio, "public_words": one.words, "venue": one.venue, "budget_yuan": 20000,
        "register_from": (clock.today() - timedelta(days=drafted - 3)).isoformat(),
        "register_until": (one.starts_on - timedelta(days=_CLOSED)).isoformat(),
    }  # fmt: skip
    if one.kind == "camp":
        asked["season"] = "winter" if one.ref in ("c1", "c2") else "summer"
    story.add(drafted, "09:00", act(who, "programme.draft", one.ref, asked=asked, unit=one.county))
    if one.upto == "draft":
        return
    given: dict[str, Any] = {"programme_id": ref, "plan": one.plan, "sessions_wanted": one.weeks}
    story.add(drafted, "09:00", act(who, "timetable.fill", **given))
    checked = (clock.today() - timedelta(days=drafted + 2)).isoformat()
    ready = {
        "drill_on": checked, "venue_checked_on": checked, "insurance_no": "PICC-YS-0001",
        "insured_until": one.ends_on.isoformat(),
    }  # fmt: skip
    story.add(drafted, "09:00", act(who, "programme.prepare", programme_id=ref, asked=ready))
    story.add(drafted, "09:00", act(who, "plan.keep", f"{one.ref}_paper"))
    plan = {"programme_id": ref, "file_id": f"${one.ref}_paper"}
    story.add(drafted, "09:00", act(who, "programme.attach_plan", **plan))
    story.add(drafted - 1, "09:00", act(who, "programme.submit", programme_id=ref))
    if one.upto != "submitted":
        second = "county2" if one.county == COUNTY else "city"
        story.add(drafted - 1, "15:00", act(second, "programme.approve", programme_id=ref))


def _drafter(one: _Programme) -> str:
    return "organiser" if one.county == COUNTY else f"county.{one.county}"


def _ago(one: _Programme, before: int) -> int:
    """Return how many days ago a step lies; of what is still to come, a few days ago."""
    return before - one.first if one.first <= 0 else before - 38


def _staff(story: Timeline, one: _Programme, people: tuple[tuple[str, str], ...]) -> None:
    """Invite the two adults, let them accept, give them every day; open the registration."""
    who, ref = _drafter(one), f"${one.ref}"
    for number, (login, supporter) in enumerate(people):
        name, at = f"{one.ref}_staff{number}", _ago(one, _ASKED)
        role = "helper" if number else "teacher"
        given: dict[str, Any] = {"programme_id": ref, "supporter_id": supporter, "role": role}
        story.add(at, "10:00", act(who, "rota.invite", name, **given))
        story.add(at, "10:00", act(login, "rota.confirm", staff_id=f"${name}"))
        first, last = one.starts_on.isoformat(), one.ends_on.isoformat()
        hours = {"starts": one.hours[0], "ends": one.hours[1]}
        duty = {"staff_id": f"${name}", "first": first, "last": last, **hours}
        story.add(at, "10:00", act(who, "rota.assign", **duty))
    story.add(_ago(one, _OPENED), "09:00", act(who, "programme.open", programme_id=ref))


def _fill(story: Timeline, one: _Programme) -> None:
    """Apply for children of the county's register; the families agree, most to pictures, too."""
    clerk = "county" if one.county == COUNTY else f"county.{one.county}"
    first = {"c3": 0, "room": 8, "club": 14}.get(one.ref, 0)
    asked = {"county": one.county, "youngest": 8, "oldest": 14, "first": first}
    at, kids = _ago(one, _APPLIED), f"{one.ref}_kids"
    story.add(at, "09:00", look(clerk, "children.aged", kids, **asked, count=one.children))
    many = range(one.children)
    children = [f"${kids}.{n}" for n in many]
    given: dict[str, Any] = {"programme_id": f"${one.ref}", "children": children}
    story.add(at, "09:00", act(clerk, "enrolment.apply_all", f"{one.ref}_in", **given))
    for photo in (True, False):
        ids = [f"${one.ref}_in.{n}" for n in many if (n % 4 != 3) is photo]  # noqa: PLR2004
        said = {
            "activity": True,
            "photo": photo,
            "medical": True,
            "transport": True,
            "by": "监护人",
        }
        story.add(at, "10:00", act(clerk, "enrolment.consent_all", enrolment_ids=ids, given=said))


def _days(one: _Programme) -> Iterator[date]:
    """Return the days gone by on which the roll was called."""
    day = one.starts_on
    while day < clock.today() and day <= one.ends_on and one.children:
        weekly = one.weeks == 0 or (day - one.starts_on).days % 7 == 0
        if weekly and (one.kind != "after_school" or NATIONAL.is_workday(day)):
            yield day
        day += timedelta(days=1)


def _hold(story: Timeline, one: _Programme, day: date, who: str) -> None:
    """Call the roll: now and then somebody is ill or late."""
    ago, nth = (clock.today() - day).days, (day - one.starts_on).days
    calls = _CAMP_HOURS if one.kind == "camp" else {"": "18:00"}
    for starts, at in calls.items():
        state = {"1": "leave"} if nth % 5 == 2 else {"2": "late"} if nth % 3 == 1 else {}  # noqa: PLR2004
        given = {"programme_id": f"${one.ref}", "day": day.isoformat(), "starts": starts}
        story.add(ago, at, act(who, "session.hold", **given, states=state))
    if one.kind == "after_school":
        given = {"programme_id": "$room", "day": day.isoformat()}
        story.add(ago, "18:40", act(who, "departure.let_all_go", **given))


def _pick_up(story: Timeline) -> None:
    """Register a grandmother for each child of the room."""
    at = _ago(_ROOM, _APPLIED - 5)
    given = {"programme_id": "$room", "name": "李秀英", "relation": "grandparent"}
    story.add(at, "10:00", {"as": "county", "do": "pickup.register_all", "with": given})


def _report(story: Timeline) -> None:
    """Write the running camp's days of before yesterday; yesterday's is still to write."""
    did = ("开营，学防溺水，认识新朋友。", "跟着师傅编竹蜻蜓，下午踢球。")
    for ago, words in zip((3, 2), did, strict=True):
        day = (clock.today() - timedelta(days=ago)).isoformat()
        said = {"weather": "sunny", "did": words, "served": ["breakfast", "lunch", "dinner"]}
        given: dict[str, Any] = {"programme_id": "$c3", "on": day, "day": said}
        story.add(ago, "21:10", act("organiser", "day.hand_in", **given))


def _end(story: Timeline, one: _Programme) -> None:
    """Report a camp that is over, and close it."""
    clerk, ref = _drafter(one), f"${one.ref}"
    ago = (clock.today() - one.ends_on).days - 3
    for number, stars in enumerate((5, 4)):
        slip = {"enrolment_id": f"${one.ref}_in.{number}", "who": "child", "stars": stars}
        story.add(ago, "10:00", {"as": clerk, "do": "slip.type", "with": slip})
    costs = [{"word": "伙食", "fen": 1_280_000}, {"word": "保险", "fen": 48_000}]
    words = "孩子们平安回家，明年把徒步放到前半程。"
    given: dict[str, Any] = {"programme_id": ref, "words": words, "costs": costs}
    story.add(ago, "11:00", act(clerk, "report.hand_in", **given))
    story.add(ago, "15:00", act(clerk, "programme.close", programme_id=ref))
