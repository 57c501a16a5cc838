"""The demo's lines stand in the order of their moments, whatever the hour of the day is."""

import json
from datetime import datetime

from portal.demo.timeline import Timeline
from portal.domain import clock


def test_some_hours_ago_may_lie_before_yesterday_afternoon():
    with clock.at(datetime(2026, 11, 23, 0, 30, tzinfo=clock.SHANGHAI)):
        story = Timeline()
        story.add_lately(30, {"see": "first"})
        story.add(1, "16:00", {"see": "third"})
        story.add(1, "08:00", {"see": "second"})
        told = [json.loads(line) for line in story.lines()]
    assert [line["see"] for line in told] == ["first", "second", "third"]
    assert told[0]["at"] == "now-30h"
