"""A file is one idea, a view is thin: the limits of the house."""

from tests.unit.house import source

FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 20
TEMPLATE_LINES = 160


def length(node):
    """Count from the def line: decorators are declarations, not work."""
    return node.end_lineno - node.lineno + 1


def test_no_module_is_longer_than_the_hard_limit():
    sizes = {module.name: module.text.count("\n") for module in source.modules()}
    assert len(sizes) > 30
    assert {name: size for name, size in sizes.items() if size > FILE_LINES} == {}


def test_no_function_is_longer_than_forty_lines():
    long = {
        f"{module.name}:{name}": length(node)
        for module in source.modules()
        for name, node in source.functions(module.tree)
        if length(node) > FUNCTION_LINES
    }
    assert long == {}


def test_no_view_is_longer_than_twenty_lines():
    long = {
        f"{module.name}:{name}": length(node)
        for module in source.modules()
        if "/blueprints/" in module.name
        for name, node in source.functions(module.tree)
        if length(node) > VIEW_LINES
    }
    assert long == {}


def test_no_template_grows_into_a_program():
    sizes = {name: text.count("\n") for name, text in source.templates()}
    assert len(sizes) > 10
    assert {name: size for name, size in sizes.items() if size > TEMPLATE_LINES} == {}
