"""A volunteer's evening and a clerk's morning: hours told on a phone, verified at a desk, checked."""

from __future__ import annotations

import re

from tests.e2e.walks import press, sign_in


def test_hours_told_on_a_phone_are_verified_at_the_desk(phone, desk):
    wang, clerk = phone, desk
    sign_in(wang, "volunteer")
    wang.page.goto("/me/hours/new")
    wang.page.get_by_label("服务类型").select_option(label="谈心交流")
    wang.page.get_by_label("做了什么").fill("陪孩子下象棋")
    wang.page.get_by_label("地点").fill("雪峰镇儿童之家")
    wang.page.get_by_label("哪一天").fill(yesterday(wang.page))
    wang.page.get_by_label("开始").fill("09:00")
    wang.page.get_by_label("结束").fill("10:15")
    press(wang, "提交核实")
    assert "陪孩子下象棋" in wang.page.content()
    sign_in(clerk, "county")
    clerk.page.goto("/desk/hours")
    row = clerk.page.get_by_role("row").filter(has_text="陪孩子下象棋")
    row.get_by_role("checkbox").check()
    press(clerk, re.compile("^核实$"))
    assert "办好了 1 条" in clerk.page.content()
    wang.page.goto("/me/hours")
    told = wang.page.get_by_role("row").filter(has_text="陪孩子下象棋")
    assert "已核实" in told.inner_text()


def test_a_certificate_is_downloaded_and_checked_by_a_stranger(phone, people):
    wang = phone
    sign_in(wang, "volunteer")
    wang.page.goto("/me/hours")
    valid = wang.page.get_by_role("row").filter(has_text="有效").first
    valid.get_by_role("link").first.click()
    wang.page.wait_for_url(re.compile("/me/certificates/"))
    for _ in range(30):
        if wang.page.get_by_role("link", name="下载 PDF").count():
            break
        wang.page.wait_for_timeout(1000)
        wang.page.reload()
    with wang.page.expect_download() as caught:
        wang.page.get_by_role("link", name="下载 PDF").click()
    assert caught.value.suggested_filename.endswith(".pdf")
    address = wang.page.get_by_role("link", name="看看查验页面").get_attribute("href")
    stranger = people("stranger", phone=True)
    stranger.page.goto(address)
    assert "这份证明有效" in stranger.page.content()
    stranger.page.goto("/verify")
    stranger.page.get_by_label("证明编号").fill("0000000000-0000000000")
    press(stranger, re.compile("^查验$"))
    assert "没有这个编号的证明" in stranger.page.content()


def yesterday(page) -> str:
    """Return the day before, as the browser's date field takes it."""
    return page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)")
