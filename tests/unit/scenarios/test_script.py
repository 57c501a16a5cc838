"""Reading a story: what cannot stand is refused with its line."""

import json

import pytest

from portal.scenarios.script import ScriptError, read


def line(**keys):
    return json.dumps(keys)


def test_acts_and_sights_are_read_with_their_numbers():
    story = read(["", line(**{"as": "a", "do": "x.y", "with": {"n": 1}, "expect": 409}),
                  line(see="z", equals=3, name="kept")])  # fmt: skip
    act, sight = story
    assert (act.number, act.verb, act.who, act.given, act.expect) == (2, "x.y", "a", {"n": 1}, 409)
    assert (sight.number, sight.is_sight, sight.equals, sight.name) == (3, True, 3, "kept")
    assert act.is_sight is False
    assert (act.compares, sight.compares) == (False, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        (line(at="today"), "either does something"),
        (line(do="a", see="b"), "either does something"),
        (line(do="a", equal=1), "unknown key equal"),
        (line(see="a", expect="ok"), "unknown key expect"),
        (line(see="a"), "says what it equals"),
        (line(do="a", **{"with": []}), "with holds"),
        (line(do="a", at=5), "at is a text"),
        (line(do="a", expect=["ok"]), "expect is"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(text, words):
    with pytest.raises(ScriptError, match=words) as refusal:
        read([line(do="first"), text])
    assert refusal.value.line == 2
