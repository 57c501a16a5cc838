"""An applicant reads and accepts what the authority of the chosen county has published."""

import pytest

from portal.domain.texts import PLEDGE_VERSION
from portal.models.supporters import Supporter
from tests.factories.applicants import hidden
from tests.functional.accounts.test_registration import everything, rows, send_form
from tests.functional.rights.guide import apps, staff
from tests.functional.rights.test_texts import published


@pytest.fixture
def sanming(app, clock):
    """三明 has a pledge of its own, 启东 has none."""
    apps[:] = [app]
    published(staff("city_staff"))


def test_the_page_shows_the_chosen_authority_s_own_words(sanming, client):
    page = client.get("/register/individual?county=350421").text
    assert "我按时送到" in page
    assert hidden(page, "pledge_version") == "2026-02"
    elsewhere = client.get("/register/individual?county=320681").text
    assert "我按时送到" not in elsewhere
    assert hidden(elsewhere, "pledge_version") == PLEDGE_VERSION


def test_a_tick_under_another_text_is_taken_back_and_the_right_one_is_shown(app, sanming):
    client = app.test_client()
    answer = send_form(client, "individual", everything())
    assert answer.status_code == 422
    assert "您所选民政局现在这一版守护承诺" in answer.text
    assert "我按时送到" in answer.text
    assert hidden(answer.text, "pledge_version") == "2026-02"
    assert 'id="pledge" name="pledge" required type="checkbox" value="y"' in answer.text
    assert rows(app) == []


def test_the_version_that_was_read_is_kept(app, sanming):
    form = everything(pledge_version="2026-02")
    assert send_form(app.test_client(), "individual", form).status_code == 303
    [row] = rows(app, Supporter)
    assert (row.pledge_version, row.privacy_version) == ("2026-02", "2026-01")


def test_where_nothing_was_published_the_portal_s_own_holds(app, sanming):
    form = everything(county="320681")
    assert send_form(app.test_client(), "individual", form).status_code == 303
    [row] = rows(app, Supporter)
    assert row.pledge_version == PLEDGE_VERSION
