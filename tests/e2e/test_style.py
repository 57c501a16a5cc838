"""The design system in a browser: every component in every frame, mode and width; small scripts."""

from __future__ import annotations

import threading

import pytest
from flask import render_template
from werkzeug.serving import make_server

from tests.e2e import browser as chromium
from tests.factories import guide

FRAMES = ("public", "mine", "desk")
MODES = ("", "large", "large contrast")
#: Everything a thumb must hit; links inside a sentence are exempt (WCAG 2.5.8).
TOUCHED = (
    ".btn, .chip, .wg-tabs a, .site-nav a, .tab-bar a, .form-control, .form-select, .choice, "
    ".mode-switch, .site-foot a, .rail-link, summary.btn"
)
TARGET = 43.5


#: The plain server leaves a file to the collector when Chromium turns away in the middle of it.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:Exception ignored in. <_io.*portal/static/:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def address(app_of_worker):
    """The application served on a free port, without any data."""
    server = make_server("127.0.0.1", 0, app_of_worker, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def guides(app_of_worker):
    """The style guide in each frame, as the application renders it."""
    with app_of_worker.test_request_context("/"):
        return {
            frame: render_template("style_guide.html", **guide.context(frame)) for frame in FRAMES
        }


@pytest.fixture
def visit(chrome, address, guides, request):
    """Open the style guide in a frame on a fresh device."""

    def go(visitor, frame, mode=""):
        visitor.page.route(
            "**/guide",
            lambda route: route.fulfill(
                body=guides[frame], content_type="text/html; charset=utf-8"
            ),
        )
        if mode:
            visitor.page.add_init_script(f"localStorage.setItem('wg-mode', '{mode}')")
        visitor.page.goto("/guide")
        return visitor.page

    return go


@pytest.fixture
def phone(chrome, address):
    with chromium.person(chrome, address, "phone", chromium.PHONE) as visitor:
        yield visitor


@pytest.fixture
def desk(chrome, address):
    with chromium.person(chrome, address, "desk", chromium.DESK) as visitor:
        yield visitor


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("frame", FRAMES)
def test_phone_page_fits_and_every_target_can_be_hit(phone, visit, frame, mode):
    page = visit(phone, frame, mode)
    if frame == "desk":
        page.get_by_text("菜单", exact=True).click()
    assert phone.overflow() == 0
    small = page.evaluate(
        """([query, least]) => [...document.querySelectorAll(query)]
             .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least)
             .map(e => e.className + ' ' + e.textContent.trim().slice(0, 20))""",
        [TOUCHED, TARGET],
    )
    assert small == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("frame", FRAMES)
def test_everybody_can_use_it(desk, visit, frame, mode):
    visit(desk, frame, mode)
    assert desk.overflow() == 0
    assert desk.axe() == []


@pytest.mark.parametrize("path", ["/", "/about", "/privacy", "/pledge", "/report-concern"])
def test_everybody_can_read_the_public_pages(phone, path):
    phone.page.goto(path)
    assert phone.overflow() == 0
    assert phone.axe() == []


def test_large_type_is_kept_on_the_device(desk, visit):
    page = visit(desk, "public")
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.get_by_role("button", name="大字版").click()
    page.reload()
    after = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert (before, after) == (17, 23)
    assert page.get_by_role("button", name="大字版").get_attribute("aria-pressed") == "true"


def test_a_queue_by_keyboard(desk, visit):
    page = visit(desk, "desk")
    bar = page.locator("[data-bulk]")
    assert not bar.is_visible()
    for key in ("j", "j", "x", "k", "x"):
        page.keyboard.press(key)
    assert bar.locator("[data-bulk-count]").inner_text() == "2"
    assert [box.is_checked() for box in page.locator(".row-select").all()[:3]] == [
        True,
        True,
        False,
    ]
    page.keyboard.press("?")
    assert page.locator("#wg-keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#wg-keys").is_visible()


def test_typed_text_is_not_lost(desk, visit):
    page = visit(desk, "public")
    page.evaluate(
        "document.querySelectorAll('.is-invalid').forEach(e => e.classList.remove('is-invalid'))"
    )
    page.get_by_label("孩子的原话").fill("想要一盏亮一点的灯")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    plain = page.content().replace("is-invalid", "")
    page.unroute("**/guide")
    page.route("**/guide", lambda route: route.fulfill(body=plain, content_type="text/html"))
    page.reload()
    assert page.get_by_label("孩子的原话").input_value() == "想要一盏亮一点的灯"
    assert page.locator("[data-draft-note]").is_visible()


def test_a_second_press_sends_nothing(desk, visit):
    page = visit(desk, "public")
    sent = page.locator("form:has(> button:text-is('通过'))").evaluate(
        """form => {
          let sent = 0;
          addEventListener('submit', event => { sent += !event.defaultPrevented; event.preventDefault(); });
          for (let press = 0; press < 3; press += 1) form.requestSubmit();
          return sent;
        }"""
    )
    assert sent == 1


def test_without_script_everything_is_still_there(chrome, address, guides):
    with chromium.person(
        chrome, address, "old phone", chromium.PHONE | {"java_script_enabled": False}
    ) as visitor:
        page = visitor.page
        page.route(
            "**/guide",
            lambda route: route.fulfill(
                body=guides["desk"], content_type="text/html; charset=utf-8"
            ),
        )
        page.goto("/guide")
        assert page.locator("[data-bulk]").is_visible()
        page.get_by_text("菜单", exact=True).click()
        assert page.get_by_role("navigation", name="工作导航").is_visible()
        page.locator("summary", has_text="退回").click()
        assert page.locator("#back-reason").is_visible()
        assert page.locator(".needs-js:visible").count() == 0
