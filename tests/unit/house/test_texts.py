"""Interface text can be translated: Chinese in templates and at the web edge goes through gettext."""

import ast

import pytest
from jinja2 import Environment, nodes

from tests.unit.house import source

GETTEXT = {
    "_", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "pgettext", "npgettext", "_l",
}  # fmt: skip
#: Errors carry a message id and are translated once, where they reach the page.
ERRORS = {
    "Conflict", "DomainError", "Invalid", "NotAllowed", "NotFound", "TooMany", "Unavailable", "WrongState",
}  # fmt: skip
#: Tables whose labels are message ids, translated where they are shown.
TABLES = {"Entry"}
#: What is said without gettext at the edge, and why.
UNTRANSLATED = {
    "portal/web/filters.py": "the marks of Chinese dates and money: the local form is the rule",
    "portal/web/errors.py": "the last sentence, said when not even a page can be made",
}
#: The edge: what is said here is said to a person.
EDGE = ("portal/web/", "portal/forms/", "portal/blueprints/")


def untranslated(text):
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(text)
    said = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for const in call.find_all(nodes.Const)
    }
    plain = [data.data for data in tree.find_all(nodes.TemplateData)]
    constants = [
        const.value
        for const in tree.find_all(nodes.Const)
        if id(const) not in said and isinstance(const.value, str)
    ]
    return [part.strip() for part in plain + constants if source.CHINESE.search(part)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<p>{{ _('中文') }}</p>", 0),
        ("<p>中文</p>", 1),
        ("{% set x = '中文' %}", 1),
        ("{% trans %}中文{% endtrans %}", 0),
        ("{{ f(label=_('中文'), hint='提示') }}", 1),
        ("{# 中文 #}", 0),
    ],
)
def test_the_finder_finds(text, count):
    assert len(untranslated(text)) == count


@pytest.mark.parametrize(("name", "text"), source.templates())
def test_template_text_goes_through_gettext(name, text):
    assert untranslated(text) == []


def untranslated_literals(tree):
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    said = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and source.called(node) in GETTEXT | ERRORS | TABLES
        for part in ast.walk(node)
    }
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docs | said
        and source.CHINESE.search(node.value)
    ]


def test_the_edge_says_nothing_untranslated():
    found = {
        module.name: lines
        for module in source.modules()
        if module.name.startswith(EDGE)
        for lines in [untranslated_literals(module.tree)]
        if lines
    }
    assert set(found) - set(UNTRANSLATED) == set()
    assert sum(len(found.get(name, ())) for name in UNTRANSLATED) <= 6
