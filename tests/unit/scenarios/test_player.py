"""The stage: clock, people, names, refusals, and a transaction per line."""

import json
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.core import facts
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid
from portal.extensions import db
from portal.models.records import Fact
from portal.queries import units
from portal.scenarios import script
from portal.scenarios.player import Player
from portal.scenarios.registry import table
from portal.services import periodic
from portal.services import units as unit_service
from tests.factories import people


class Colour(StrEnum):
    RED = "red"


def note(actor, *, word: str, fail: bool = False) -> dict:
    """Write a fact, then perhaps refuse."""
    fact = facts.publish("story.note", actor=actor, word=word)
    db.session.flush()
    if fail:
        raise Conflict("有人更快：{word}", word=word)
    return {"id": fact.id, "word": word, "at": fact.at}


def tell(*, day: date, colour: Colour, row: UUID, many: tuple[int, ...] = ()) -> dict:
    """Return the arguments as they arrived."""
    return {"day": day, "colour": colour, "row": row, "many": many}


def now() -> str:
    """Return the hour the story stands at."""
    return f"{clock.local(clock.now()):%m-%d %H:%M}"


def notes() -> int:
    """Count the facts that were kept."""
    return db.session.scalar(select(func.count()).where(Fact.kind == "story.note"))


VERBS = table({"note": note, "tell": tell, "unit.open": unit_service.open_unit})
SIGHTS = table({"now": now, "notes": notes, "unit": units.get, "tell": tell})


def play(app, *lines, **options):
    with app.app_context():
        player = Player(VERBS, SIGHTS, **options)
        return player.play(script.read(json.dumps(line) for line in lines))


def test_an_act_is_kept_and_a_refused_one_leaves_nothing(app):
    rows = play(
        app,
        {"at": "2026-05-10 10:00", "as": "system", "do": "note", "with": {"word": "a"}},
        {"do": "note", "with": {"word": "b", "fail": True}, "expect": "Conflict"},
        {"see": "notes", "equals": 1},
    )
    assert [row.ok for row in rows] == [True, True, True]
    assert rows[1].seen == "Conflict 409: 有人更快：b"
    assert rows[0].at == "2026-05-10 10:00"


@pytest.mark.parametrize(
    ("expect", "ok"),
    [("Conflict", True), (409, True), ("有人更快", True), ("ok", False), (404, False), ("Invalid", False)],
)  # fmt: skip
def test_expectations(app, expect, ok):
    [row] = play(
        app,
        {"as": "system", "do": "note", "with": {"word": "b", "fail": True}, "expect": expect},
    )
    assert row.ok is ok


def test_success_where_a_refusal_was_expected_is_wrong(app):
    [row] = play(app, {"as": "system", "do": "note", "with": {"word": "b"}, "expect": "Conflict"})
    assert row.ok is False
    assert row.seen == "ok"


def test_a_sight_that_shows_something_else_is_wrong(app):
    [row] = play(app, {"as": "system", "see": "notes", "equals": 1})
    assert (row.ok, row.seen, row.expected) == (False, "0", "1")


def test_names_carry_results_on(app):
    rows = play(
        app,
        {"at": "2026-05-10", "as": "system", "do": "note", "with": {"word": "a"}, "name": "first"},
        {"see": "tell", "name": "told", "with": {"day": "+2d", "colour": "red", "row": "$first",
         "many": [1, 2]}},
        {"do": "note", "with": {"word": "$told.day"}, "name": "second"},
        {"see": "tell", "with": {"day": "$told.day", "colour": "$told.colour", "row": "$first.id"},
         "equals": {"day": "2026-05-12", "colour": "red", "row": "$first.id", "many": []}},
    )  # fmt: skip
    assert [row.ok for row in rows[:2]] == [True, True]
    assert rows[3].ok, rows[3]


def test_the_clock_moves_with_the_story(app):
    rows = play(
        app,
        {"at": "2026-05-10 10:00", "as": "system", "see": "now", "equals": "05-10 10:00"},
        {"at": "+72h", "see": "now", "equals": "05-13 10:00"},
        {"see": "now", "equals": "05-13 10:00"},
        {"at": "next day 08:00", "see": "now", "equals": "05-14 08:00"},
    )
    assert all(row.ok for row in rows)


def test_the_clock_does_not_run_backwards(app):
    with pytest.raises(script.ScriptError, match="line 2: the clock does not run backwards"):
        play(
            app,
            {"at": "2026-05-10", "as": "system", "see": "now", "name": "x"},
            {"at": "2026-05-09", "see": "now", "name": "x"},
        )


def test_time_driven_work_runs_every_midnight_and_on_arrival(app, monkeypatch):
    seen = []
    monkeypatch.setattr(periodic, "WORK", (("look", lambda: seen.append(now())),))
    play(
        app,
        {"at": "2026-05-10 10:00", "as": "system", "see": "now", "name": "x"},
        {"at": "+2d 08:00", "see": "now", "name": "x"},
    )
    assert seen == ["05-11 00:00", "05-12 00:00", "05-12 08:00"]


def test_a_person_acts_in_their_own_scope(app):
    with app.app_context():
        clerk = people.staff("county_staff")
    rows = play(
        app,
        {"at": "+1m", "as": clerk.email.removesuffix("@example.org"), "do": "note",
         "with": {"word": "a"}, "name": "kept"},
        {"see": "notes", "equals": 0},
        {"as": "system", "see": "notes", "equals": 1},
    )  # fmt: skip
    # The fact belongs to no unit the clerk reads: the wall stands in a story, too.
    assert [row.ok for row in rows] == [True, True, True]


def test_invalid_input_is_a_refusal_like_on_a_page(app):
    rows = play(
        app,
        {"as": "system", "do": "unit.open", "expect": 404,
         "with": {"code": "1", "name": "x", "level": "village", "parent_code": "nowhere"}},
    )  # fmt: skip
    assert rows[0].ok


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"as": "system", "do": "fly"}, "there is no verb fly"),
        ({"as": "system", "see": "fly", "equals": 1}, "there is no sight fly"),
        ({"as": "system", "do": "note", "with": {"word": "a", "colour": 1}}, "does not know colour"),
        ({"as": "system", "do": "note"}, "also needs word"),
        ({"as": "system", "do": "note", "with": {"word": "$gone"}}, "nothing was named gone"),
        ({"do": "note", "with": {"word": "a"}}, "nobody acts"),
        ({"as": "system", "do": "note", "with": {"word": 5}}, "is not a value of type str"),
        ({"as": "system", "do": "tell", "with": {"day": "soon", "colour": "red", "row": "x"}}, "not a time"),
        ({"as": "nobody.there", "do": "note", "with": {"word": "a"}}, "nobody signs in as"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_played_is_named(app, line, words):
    with pytest.raises(script.ScriptError, match=words):
        play(app, line)


def test_nothing_is_played_when_a_later_line_is_wrong(app):
    with pytest.raises(script.ScriptError):
        play(app, {"as": "system", "do": "note", "with": {"word": "a"}}, {"do": "fly"})
    with app.app_context():
        assert play(app, {"as": "system", "see": "notes", "equals": 0})[0].ok


def test_a_watcher_sees_each_line_while_the_clock_stands_there(app):
    seen = []
    play(
        app,
        {"at": "2026-05-10 10:00", "as": "system", "see": "now", "name": "x"},
        {"at": "+1h", "see": "now", "name": "y"},
        watch=lambda line, row: seen.append((line.name, now(), row.ok)),
    )
    assert seen == [("x", "05-10 10:00", True), ("y", "05-10 11:00", True)]


def test_a_refusal_of_another_kind_keeps_its_class(app):
    def refuse(actor) -> None:
        """Refuse."""
        raise Invalid("不行", {"a": "b"})

    with app.app_context():
        player = Player(table({"refuse": refuse}), {})
        lines = ['{"as": "system", "do": "refuse", "expect": "Invalid"}']
        assert player.play(script.read(lines))[0].ok


def test_the_clock_is_released_after_the_story(app):
    play(app, {"at": "2026-05-10", "as": "system", "see": "now", "name": "x"})
    assert abs(clock.now() - clock.datetime.now(clock.UTC)) < timedelta(minutes=1)
