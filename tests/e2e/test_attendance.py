"""A roll on two telephones without a signal: nothing is lost, a conflict is settled by a person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import segno
from PIL import Image

from tests.e2e import browser as chromium
from tests.e2e.conftest import public_url
from tests.e2e.roll_data import CODE
from tests.processes import ROOT

OFFLINE = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def room(portal):
    """A room of today with two teachers, in the portal's database."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.e2e.roll_data"], cwd=ROOT, check=True, text=True,
        env={**os.environ, **portal.environment}, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    return json.loads(said.splitlines()[-1]) | {"url": public_url(portal)}


def let_in(context, room, who):
    """Give a browser the session of a teacher; it outlives the browser."""
    context.add_cookies(
        [{"name": room["cookie"], "value": room[who], "url": room["url"],
          "expires": time.time() + 86_000}]
    )  # fmt: skip


@contextmanager
def telephone(chrome, room, folder, who):
    """A telephone whose browser can be killed and opened again on the same disk."""
    context = chrome.browser_type.launch_persistent_context(
        folder, executable_path=chromium.executable(), args=list(chromium.FLAGS),
        base_url=room["url"], locale="zh-CN", timezone_id="Asia/Shanghai", **chromium.PHONE,
    )  # fmt: skip
    context.set_default_timeout(20_000)
    let_in(context, room, who)
    try:
        yield context
    finally:
        context.close()


def opened(context, room, *, online=True):
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(f"/attendance/{room['session']}")
    page.locator("[data-roll][data-ready]").wait_for()
    if online:
        shell_kept(page)
    return page


def shell_kept(page):
    """Wait until the worker looks after the page and has the empty one; then it may be cut off."""
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    for _ in range(100):
        if page.evaluate("async () => Boolean(await caches.match('/attendance/offline'))"):
            break
        page.wait_for_timeout(200)
    # The worker that takes over renews its store once more.
    page.wait_for_timeout(800)


def line(page, name):
    return page.locator("[data-rows] > li").filter(has_text=name)


def tap(page, name, label):
    line(page, name).get_by_role("button", name=label).click()


def kept(page):
    """Return how many items wait on this telephone, and everything it stores in clear."""
    return page.evaluate(
        "async () => { const db = await new Promise(done => { const asked ="
        " indexedDB.open('wg-outbox'); asked.onsuccess = () => done(asked.result); });"
        " const all = store => new Promise(done => { const asked ="
        " db.transaction(store).objectStore(store).getAll();"
        " asked.onsuccess = () => done(asked.result); });"
        " const entries = await all('entries'); const drafts = await all('drafts'); db.close();"
        " return [entries.length, JSON.stringify([entries, drafts])]; }"
    )


def test_two_telephones_one_of_them_killed_without_a_signal(chrome, room, tmp_path, phone):
    with telephone(chrome, room, tmp_path / "first", "first") as one:
        marks_without_a_signal(one, room)
    # The browser was killed; the second teacher meanwhile said something else of 小浩.
    let_in(phone.context, room, "second")
    there = opened(phone.context, room)
    tap(there, "小浩", "请假")
    there.locator("[data-waiting]").wait_for(state="hidden")
    with telephone(chrome, room, tmp_path / "first", "first") as one:
        opened_again_and_sent(one, room)
    there.reload()
    there.locator("[data-roll][data-ready]").wait_for()
    line(there, "小浩").locator("[data-open]").click()
    assert "缺席" in line(there, "小浩").locator("[data-said]").inner_text()
    assert phone.axe() == []
    there.locator("[data-settle=leave]").first.click()
    there.locator("[data-split-note]").wait_for(state="hidden")
    line(there, "小灵").get_by_text("已接走").wait_for()
    there.get_by_label("实际清点的人数").fill("5")
    there.get_by_role("button", name="完成点名").click()
    there.get_by_text("点名已完成").wait_for()
    assert "清点 5 人" in there.locator("[data-taken]").inner_text()
    phone.shot("attendance-sheet")


def marks_without_a_signal(one, room):
    page = opened(one, room)
    assert page.locator("[data-rows] > li").count() == 6
    one.set_offline(True)
    tap(page, "小浩", "缺席")
    tap(page, "小梅", "迟到")
    page.get_by_text("现在没有信号").wait_for()
    tap(page, "思远", "请假")
    page.get_by_role("button", name="撤销").click()
    line(page, "思远").get_by_text("到", exact=True).wait_for()
    assert line(page, "小浩").get_by_text("待送").is_visible()
    # A stranger without the code, and without a signal, does not get the child.
    line(page, "小灵").locator("[data-open]").click()
    for wrong in ("111111", "222222", "333333"):
        page.get_by_label("接领码").fill(wrong)
        page.get_by_role("button", name="核对并放行").click()
        page.wait_for_timeout(900)
    page.get_by_text("没有放行").wait_for()
    waiting, stored = kept(page)
    assert waiting == 5
    assert not any(word in stored for word in ("小浩", "王秀英", "12000000001", "absent"))
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def opened_again_and_sent(one, room):
    one.set_offline(True)
    page = opened(one, room, online=False)
    assert line(page, "小浩").get_by_text("缺席", exact=True).first.is_visible()
    assert kept(page)[0] == 5
    one.set_offline(False)
    page.get_by_role("button", name="现在送").click()
    page.get_by_text("两处记得不一样").first.wait_for()
    assert kept(page)[0] == 0
    assert line(page, "小梅").get_by_text("迟到").first.is_visible()
    # The mother comes with her code.
    line(page, "小灵").locator("[data-open]").click()
    page.get_by_label("接领码").fill(CODE)
    page.get_by_role("button", name="核对并放行").click()
    page.get_by_text("小灵 已由 王秀英 接走").wait_for()
    # Said at once, sent a moment later: this browser is closed next.
    page.locator("[data-waiting]").wait_for(state="hidden")


def test_what_is_kept_goes_when_the_session_is_ended(room, phone):
    phone.expected.append(OFFLINE)
    let_in(phone.context, room, "first")
    phone.page.goto("/attendance")
    phone.page.locator("[data-roll=list][data-ready]").wait_for(state="attached")
    shell_kept(phone.page)
    phone.context.set_offline(True)
    phone.page.goto("/attendance")
    # Today's and tomorrow's session, from the telephone alone.
    phone.page.locator("[data-lines] > li").nth(1).wait_for()
    phone.context.set_offline(False)
    phone.page.goto("/attendance")
    phone.page.get_by_role("button", name="退出").first.click()
    phone.page.wait_for_url("**/")
    assert phone.page.evaluate("async () => (await indexedDB.databases()).length") == 0
    # What may be left of the worker is the empty page, which is everybody's.
    left = phone.page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )
    assert {path for path in left if not path.startswith("/static/")} <= {"/attendance/offline"}


def film(path, text):
    """Write a QR code as the film of a camera: forty frames of one picture."""
    picture = segno.make_qr(text, error="m")
    still = path.with_suffix(".png")
    picture.save(still, scale=12, border=6)
    canvas = Image.new("L", (640, 480), 255)
    code = Image.open(still).convert("L").resize((420, 420))
    canvas.paste(code, (110, 30))
    shade = bytes([128]) * (320 * 240 * 2)
    with path.open("wb") as out:
        out.write(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n")
        for _ in range(40):
            out.write(b"FRAME\n" + canvas.tobytes() + shade)


def test_a_badge_before_the_camera_checks_in_and_the_door_shows_no_list(chrome, room, tmp_path):
    film(tmp_path / "badge.y4m", "badge-of-5")
    camera = chrome.browser_type.launch(
        executable_path=chromium.executable(),
        args=[
            *chromium.FLAGS, "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'badge.y4m'}",
        ],
    )  # fmt: skip
    with chromium.person(camera, room["url"], "tablet", chromium.PHONE) as tablet:
        let_in(tablet.context, room, "first")
        page = opened(tablet.context, room, online=False)
        tap(page, "雨桐", "缺席")
        page.get_by_role("button", name="扫胸牌").click()
        page.get_by_text("雨桐，").wait_for()
        line(page, "雨桐").get_by_text("缺席", exact=True).first.wait_for()
        assert line(page, "雨桐").get_by_role("button", name="缺席").get_attribute(
            "aria-pressed"
        ) == "false"  # fmt: skip
        page.locator("[data-waiting]").wait_for(state="hidden")
        # At the door: no list, no way to the sheet, only a badge.
        page.goto(f"/attendance/{room['session']}/kiosk")
        page.get_by_role("button", name="开始门口签到").click()
        page.wait_for_url("**/attendance/kiosk")
        assert "小灵" not in page.content()
        tablet.shot("attendance-kiosk")
        assert tablet.axe() == []
        page.get_by_label("胸牌上的编号").fill("badge-of-6")
        page.get_by_role("button", name="签到", exact=True).click()
        page.get_by_text("子涵").wait_for()
        page.goto("/attendance")
        assert "/login" in page.url
    camera.close()
