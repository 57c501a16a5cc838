"""From a card on a phone to an answer from the desk: need first, never a child to choose."""

from __future__ import annotations

import re

from tests.e2e.walks import press, sign_in


def test_a_volunteer_applies_on_a_phone_and_the_county_answers(phone, desk):
    wang, clerk = phone, desk
    wang.page.goto("/needs")
    wang.page.get_by_role("link", name=re.compile("^学习")).click()
    card = wang.page.locator(".wish-card").filter(has_text="明溪县").first
    card.get_by_role("link").first.click()
    wang.page.get_by_text("申请前还要做几件事").wait_for()
    address = wang.page.url
    assert wang.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sign_in(wang, "volunteer")
    wang.page.goto(address)
    wang.page.get_by_label("想对工作人员说的话").fill("周六上午我都有空")
    press(wang, "申请陪伴")
    assert "申请已收到" in wang.page.content()
    assert "待答复" in wang.page.content()
    sign_in(clerk, "county")
    clerk.page.goto("/desk/needs/applications")
    row = clerk.page.locator("li").filter(has_text="周六上午我都有空")
    assert "JD-" in row.inner_text()
    row.locator("summary", has_text="谢绝").click()
    row.get_by_label("写给申请人的话").fill("这次先安排了学校的老师")
    with clerk.page.expect_navigation():
        row.get_by_role("button", name="谢绝").click()
    assert clerk.page.locator("li").filter(has_text="周六上午我都有空").count() == 0
    wang.page.goto("/me/applications")
    assert "这次先安排了学校的老师" in wang.page.content()
