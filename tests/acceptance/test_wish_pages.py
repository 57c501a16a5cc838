"""Story A3 seen from outside, while it is being told: what the pages show on the day."""

import contextvars
import re

from portal.domain import clock as portal_clock
from portal.queries import actors
from tests.acceptance.test_stories import FOLDER, play
from tests.factories import people

STORY = FOLDER / "a3_children_day_wishes.jsonl"
CHILDREN = [
    "林小雨",
    "陈浩然",
    "黄子墨",
    "吴家豪",
    "李诗涵",
    "王承志",
    "刘圆圆",
    "杨晓峰",
    "周小满",
    "郑立言",
    "谢采薇",
    "罗明轩",
]
INSIDE = [
    *CHILDREN, "李建国", "小满儿", "岭头希望小学", "雪峰镇", "盖洋镇", "城西村", "盖洋村", "12059861234",
    "孤儿", "事实无人抚养", "孤独症", "scattered_orphan", "de_facto", "autism", "练手指", "护理",
]  # fmt: skip
#: Everything a supporter may fill in on the page of a promise: nothing about money.
FIELDS = {"csrf_token", "version", "method", "tracking_no", "reason"}
_CARD = re.compile(r"/wishes/([a-z2-7]{26})")


class Onlooker:
    """Looks at the wall when the batch is out, and at a promise when it is approved."""

    def __init__(self, app):
        self.app = app
        self.codes = set()
        self.wall = []
        self.promise = ""

    def __call__(self, line, row):
        if line.name == "published":
            visitor = self.app.test_client()
            self.wall.append(read(visitor, "/wishes"))
            self.codes = set(_CARD.findall(self.wall[0]))
            self.wall += [read(visitor, f"/wishes/{code}") for code in self.codes]
        if line.name == "c9" and line.verb == "claim.make":
            enterprise = actors.by_email("enterprise@example.org")
            client = people.sign_in(self.app.test_client(), enterprise)
            found = re.search(r"/me/commitments/[0-9a-f-]{36}", read(client, "/me"))
            self.promise = read(client, found[0])


def read(client, address):
    """Fetch a page at the story's time, apart from the story's own application context."""
    moment = portal_clock.now()

    def fetch():
        with portal_clock.at(moment):
            answer = client.get(address)
        assert answer.status_code == 200, address
        return answer.get_data(as_text=True)

    return contextvars.Context().run(fetch)


def test_ten_cards_and_nothing_that_tells_a_child(app):
    seen = Onlooker(app)
    rows = play(app, STORY, watch=seen)
    assert all(row.ok for row in rows)
    assert len(seen.codes) == 10
    assert len(seen.wall) == 11
    told = {word for page in seen.wall for word in INSIDE if word in page}
    assert told == set()
    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', seen.promise))
    assert {"method", "tracking_no"} <= inputs <= FIELDS
