"""Who has claimed which wish, and what came of it: every state of a claim is there."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.timeline import Line, Timeline, act, look
from portal.demo.windows import Season
from portal.demo.wishes import rows

_THANKS = {
    1: "谢谢叔叔阿姨，晚上写字亮堂多了",
    3: "谢谢，我每天都看一会儿",
    5: "谢谢您，我画了一张大山",
    7: "谢谢，积木很好玩",
}
_NOT_READ_YET = frozenset({1})


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim some days ago, and how far it went."""

    no: int
    login: str
    days_ago: int
    end: str


CLAIMS = (
    Claim(1, "enterprise", 125, "fulfilled"),
    Claim(3, "enterprise002", 124, "archived"),
    Claim(4, "charity", 124, "archived"),
    Claim(5, "volunteer002", 128, "lapsed"),
    Claim(5, "volunteer", 120, "archived"),
    Claim(6, "volunteer003", 126, "declined"),
    Claim(6, "charity", 121, "archived"),
    Claim(7, "enterprise", 122, "archived"),
    Claim(8, "volunteer004", 122, "archived"),
    Claim(9, "volunteer005", 104, "failed"),
    Claim(10, "charity002", 119, "archived"),
    Claim(11, "enterprise", 30, "delivered"),
    Claim(12, "enterprise", 8, "approved"),
    Claim(13, "charity", 20, "delivering"),
    Claim(16, "volunteer006", 28, "cancelled"),
    Claim(17, "enterprise004", 30, "fulfilled"),
    Claim(18, "volunteer", 26, "given_back"),
)
#: Claims of the last hours, which nobody has decided yet: wish, login, hours ago.
LATELY = ((14, "volunteer", 30), (15, "enterprise003", 5), (2, "enterprise", 3))
_ON_THE_WAY = ("delivering", "delivered", "fulfilled", "archived")
_ARRIVED = _ON_THE_WAY[1:]
_HANDED_OVER = _ON_THE_WAY[2:]


def tell(story: Timeline, every: dict[str, Season]) -> None:
    """Read the cards' codes after each batch, then claim and follow each claim."""
    costs = {int(row["no"]): int(row["cost"]) * 100 for row in rows()}
    occasions = {int(row["no"]): row["occasion"] for row in rows()}
    for no in sorted({claim.no for claim in CLAIMS}):
        _codes(story, every[occasions[no]].released, no)
    for no, _, _ in LATELY:
        _codes(story, every["school_start"].released, no)
    for claim in CLAIMS:
        _follow(story, claim, costs[claim.no])
    for no, login, hours in LATELY:
        story.add_lately(hours, _make(login, no, f"late{no}"))


def _codes(story: Timeline, day: int, no: int) -> None:
    seen = look(f"$k{no}.county", "cards.codes", f"code{no}", wish_ids=[f"$w{no}"])
    story.add(day, "11:00", seen)


def _make(login: str, no: int, name: str) -> Line:
    return act(login, "claim.make", name, supporter_id="$me.supporter", code=f"$code{no}.0")


def _follow(story: Timeline, claim: Claim, value: int) -> None:
    day, no, end = claim.days_ago, claim.no, claim.end
    name = f"c{no}_{claim.login}"
    one = {"commitment_id": f"${name}.commitment_id"}
    story.add(day, "10:00", _make(claim.login, no, name))
    if end == "lapsed":
        return
    if end == "declined":
        reason = "这一单请机构来做更合适"
        declined = act(f"$k{no}.county", "commitment.decline", **one, reason=reason)
        story.add(day - 1, "09:00", declined)
        return
    story.add(day - 1, "09:00", act(f"$k{no}.county", "commitment.approve", **one))
    _ended_early(story, claim, one)
    if end in _ON_THE_WAY:
        _deliver(story, claim, value, one)


def _ended_early(story: Timeline, claim: Claim, one: dict[str, str]) -> None:
    no, county = claim.no, f"$k{claim.no}.county"
    if claim.end == "given_back":
        back = act(claim.login, "commitment.give_back", **one, reason="临时外派，来不及买了")
        story.add(claim.days_ago - 3, "20:00", back)
    if claim.end == "failed":
        failed = act(county, "commitment.fail", **one, reason="联系不上，物品一直没有送到")
        story.add(18, "09:00", failed)
    if claim.end == "cancelled":
        taken_back = {"consent_id": f"$n{no}", "reason": "监护人不再同意"}
        story.add(12, "09:00", act(f"$k{no}.director", "consent.withdraw", **taken_back))


def _deliver(story: Timeline, claim: Claim, value: int, one: dict[str, str]) -> None:
    day, no, end = claim.days_ago, claim.no, claim.end
    county, director, point = (f"$k{no}.{role}" for role in ("county", "director", "point"))
    way = {"method": "courier", "tracking_no": f"YT{7000000 + no}"}
    story.add(day - 5, "18:00", act(claim.login, "commitment.dispatch", **one, **way))
    if end in _ARRIVED:
        receipt = {"delivered_on": f"today-{day - 8}d", "value_fen": value}
        story.add(day - 8, "15:00", act(point, "commitment.receive", **one, receipt=receipt))
    if end in _HANDED_OVER:
        signed = {"handed_over_on": f"today-{day - 11}d", "signed_by": "张桂兰"}
        story.add(day - 11, "16:00", act(director, "wish.fulfil", **one, **signed))
        _thank(story, claim, county, director, one)
    if end == "archived":
        story.add(day - 20, "10:00", act(county, "wish.archive", **one))


def _thank(story: Timeline, claim: Claim, county: str, director: str, one: dict[str, str]) -> None:
    words = _THANKS.get(claim.no)
    if words is None:
        return
    waits = claim.no in _NOT_READ_YET
    day = 3 if waits else claim.days_ago - 12
    story.add(day, "17:00", act(director, "thanks.write", **one, words=words))
    if not waits:
        story.add(day - 1, "09:00", act(county, "thanks.release", **one))
