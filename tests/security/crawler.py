"""Everything somebody can fetch: links, pictures, filters, refusals, with headers and cookies."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

MOST = 1500
#: The developer's letter box shows everybody's mail on purpose; production has no such page.
_NOT_FOR_THEM = re.compile(r"/mailbox|/static/vendor/")


class _Page(HTMLParser):
    """Links of a page, and the addresses its search forms would open."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self._form: str | None = None
        self._select = ""
        self._choices: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "src"):
            if name in given:
                self.links.add(given[name])
        if tag == "form" and given.get("method", "get").lower() == "get":
            self._form, self._choices = given.get("action", ""), {}
        if tag == "select":
            self._select = given.get("name", "")
        if tag == "option" and self._form is not None and self._select:
            self._choices.setdefault(self._select, []).append(given.get("value", ""))
        if tag == "input" and self._form is not None and given.get("type") == "search":
            self._choices.setdefault(given["name"], ["", "书", "鞋"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.links |= set(_asked(self._form, self._choices))
            self._form = None
        if tag == "select":
            self._select = ""


def _asked(action: str, choices: dict[str, list[str]]) -> Iterator[str]:
    """Yield each choice alone, and every pair of choices of two fields."""
    single = [(name, value) for name, values in choices.items() for value in values if value]
    for one in single:
        yield f"{action}?{urlencode([one])}"
    for one, other in itertools.combinations(single, 2):
        if one[0] != other[0]:
            yield f"{action}?{urlencode([one, other])}"


def crawl(client: FlaskClient, *starts: str) -> Iterator[tuple[str, int, bytes]]:
    """Yield address, status and every byte of all that can be reached by reading."""
    waiting, met = list(starts), set(starts)
    while waiting and len(met) < MOST:
        address = waiting.pop(0)
        answer = client.get(address)
        body = answer.get_data()
        answer.close()
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers).encode()
        yield address, answer.status_code, head + b"\n" + body
        for link in _links(address, answer.mimetype, body, answer.headers.get("Location", "")):
            if link not in met:
                met.add(link)
                waiting.append(link)


def walk(client: FlaskClient, *starts: str, each: int = 2) -> Iterator[tuple[str, str, int, bytes]]:
    """Yield endpoint, address, status and every byte of at most ``each`` pages of every kind.

    Pages are of one kind when the same view answers the same questions behind the address.
    """
    adapter = client.application.url_map.bind("localhost")
    waiting, met = list(starts), Counter()
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        whole = urlsplit(address)
        try:
            endpoint, _ = adapter.match(whole.path, method="GET")
        except HTTPException:
            continue
        kind = endpoint, frozenset(parse_qs(whole.query))
        if endpoint == "static" or met[kind] == each:
            continue
        met[kind] += 1
        answer = client.get(address)
        body = answer.get_data()
        answer.close()
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers).encode()
        yield endpoint, address, answer.status_code, head + b"\n" + body
        for link in _links(address, answer.mimetype, body, answer.headers.get("Location", "")):
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def _links(address: str, mimetype: str, body: bytes, location: str) -> Iterator[str]:
    found = {location} if location else set()
    text = body.decode("utf-8", "ignore") if mimetype.startswith(("text/", "image/svg")) else ""
    if mimetype == "text/html":
        page = _Page()
        page.feed(text)
        found |= page.links
    found |= set(re.findall(r"url\([\"']?([^\"')]+)", text))
    for link in found:
        whole = urlsplit(urljoin(f"http://localhost{address}", link))
        if whole.scheme in {"http", "https"} and whole.hostname == "localhost":
            path = whole.path + (f"?{whole.query}" if whole.query else "")
            if not _NOT_FOR_THEM.search(path):
                yield path
