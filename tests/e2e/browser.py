"""Chromium for the tests: people with phones and desks, who notice every error on the page."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "shots"
AXE = ROOT / "tests" / "vendor" / "axe-core-4.14.1.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
#: WCAG 2.2 AA and the levels below it.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


FLAGS = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def executable() -> str | None:
    """Return where the system's Chromium lies."""
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    return playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))


@dataclass
class Person:
    """One visitor with a device of their own; collects what a page complains about."""

    name: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    #: Console messages that a test provokes on purpose, as patterns.
    expected: list[str] = field(default_factory=list)

    def shot(self, name: str) -> Path:
        """Keep a picture of the whole page under var/shots."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def axe(self) -> list[str]:
        """Return the accessibility violations of the page as short lines."""
        # The page's CSP refuses added script tags: the source is evaluated instead.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = self.page.evaluate(
            """tags => axe.run(
                document,
                {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']},
            )""",
            AXE_TAGS,
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def unexpected(self) -> list[str]:
        """Return the complaints no test asked for."""
        return [
            line for line in self.complaints if not any(re.search(p, line) for p in self.expected)
        ]


@contextmanager
def person(browser: Browser, base_url: str, name: str, device: dict) -> Iterator[Person]:
    """Open a fresh device; at the end its pages must have complained about nothing."""
    context = browser.new_context(
        **device, base_url=base_url, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(10_000)
    visitor = Person(name, context, context.new_page())
    context.on("page", lambda page: _listen(visitor, page))
    _listen(visitor, visitor.page)
    try:
        yield visitor
    finally:
        context.close()
    assert visitor.unexpected() == [], f"{name}'s pages complained"


def _listen(visitor: Person, page: Page) -> None:
    def console(message: object) -> None:
        # A refused style or script (CSP) arrives here as an error, too.
        if message.type == "error":
            visitor.complaints.append(f"console: {message.text}")

    def response(answer: object) -> None:
        if answer.status >= 500:
            visitor.complaints.append(f"{answer.status}: {answer.url}")

    page.on("console", console)
    page.on("response", response)
    page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
