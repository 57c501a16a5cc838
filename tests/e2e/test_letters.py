"""A letter from a phone to a child's hand: sent back by the linter, read by staff, handed over."""

from __future__ import annotations

import re

from tests.e2e.walks import press, sign_in

HELLO = "今天我在阳台上种了一排小葱，下次见面讲给你听。"


def test_a_letter_is_written_on_a_phone_read_at_a_desk_and_handed_over(phone, desk, people):
    mentor, clerk = phone, desk
    sign_in(mentor, "volunteer")
    mentor.page.goto("/me/pairings")
    mentor.page.locator('a[href^="/me/pairings/"]').filter(has_text=re.compile(".")).first.click()
    mentor.page.wait_for_url(re.compile("/me/pairings/[0-9a-f-]{36}"))
    mentor.page.get_by_role("link", name="书信", exact=True).click()
    mentor.page.get_by_label("信的内容").fill("打我电话12012345678，周末来我家玩")
    press(mentor, "交给工作人员")
    assert "有几处不能写" in mentor.page.content()
    assert mentor.page.locator("mark").all_inner_texts() == ["12012345678", "来我家"]
    mentor.page.get_by_label("信的内容").fill(HELLO)
    press(mentor, "改好再交")
    assert mentor.page.evaluate("document.documentElement.scrollWidth") <= 390
    sign_in(clerk, "county")
    clerk.page.goto("/desk/letters")
    clerk.page.get_by_role("link", name="写给孩子").last.click()
    clerk.page.wait_for_url(re.compile("/desk/letters/"))
    assert HELLO in clerk.page.content()
    press(clerk, "审读通过")
    address = clerk.page.url
    director = people("director")
    sign_in(director, "director")
    director.page.goto(address)
    director.page.locator("summary", has_text="登记已转交给孩子").click()
    press(director, "登记已转交给孩子")
    mentor.page.reload()
    assert "已转交" in mentor.page.locator("li", has_text="种了一排小葱").inner_text()


def test_the_contact_card_is_at_hand_on_a_phone_and_checked_by_a_stranger(phone, people):
    mentor = phone
    sign_in(mentor, "volunteer")
    mentor.page.goto("/me/pairings")
    mentor.page.locator('a[href^="/me/pairings/"]').filter(has_text=re.compile(".")).first.click()
    mentor.page.get_by_role("link", name="联系卡", exact=True).click()
    assert mentor.page.evaluate("document.documentElement.scrollWidth") <= 390
    address = mentor.page.get_by_role("link", name="看看查验页面").get_attribute("href")
    stranger = people("stranger", phone=True)
    stranger.page.goto(address)
    assert "这张帮扶联系卡现在有效" in stranger.page.content()
