"""A supervisor's Monday at the board, by keyboard; the county finds a substitute."""

from __future__ import annotations

import re
import threading
from datetime import date

import pytest
from werkzeug.serving import make_server

from portal.domain import clock
from tests.e2e import browser as chromium
from tests.factories import giving, pairings, people
from tests.postgres import free_port

BOARD = "/desk/pairings/board"


def months_ago(months: int) -> date:
    """Return the first day of a month before this one."""
    today = clock.today()
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)


@pytest.fixture
def desks(app, chrome):
    """A pairing that missed last month and one that has just begun; two people at desks."""
    with app.app_context():
        pairings.pairing(started_on=clock.today())
        silent = pairings.pairing(started_on=months_ago(1), actor=giving.volunteer("黄玉珍"))
        giving.volunteer("林秀英")
        staff = {
            "supervisor": people.staff("child_supervisor", "350421100"),
            "county": people.staff("county_staff", "350421"),
        }
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://localhost:{server.server_port}"

    def cookies(who):
        with app.app_context():
            client = people.sign_in(app.test_client(), who)
            return [
                {"name": one.key, "value": one.value, "url": url}
                for one in client._cookies.values()
            ]

    with (
        chromium.person(chrome, url, "supervisor", chromium.DESK) as first,
        chromium.person(chrome, url, "county", chromium.DESK) as second,
    ):
        first.context.add_cookies(cookies(staff["supervisor"]))
        second.context.add_cookies(cookies(staff["county"]))
        yield first, second, silent
    server.shutdown()


def tile(page, label: str) -> int:
    """Return the count of a tile of the board."""
    found = page.locator(".board-tiles li").filter(has_text=label).inner_text()
    return int(re.search(r"(\d+)\s*对", found)[1])


def reach(page, what) -> None:
    """Press Tab until a link, field or button has the focus."""
    for _ in range(120):
        if what.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    message = f"the keyboard never came to {what}"
    raise AssertionError(message)


def submit(page, button) -> None:
    reach(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.sqlite
def test_who_waits_is_first_a_month_is_excused_and_somebody_stands_in(desks):
    supervisor, county, silent = desks
    page = supervisor.page
    page.goto(BOARD)
    assert supervisor.axe() == []
    # Who was missed stands before who has just begun.
    assert silent.file_no in page.locator("tr[data-row]").first.inner_text()
    missed, due = tile(page, "没有谈心"), tile(page, "该复核了")
    assert missed == 1
    # From here to the end the supervisor touches no mouse.
    row = page.get_by_role("row").filter(has_text=silent.file_no)
    submit(page, row.get_by_role("link", name="免除、代班、复核"))
    assert supervisor.axe() == []
    excuse = page.locator("#excuse")
    reach(page, excuse.get_by_label("免除哪一次"))
    last = excuse.locator("select[name=period] option").filter(
        has_text=f"{months_ago(1).year}年{months_ago(1).month}月谈心"
    )
    for _ in range(last.evaluate("one => one.index")):
        page.keyboard.press("ArrowDown")
    reach(page, excuse.get_by_label("原因"))
    page.keyboard.press("ArrowDown")
    submit(page, excuse.get_by_role("button", name="免除这一次"))
    assert "已免除这一次" in page.content()
    review = page.locator("#review")
    reach(page, review.get_by_label("最晚哪天复核"))
    page.keyboard.type(clock.today().strftime("%m%d%Y"))
    reach(page, review.get_by_label("为什么"))
    page.keyboard.type("上个月没有联系上，想问问孩子的意思")
    submit(page, review.get_by_role("button", name="提请复核"))
    assert "已提请复核" in page.content()
    submit(page, page.get_by_role("link", name="结对看板").first)
    assert (tile(page, "没有谈心"), tile(page, "该复核了")) == (missed - 1, due + 1)

    clerk = county.page
    clerk.goto(f"/desk/pairings/{silent.id}/cadence")
    form = clerk.locator("#substitute")
    option = form.locator("select[name=supporter_id] option").filter(has_text="林秀英").first
    form.get_by_label("请谁代班").select_option(option.get_attribute("value"))
    form.get_by_label("从哪天").fill(clock.today().isoformat())
    form.get_by_label("到哪天").fill(clock.today().isoformat())
    form.get_by_label("原因").select_option(index=1)
    with clerk.expect_navigation():
        form.get_by_role("button", name="请人代班").click()
    assert "已请人代班" in clerk.content()
    page.reload()
    assert "林" in page.get_by_role("row").filter(has_text=silent.file_no).inner_text()
    assert "代班到" in page.content()
    page.set_viewport_size(chromium.PHONE["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
