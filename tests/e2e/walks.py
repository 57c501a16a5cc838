"""What people do in a browser, in the words on the page."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

from PIL import Image

from portal.scenarios.verbs.supporters import PASSWORD
from tests.e2e.browser import Person
from tests.factories.factors import demo_code


def sign_in(person: Person, login: str) -> None:
    """Sign in with a demo account."""
    page = person.page
    page.goto("/login")
    page.get_by_label("邮箱").fill(f"{login}@example.org")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
    if "/login/code" in page.url:
        second_step(person, f"{login}@example.org")


def second_step(person: Person, login: str) -> None:
    """Type a code of the demo's authenticator: the first that was not used yet."""
    page = person.page
    deadline = time.monotonic() + 70
    while time.monotonic() < deadline:
        for away in (-1, 0, 1):
            page.get_by_label("验证码或备用码").fill(demo_code(login, away))
            with page.expect_navigation():
                page.get_by_role("button", name="登录", exact=True).click()
            if "/login/code" not in page.url:
                return
            person.expected.append("422")
        time.sleep(30)
    message = f"no code of {login} was taken"
    raise AssertionError(message)


def press(person: Person, name: str | re.Pattern[str]) -> None:
    """Press a button and wait for the page that comes."""
    with person.page.expect_navigation():
        person.page.get_by_role("button", name=name).first.click()


def cards(person: Person) -> list[str]:
    """Return the titles of the cards that a person sees, over all pages of the wall."""
    page = person.page
    page.goto("/wishes")
    seen: list[str] = []
    while True:
        seen += [each.strip() for each in page.locator(".wish-wall h3").all_inner_texts()]
        more = page.get_by_role("link", name=re.compile("下一页|更多"))
        if not more.count():
            return seen
        with page.expect_navigation():
            more.first.click()


def paper() -> dict:
    """Return a photographed licence as an upload."""
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG")
    return {"name": "licence.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def link_in_mail(folder: Path, to: str, seconds: float = 30) -> str:
    """Return the newest link mailed to an address, as soon as the worker has sent it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for file in sorted(folder.rglob("*.eml"), key=lambda f: f.stat().st_mtime, reverse=True):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if to in str(mail["to"]):
                text = mail.get_body(("plain",)).get_content()
                if found := re.search(r"https?://\S+/(?:verify-email|invite)/\S+", text):
                    return found[0]
        time.sleep(0.3)
    message = f"no mail to {to} arrived in {seconds} s"
    raise AssertionError(message)
