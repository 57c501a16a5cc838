"""Every fact that the code publishes has Chinese words, so that the memory reads as sentences."""

import ast

from portal.domain.fact_words import KNOWN
from portal.domain.lifecycles import MACHINES
from tests.unit.house.source import ROOT

PUBLISHERS = {"publish", "publish_many"}


def kinds_in(tree):
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr in PUBLISHERS and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant):
                yield first.value


def test_every_published_kind_has_words():
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "portal").rglob("*.py")]
    published = {kind for tree in trees for kind in kinds_in(tree)}
    # Every lifecycle begins, and a mailed link is a fact named after its purpose.
    published |= {f"{machine.noun}.begin" for machine in MACHINES}
    published |= {f"account.{each}" for each in ("verify_email", "reset_password", "invite")}
    assert len(published) > 30
    assert sorted(published - dict(KNOWN).keys()) == []
