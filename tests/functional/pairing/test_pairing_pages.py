"""The pages of a pairing: what each stage shows whom, and what nobody outside ever reads."""

import pytest

from tests.factories import pairings as make


@pytest.mark.parametrize("status", ["proposed", "matched", "active", "paused", "closed"])
def test_every_stage_has_its_pages(app, client_as, status):
    with app.app_context():
        one = make.pairing(status=status, paused_reason="missed" if status == "paused" else "")
    mine = client_as(one.mentor)
    clerk = client_as("county_staff", "350421")
    for client, page in (
        (mine, "/me/pairings"),
        (mine, f"/me/pairings/{one.id}"),
        (clerk, "/desk/pairings"),
        (clerk, f"/desk/pairings/{one.id}"),
    ):
        assert client.get(page).status_code == 200, page
