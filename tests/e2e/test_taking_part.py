"""A child takes part: the director applies, the family agrees by its link, a volunteer accepts."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.e2e.taking_part_data import CODE, TITLE
from tests.e2e.walks import press, sign_in
from tests.processes import ROOT

PHONE_WIDTH = 390


@pytest.fixture
def made(portal):
    """A camp, a family's link and a person of tier 2 in the portal's database."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.e2e.taking_part_data"], cwd=ROOT, check=True, text=True,
        env={**os.environ, **portal.environment}, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    return json.loads(said.splitlines()[-1])


def fits(person):
    """Ask that a page is no wider than the phone, and that everybody can read it."""
    assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    assert person.axe() == []


def test_a_family_comes_to_a_camp_and_a_volunteer_to_its_rota(people, made):
    director, family = people("director", phone=True), people("family", phone=True)
    county, volunteer = people("county"), people("volunteer", phone=True)

    applies(director, made)
    agrees(family, made)
    sees_and_invites(county, made)
    accepts(volunteer)
    plans(county)
    volunteer.page.goto("/me/duties")
    assert "08:00–18:00" in volunteer.page.content()
    fits(volunteer)
    volunteer.shot("taking-part-duties-390")


def applies(director, made):
    """Apply for the child at the village, without the family's word yet."""
    sign_in(director, "director")
    page = director.page
    page.goto("/desk/enrolments")
    fits(director)
    page.locator("tr", has_text=TITLE).get_by_role("link", name="报名", exact=True).click()
    page.locator("#child").select_option(made["child"])
    page.get_by_label("健康提示").fill("花生过敏")
    fits(director)
    press(director, "报名")
    assert "待监护人同意" in page.content()
    assert "花生过敏" not in page.content()
    fits(director)
    director.shot("taking-part-enrolment-390")


def agrees(family, made):
    """Agree by the link, one by one, and name who fetches the child."""
    at_home = family.page
    at_home.goto(f"/g/{made['token']}")
    at_home.locator("#proof").fill(made["last"])
    press(family, "核对并打开")
    at_home.get_by_role("link", name="看活动、报名、登记接送人").click()
    panel = at_home.get_by_role("region", name=TITLE)
    panel.get_by_label("参加活动").check()
    panel.get_by_label("拍照留念").check()
    fits(family)
    family.shot("taking-part-family-390")
    press(family, "确定")
    assert "已录取" in at_home.content()
    at_home.get_by_text("登记接送人", exact=True).first.click()
    at_home.get_by_label("接送人姓名").first.fill("王秀兰")
    at_home.get_by_label("与孩子的关系").first.select_option("grandparent")
    opened = at_home.locator("details[open]").filter(has_text="接送人姓名")
    with at_home.expect_navigation():
        opened.get_by_role("button", name="登记接送人").click()
    assert "接送码：" in at_home.content()


def sees_and_invites(county, made):
    """See the roster without a word of health, and invite somebody from the pool."""
    sign_in(county, "county")
    desk = county.page
    desk.goto(f"/programmes/{CODE}/roster")
    assert made["name"] in desk.content()
    assert "花生过敏" not in desk.content()
    assert county.axe() == []
    county.shot("taking-part-roster-1280")
    desk.goto(f"/programmes/{CODE}/rota?find=1")
    assert county.axe() == []
    form = desk.locator(f"form[action$='/rota/invite/{made['volunteer']}']")
    form.get_by_role("combobox").select_option("teacher")
    with desk.expect_navigation():
        form.get_by_role("button", name="邀请").click()


def accepts(volunteer):
    """Accept on the telephone."""
    sign_in(volunteer, "volunteer")
    volunteer.page.goto("/me/duties")
    assert TITLE in volunteer.page.content()
    fits(volunteer)
    press(volunteer, "接受")
    assert "排班会写在这里" in volunteer.page.content()


def plans(county):
    """Put the volunteer on duty on every day of the camp."""
    desk = county.page
    desk.goto(f"/programmes/{CODE}/rota")
    desk.locator("summary", has_text="排班").first.click()
    with desk.expect_navigation():
        desk.locator("details[open]").get_by_role("button", name="排班").click()
    assert "人手不足" in desk.content()
