"""What a page is made of, read from its source: the elements that can look wrong, and its links.

Two pages built of the same kinds of element in the same kinds of place fail, or pass, the same
checks of structure, names and colours; what one of them was looked at for, the other need not be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests import postgres

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
#: Attributes whose value, not only their presence, changes what the page is.
_TELLING = ("type", "role", "scope", "autocomplete", "inputmode", "lang", "rel", "target")

#: Attributes that change nothing of what is looked at: an address, a value, a state.
_MUTE = ("class", "href", "value", "selected", "checked", "content", "src")


@dataclass
class Source(HTMLParser):
    """One page's source, read once."""

    address: str
    #: Each element by its tag, classes and attributes, in the element it stands in.
    shape: set[str] = field(default_factory=set)
    #: Addresses on this site that the page links to, without their queries.
    links: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        while self._open and (self._open[-1][0], tag) in {("li", "li"), ("p", "p"), ("dt", "dd")}:
            self._open.pop()
        look = ".".join([tag, *sorted(given.get("class", "").split())])
        told = [f"{name}={given[name]}" for name in _TELLING if name in given]
        told += [name for name in sorted(given) if name not in (*_TELLING, *_MUTE)]
        parents = ">".join(each for _, each in self._open[-2:])
        self.shape.add(f"{parents}>{look}[{' '.join(told)}]")
        if tag == "a" and "href" in given:
            whole, here = urlsplit(urljoin(self.address, given["href"])), urlsplit(self.address)
            if whole.netloc == here.netloc:
                self.links.add(whole.path)
        if tag not in _VOID:
            self._open.append((tag, look))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]


def read(address: str, text: str) -> Source:
    """Read a page's source."""
    source = Source(address)
    source.feed(text)
    source.close()
    return source


def new_in(device: str, shape: set[str]) -> bool:
    """Tell whether a page holds what no page looked at on this device held; it counts as looked at.

    Shared by all processes of the run.
    """
    with postgres.locked(f"looked-{device}") as state:
        written = state / f"looked-{device}.txt"
        known = set(written.read_text().splitlines()) if written.exists() else set()
        fresh = shape - known
        with written.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in sorted(fresh))
    return bool(fresh)
