"""A clerk's morning: the whole county matched at once, a pair avoided, two proposed; at a desk."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from portal.domain import clock
from tests.e2e import browser as chromium
from tests.factories import giving, people
from tests.factories import needs as make
from tests.postgres import free_port


@pytest.fixture
def county(app, chrome):
    """A county with two needs and three people, served to a clerk who has signed in."""
    with app.app_context():
        for age in (9, 10):
            since = clock.today() - timedelta(days=10 * age)
            make.need(make.child(age), kind="study", waiting_since=since)
        for name in ("林秀英", "陈志明", "黄小红"):
            giving.fills(giving.volunteer(name))
        clerk = people.staff("county_staff", "350421")
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://localhost:{server.server_port}"
    with app.app_context():
        client = people.sign_in(app.test_client(), clerk)
        cookies = [
            {"name": each.key, "value": each.value, "url": url} for each in client._cookies.values()
        ]
    with chromium.person(chrome, url, "clerk", chromium.DESK) as desk:
        desk.context.add_cookies(cookies)
        yield desk
    server.shutdown()


@pytest.mark.sqlite
def test_a_county_is_matched_a_pair_avoided_and_two_proposed(county):
    page = county.page
    page.goto("/desk/matches")
    assert county.axe() == []
    page.get_by_role("button", name="一次配好全部 2 项").click()
    page.wait_for_url(re.compile("/desk/matches/runs/"))
    assert "2 项需求里，2 项有人选，2 名孩子有人陪伴" in page.content()
    assert county.axe() == []
    first = page.get_by_role("row").filter(has_text="课业辅导").first
    chosen = re.search("林秀英|陈志明|黄小红", first.inner_text())[0]
    first.get_by_role("link", name="课业辅导").click()
    page.wait_for_url(re.compile("/desk/matches/[0-9a-f-]+\\?run="))
    assert county.axe() == []
    line = page.get_by_role("row").filter(has_text=chosen).locator("details").nth(1)
    line.locator("summary", has_text="避开这一对").click()
    line.get_by_label("原因").fill("两家是邻居")
    line.get_by_role("button", name="避开这一对").click()
    page.wait_for_url(re.compile("view=moved"))
    moved = page.get_by_role("row").filter(has_text=chosen).first
    assert "课业辅导" in moved.inner_text()
    page.get_by_role("link", name=re.compile("推荐的结对")).click()
    page.get_by_role("checkbox", name="全选本页").check()
    with page.expect_navigation():
        page.get_by_role("button", name="提出结对建议").click()
    assert "已提出 2 份结对建议，等另一位同事批准" in page.content()
    assert page.get_by_text("已提出", exact=True).count() == 2
    # The same page in a hand: nothing runs out of the screen.
    page.set_viewport_size(chromium.PHONE["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
