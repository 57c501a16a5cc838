"""What no template may hold: inline code and style (the CSP refuses them), unescaped text."""

import re

import pytest

from tests.unit.house import source

FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>"),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\("),
    "foreign host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}
#: Mail clients and the PDF maker read only inline style; no CSP applies to either.
NOT_PAGES = ("mail/", "print/")


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        ("inline style", '<p style="color:red">'),
        ("style element", "<style>"),
        ("inline script", "<script>x()</script>"),
        ("inline handler", '<a href="#" onclick="x()">'),
        ("script address", '<a href="JavaScript:x()">'),
        ("unescaped text", "{{ text | safe }}"),
        ("foreign host", '<img src="//cdn.example.org/a.png">'),
    ],
)
def test_each_rule_bites(rule, sample):
    assert FORBIDDEN[rule].search(sample)


def test_a_script_file_is_allowed():
    assert not FORBIDDEN["inline script"].search('<script defer src="/static/js/a.js"></script>')


@pytest.mark.parametrize(("name", "text"), source.templates())
def test_template_holds_nothing_forbidden(name, text):
    rules = {"unescaped text"} if name.startswith(NOT_PAGES) else set(FORBIDDEN)
    assert [rule for rule in sorted(rules) if FORBIDDEN[rule].search(text)] == []


def test_python_does_not_mark_text_as_safe():
    users = {
        module.name: module.text.count("Markup(")
        for module in source.modules()
        if "Markup(" in module.text
    }
    assert users == MARKUP_USERS


#: Python that builds markup, with how often, each reviewed for escaping.
MARKUP_USERS: dict[str, int] = {}
