"""A ten-day camp from a template to the public notice: planned, mended, approved by another."""

from __future__ import annotations

from datetime import timedelta

from portal.domain import clock
from tests.e2e.walks import press, sign_in

FIRST = timedelta(days=60)


def fill(page, fields):
    """Fill a form's fields by their names."""
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(str(value))


def test_a_camp_is_planned_from_a_template_and_announced(desk, people):  # noqa: PLR0915 -- one walk
    worker, day = desk, clock.today() + FIRST
    sign_in(worker, "worker.sg350421")
    page = worker.page
    page.goto("/desk/programmes/new?kind=camp")
    # Nine days: the checklist says so while one types, before anything is saved.
    page.get_by_text("寒假", exact=True).click()
    fill(page, {
        "title": "「山城小灯」冬令营", "starts_on": day, "ends_on": day + timedelta(days=8),
        "register_until": day - timedelta(days=6), "venue": "青少年活动中心", "budget": 30_000,
    })  # fmt: skip
    checklist = page.locator("#checklist")
    checklist.get_by_text("还差 1 天：起止日期共 9 天").wait_for()
    fill(page, {"ends_on": day + timedelta(days=9)})
    checklist.get_by_text("起止日期共 9 天").wait_for(state="detached")
    press(worker, "保存，去排日程")

    page.locator("summary", has_text="套用模板").wait_for()
    page.get_by_label("模板").select_option("new_year")
    press(worker, "填满空着的日子")
    assert page.locator(".day-card").count() == 10
    assert "已排 10 / 10 天" in page.content()
    last = page.locator(".day-card").last
    last.locator("summary").click()
    with page.expect_navigation():
        last.get_by_role("button", name="清空这一天").click()
    assert "已排 9 / 10 天" in page.content()
    press(worker, "撤销：清空一天")
    assert "已排 10 / 10 天" in page.content()

    # Alt and an arrow move a line to the next day; the line keeps the focus.
    line = page.locator(".day-card").first.locator(".line").nth(1)
    title = line.locator("b").inner_text()
    line.focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowRight")
    moved = page.locator(".day-card").nth(1)
    assert title in moved.inner_text()
    assert page.evaluate("document.activeElement.innerText").startswith("08:30")
    press(worker, "撤销：移动一项")

    page.get_by_role("link", name="总览").click()
    code = page.url.split("/")[-2]
    assert "还差" in page.locator(".checklist").inner_text()
    fill(page, {"venue_checked_on": clock.today()})
    press(worker, "登记")
    press(worker, "提交申请")
    assert "已提交，等县级批准" in page.content()

    # A second person approves; the drafter could not.
    clerk = people("clerk")
    sign_in(clerk, "county")
    clerk.page.goto("/desk/programmes?view=approve")
    clerk.page.get_by_role("link", name="「山城小灯」冬令营").click()
    press(clerk, "批准活动")
    assert "已批准" in clerk.page.content()
    # Nobody is on the rota yet: what is missing stands beside a button that cannot be pressed.
    page.goto(f"/programmes/{code}/manage")
    assert page.get_by_role("button", name="开放报名").is_disabled()
    assert "名有资格的成人在岗" in page.content()
    # Paper, and a calendar whose address shows nothing any more once it was taken back.
    page.goto(f"/programmes/{code}/timetable")
    assert page.locator(".paper-day").count() == 10
    page.goto(f"/account/calendars?code={code}")
    press(worker, "生成地址")
    address = page.locator("#feed-address").inner_text()
    answer = page.request.get(address)
    assert "SUMMARY:「山城小灯」冬令营" in answer.text()
    page.get_by_role("button", name="停用").click()
    with page.expect_navigation():
        page.locator("[data-confirm-yes]").click()
    assert page.request.get(address).status == 404


def test_the_notices_on_a_phone(phone):
    page = phone.page
    page.goto("/programmes")
    assert page.get_by_role("heading", name="活动公告").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/programmes?status=past")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
