"""Every menu entry, and every address a template or a view asks for by name, leads somewhere."""

from __future__ import annotations

import ast
import re

import pytest

from portal import create_app
from portal.config import Settings
from portal.web.navigation import MENUS
from tests.settings import SECRETS
from tests.unit.house import source

NAMED = re.compile(r"url_for\(\s*['\"]([a-z_]+\.[a-z_]+|static)['\"]")


@pytest.fixture(scope="module")
def endpoints():
    app = create_app(Settings.for_tests(DATABASE_URL="sqlite:///:memory:", **SECRETS))
    return set(app.view_functions)


def test_every_menu_entry_exists(endpoints):
    entries = [entry.endpoint for menu in MENUS.values() for entry in menu]
    assert len(entries) > 10
    assert set(entries) - endpoints == set()


def test_every_address_in_a_template_exists(endpoints):
    asked = {(name, found) for name, text in source.templates() for found in NAMED.findall(text)}
    assert len(asked) > 30
    assert {row for row in asked if row[1] not in endpoints} == set()


def test_every_address_in_a_view_exists(endpoints):
    asked = {
        (module.name, call.args[0].value)
        for module in source.modules()
        for _, call in source.calls(module.tree)
        if source.called(call) == "url_for"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and not call.args[0].value.startswith(".")
    }
    assert len(asked) > 10
    assert {row for row in asked if row[1] not in endpoints} == set()


def test_every_template_a_view_renders_exists():
    names = {name for name, _ in source.templates()}
    asked = {
        (module.name, call.args[0].value)
        for module in source.modules()
        for _, call in source.calls(module.tree)
        if source.called(call) == "render_template"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert {row for row in asked if row[1] not in names} == set()
