"""Every story under tests/acceptance comes out exactly as its file says, on each database."""

from pathlib import Path

import pytest

from portal.scenarios import script
from portal.scenarios.player import Player
from portal.scenarios.vocabulary import SIGHTS, VERBS

FOLDER = Path(__file__).parent
STORIES = sorted(FOLDER.glob("*.jsonl"))
#: Weeks, not years: PostgreSQL plays these always, the others in check-long; SQLite plays all.
SHORT = ("a3_children_day_wishes", "a4_pairing")


def play(app, story, watch=None):
    with app.app_context(), story.open(encoding="utf-8") as lines:
        return Player(VERBS, SIGHTS, watch=watch).play(script.read(lines))


def test_there_are_stories():
    assert {story.stem for story in STORIES} >= {
        "a2_vetting",
        "a3_children_day_wishes",
        "a4_pairing",
        "a4_substitute",
        "a4_mentor_leaves",
        "a4_move",
        "a5_camp",
        "a6_class",
    }


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(each, id=each.stem, marks=[] if each.stem in SHORT else pytest.mark.long)
        for each in STORIES
    ],
)
def test_story(app, story):
    rows = play(app, story)
    assert rows
    assert [row for row in rows if not row.ok] == []
