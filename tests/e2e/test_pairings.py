"""A proposal approved at a desk, a family's yes and a first meeting on a phone, a mentor's page."""

from __future__ import annotations

import re

from tests.e2e.walks import press, sign_in

PLACE = "明溪县未成年人保护服务中心"


def test_a_proposal_becomes_a_pairing(people):
    clerk, director = people("clerk"), people("director", phone=True)
    sign_in(clerk, "county2")
    clerk.page.goto("/desk/pairings?status=proposed")
    rows = clerk.page.locator("a.row-link").all()
    address = next(
        found
        for found in [row.get_attribute("href") for row in rows]
        if "工作人员查找" in clerk.page.request.get(found).text()
    )
    clerk.page.goto(address)
    press(clerk, "批准结对建议")
    assert "监护人的同意还没有登记" in clerk.page.content()

    sign_in(director, "director")
    director.page.goto(address)
    today = director.page.evaluate("new Date().toLocaleDateString('sv')")
    answer(director, "登记监护人的同意", {"同意的监护人": "张桂兰", "签字日期": today})
    answer(director, "登记孩子的意愿", {"孩子的原话": "好呀", "询问日期": today})
    met = {"见面日期": today, "结对人怎样称呼孩子": "小满", "以后通常在哪里见面": PLACE}
    answer(director, "登记第一次见面", met)
    assert "已见面" in director.page.content()

    clerk.page.goto(address)
    press(clerk, "开始结对")
    assert "结对开始，已通知各方" in clerk.page.content()
    assert clerk.page.get_by_role("link", name="联系日志").first.is_visible()


def test_a_mentor_reads_the_own_pairing_on_a_phone(phone):
    sign_in(phone, "volunteer")
    phone.page.goto("/me/pairings")
    phone.page.get_by_role("link", name="与小禾的结对").click()
    phone.page.wait_for_url(re.compile("/me/pairings/"))
    page = phone.page.content()
    assert PLACE in page
    assert "JD-" not in page
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390


def answer(person, label, filled):
    """Open a question of the page, fill it in and send it."""
    person.page.get_by_text(label, exact=True).click()
    opened = person.page.locator("details[open]").filter(has_text=label)
    for name, value in filled.items():
        opened.get_by_label(name).fill(value)
    with person.page.expect_navigation():
        opened.get_by_role("button", name="登记", exact=True).click()
    assert "已登记" in person.page.content(), label
