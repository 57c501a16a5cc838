"""Pages of the tree as a browser takes them."""

import re

import pytest

from portal.queries import units


@pytest.mark.sqlite
def test_a_merge_is_sent_with_one_tick_and_asks_for_at_least_one(app, client_as):
    """A browser takes "required" on each of several ticks as: all of them."""
    with app.app_context():
        town = units.get("350421100").path
    admin = client_as("platform_admin", "350400")
    listed = admin.get("/admin/units?q=350421100").text
    address = re.search(r'"(/admin/units/[0-9a-f-]{36})[?"]', listed)[1]
    assert town.endswith("/350421100/")
    form = admin.get(f"{address}/change/merge").text
    ticks = re.findall(r'<input[^>]*name="others"[^>]*>', form)
    assert len(ticks) > 1
    assert not [tick for tick in ticks if "required" in tick]
    assert "选填" not in re.search(r"<legend.*?</legend>", form, re.DOTALL)[0]
