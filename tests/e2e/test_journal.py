"""A mentor in the mountains: an entry written without a signal is sent once, and verified."""

from __future__ import annotations

import re

from tests.e2e.walks import press, sign_in

WORDS = "在村口的老樟树下读了一章书"


def test_a_journal_written_offline_is_sent_later_and_verified(phone, desk):
    wang, director = phone, desk
    wang.expected.append("ERR_INTERNET_DISCONNECTED")
    sign_in(wang, "volunteer")
    place = journal_of(wang)
    ready(wang, f"{place}/new")
    wang.page.wait_for_function("async () => Boolean(await caches.match('/journal/offline'))")
    # The worker that takes over renews its store: read when it has.
    wang.page.wait_for_function("async () => Boolean((await caches.keys()).length)")
    wang.page.wait_for_timeout(500)
    assert kept_pages(wang) == ["/journal/offline"]
    wang.page.get_by_label("做了什么").fill(WORDS)
    wang.page.wait_for_timeout(800)
    wang.context.set_offline(True)
    reopened(wang, f"{place}/new")
    assert "这位孩子" in wang.page.content()
    assert wang.page.get_by_label("做了什么").input_value() == WORDS
    wang.page.get_by_label("见面谈心").check()
    wang.page.get_by_role("button", name="60").click()
    wang.page.get_by_label("谁陪同").fill("陈秀英主任")
    wang.page.get_by_role("button", name="提交").click()
    wang.page.get_by_text("等待发送").wait_for()
    assert wang.overflow() == 0
    reopened(wang, place)
    assert WORDS in wang.page.locator("[data-pending]").inner_text()
    wang.context.set_offline(False)
    wang.page.get_by_role("button", name="现在发送").click()
    wang.page.wait_for_url(re.compile("sent=1"))
    ready(wang, place)
    assert wang.page.get_by_text(WORDS).count() == 1
    assert not wang.page.locator("[data-pending]").is_visible()
    sign_in(director, "director")
    director.page.goto("/desk/contact-logs")
    director.page.get_by_role("row").filter(has_text=WORDS).get_by_role("link").first.click()
    press(director, re.compile("^核实$"))
    assert "已核实" in director.page.content()
    ready(wang, place)
    assert "已核实" in wang.page.get_by_role("listitem").filter(has_text=WORDS).inner_text()


def test_signing_out_tells_what_was_not_sent_and_takes_it_off_the_phone(phone):
    wang, said = phone, []
    wang.expected.append("ERR_INTERNET_DISCONNECTED")
    sign_in(wang, "volunteer")
    place = journal_of(wang)
    ready(wang, f"{place}/new")
    wang.context.set_offline(True)
    wang.page.get_by_label("电话", exact=True).check()
    wang.page.get_by_role("button", name="30").click()
    wang.page.get_by_label("做了什么").fill("打了电话")
    wang.page.get_by_label("我担心孩子的情况").check()
    wang.page.get_by_role("button", name="提交").click()
    wang.page.get_by_text("但这一条还没有送到").wait_for()
    assert wang.axe() == []
    answers = iter(["stay", "leave"])

    def answer(dialog):
        said.append(dialog.message)
        dialog.accept() if next(answers) == "leave" else dialog.dismiss()

    wang.page.on("dialog", answer)
    wang.page.get_by_role("button", name="退出").click()
    wang.page.wait_for_timeout(500)
    assert unsent(wang) == 1
    # Before the signal is back: what waits is sent the moment it comes.
    wang.page.evaluate("() => { window.fetch = () => Promise.reject(new Error('no signal')); }")
    wang.context.set_offline(False)
    wang.page.get_by_role("button", name="退出").click()
    wang.page.wait_for_url(re.compile("/$"))
    assert len(said) == 2
    assert "1 条" in said[0]
    assert unsent(wang) == 0


def journal_of(person) -> str:
    """Return the address of the person's first journal."""
    person.page.goto("/me/pairings")
    links = person.page.locator("a[href*='/me/pairings/']")
    address = next(
        found[0]
        for link in links.all()
        if (found := re.match(r"/me/pairings/[0-9a-f-]{36}", link.get_attribute("href")))
    )
    return f"{address}/journal"


def ready(person, path: str) -> None:
    """Open a page and wait until its script has looked into the phone."""
    person.page.goto(path)
    person.page.locator("[data-journal][data-ready]").wait_for()


def reopened(person, path: str) -> None:
    """Close the browser's page and open it again."""
    person.page.close()
    person.page = person.context.new_page()
    ready(person, path)


def kept_pages(person) -> list[str]:
    """Return the addresses of everything the phone keeps besides static files."""
    kept = person.page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )
    return [path for path in kept if not path.startswith("/static/")]


def unsent(person) -> int:
    """Return how many entries lie on the phone."""
    return person.page.evaluate(
        "async () => { const db = await new Promise(done => { const asked ="
        " indexedDB.open('wg-outbox'); asked.onsuccess = () => done(asked.result); });"
        " if (!db.objectStoreNames.contains('entries')) { db.close();"
        " indexedDB.deleteDatabase('wg-outbox'); return 0; }"
        " const rows = db.transaction('entries').objectStore('entries').count();"
        " return new Promise(done => { rows.onsuccess = () => { db.close(); done(rows.result); }; });"
        " }"
    )
