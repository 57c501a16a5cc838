"""What a page of docs names is there: tests by path and name, files of ours, links with their headings.

A document that promises a test which nobody wrote is worse than none.
"""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.unit.house.source import ROOT

TESTED = ("docs/SECURITY.md", "docs/ARCHITECTURE.md")
LINKED = (*TESTED, "docs/OPERATIONS.md", "README.md", "README.zh-CN.md")
NAMED_TEST = re.compile(r"`(tests/[^`\s:]+)(?:::(\w+))?`")
LOOSE_TEST = re.compile(r"`(test_\w+\.py)[`:]")
NAMED_FILE = re.compile(r"`((?:portal|deploy|scripts|requirements)[\w./-]*(?:/|\.\w+))`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


@cache
def functions_of(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def absent_tests(text):
    """Return the tests a text names that are no file, no folder with tests, or no function."""
    return [
        f"{path}::{name}" if name else path
        for path, name in NAMED_TEST.findall(text)
        if not any(ROOT.glob(path.rstrip("/"))) or (name and name not in functions_of(path))
    ]


def absent_files(text):
    return [path for path in NAMED_FILE.findall(text) if not (ROOT / path).exists()]


def dead_links(page, text):
    """Return the links of a page that lead to no file, or to no heading of it."""
    found = []
    for link in LINK.findall(text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            found.append(link)
    return found


def anchors_of(target):
    headings = HEADING.findall(target.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", TESTED)
def test_every_test_a_page_names_exists(page):
    text = text_of(page)
    assert len(NAMED_TEST.findall(text)) > 10
    assert absent_tests(text) == []
    assert LOOSE_TEST.findall(text) == []


@pytest.mark.parametrize("page", TESTED)
def test_every_file_a_page_names_exists(page):
    assert absent_files(text_of(page)) == []


@pytest.mark.parametrize("page", LINKED)
def test_every_link_of_a_page_leads_somewhere(page):
    assert dead_links(page, text_of(page)) == []


def test_every_line_of_the_law_and_every_threat_has_its_row():
    text = text_of("docs/SECURITY.md")
    lines = re.findall(r"^\| L(\d\d) .*$", text, re.MULTILINE)
    threats = re.findall(r"^\| (\d+) \| .*$", text, re.MULTILINE)
    assert [int(each) for each in lines] == list(range(1, 21))
    assert [int(each) for each in threats] == list(range(1, 26))


def test_what_does_not_exist_would_be_seen():
    here = "tests/unit/house/test_documents.py"
    assert absent_tests(f"`{here}` `{here}::text_of` `tests/unit/house/` `tests/unit/*`") == []
    missing = [f"{here}::test_nobody_wrote", "tests/unit/house/test_nothing.py"]
    assert absent_tests(" ".join(f"`{each}`" for each in missing)) == missing
    assert absent_files("`portal/nothing.py` `portal/core/` `deploy/roles.sql`") == [
        "portal/nothing.py"
    ]
    page = "docs/SECURITY.md"
    assert dead_links(page, "[a](OPERATIONS.md#backup) [b](../README.md) [c](https://x.cn)") == []
    assert dead_links(page, "[a](OPERATIONS.md#nowhere) [b](GONE.md)") == [
        "OPERATIONS.md#nowhere",
        "GONE.md",
    ]
