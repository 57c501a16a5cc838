"""A passkey in Chromium under the strict policy: set up, signed in with, proved anew with."""

from __future__ import annotations

import pytest

from portal.scenarios.verbs.supporters import PASSWORD
from tests.e2e.browser import Person
from tests.e2e.walks import press, sign_in


@pytest.fixture
def device(people):
    """A desk whose computer can keep passkeys and ask its owner for a finger."""
    person = people("passkey")
    session = person.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    person.authenticator = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    person.cdp = session
    return person


def keys(person: Person) -> list[dict]:
    given = {"authenticatorId": person.authenticator["authenticatorId"]}
    return person.cdp.send("WebAuthn.getCredentials", given)["credentials"]


def sign_out(person: Person) -> None:
    person.page.goto("/account/security")
    press(person, "退出")


def add_key(person: Person) -> None:
    """Set up a passkey from the safety page, after proving oneself with the password."""
    page = person.page
    page.goto("/account/security")
    page.get_by_role("link", name="添加验证方式").click()
    page.get_by_label("登录密码").fill(PASSWORD)
    press(person, "验证并继续")
    person.shot("passkey-add")
    page.get_by_label("给它起个名字").fill("测试电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    page.get_by_role("heading", name="请保存备用码").wait_for()


def test_a_passkey_is_set_up_signs_in_and_proves_anew(device):
    page = device.page
    sign_in(device, "volunteer002")
    add_key(device)
    assert len(keys(device)) == 1
    assert page.locator("#codes li").count() == 10
    device.shot("passkey-codes")
    page.get_by_role("link", name="我已保存，继续").click()
    page.get_by_text("通行密钥：测试电脑").wait_for()
    device.shot("passkey-security")

    # Without a password: the passkey is both factors.
    sign_out(device)
    page.goto("/login")
    device.shot("passkey-login")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "/me" in url)

    # With the password the session is only half open until the passkey is shown.
    sign_out(device)
    page.goto("/login")
    page.get_by_label("邮箱").fill("volunteer002@example.org")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login/code" in url)
    page.goto("/me")
    assert "/login" in page.url
    page.goto("/login/code")
    device.shot("passkey-second-step")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url(lambda url: "/login" not in url)

    # A fresh proof for an act.
    page.goto("/account/security")
    page.get_by_role("button", name="移除").click()
    page.locator("dialog [data-confirm-yes]").click()
    page.wait_for_url(lambda url: "/confirm" in url)
    device.shot("passkey-confirm")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url(lambda url: "/resume/" in url)
    device.shot("passkey-resume")
    press(device, "继续办理")
    page.get_by_text("通行密钥已移除").wait_for()


def test_a_passkey_whose_owner_was_not_asked_does_not_sign_in_alone(device):
    page = device.page
    sign_in(device, "volunteer003")
    add_key(device)
    page.get_by_role("link", name="我已保存，继续").click()
    sign_out(device)
    given = {"authenticatorId": device.authenticator["authenticatorId"], "isUserVerified": False}
    device.cdp.send("WebAuthn.setUserVerified", given)
    page.goto("/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("没有完成").wait_for()
    page.goto("/me")
    assert "/login" in page.url
