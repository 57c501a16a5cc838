"""The front door and the texts everybody may read; refusals that say why; every component drawn."""

import re
from pathlib import Path

import pytest
from flask import render_template

from portal.domain import texts
from tests.factories import guide

PAGES = ("/", "/about", "/privacy", "/privacy/children", "/pledge", "/report-concern")
STATUSES = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)")
LINK = re.compile(r'href="(/[^"#]*)')
SOURCE = re.compile(r'(?:src|href)="/static/([^"#?]+)')


@pytest.mark.parametrize("path", PAGES)
def test_anybody_may_read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "微光" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_link_and_file_of_a_page_exists(app, client, path):
    page = client.get(path).text
    links = {link for link in LINK.findall(page) if not link.startswith("/static/")}
    assert {link for link in links if client.get(link).status_code not in {200, 303}} == set()
    files = SOURCE.findall(page)
    assert links
    assert files
    assert [name for name in files if not (Path(app.static_folder) / name).is_file()] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_the_policy_refuses(client, path):
    answer = client.get(path)
    assert INLINE.search(answer.text) is None
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/privacy", texts.PRIVACY_VERSION),
        ("/privacy/children", texts.CHILDREN_PRIVACY_VERSION),
        ("/pledge", texts.PLEDGE_VERSION),
    ],
)
def test_a_text_that_is_consented_to_shows_its_version(client, path, version):
    assert f"版本 {version}" in client.get(path).text


def test_a_child_in_danger_police_first_and_no_promise(client):
    page = client.get("/report-concern").text
    assert page.index('href="tel:110"') < page.index('href="tel:12345"')
    assert page.index('href="tel:110"') < page.index("<form")
    assert "这里不是 24 小时值守" in page


@pytest.mark.parametrize("path", PAGES)
def test_the_way_to_report_is_on_every_page(client, path):
    assert 'href="/report-concern"' in client.get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_no_way_to_pay_is_offered(client, path):
    page = client.get(path).text
    assert re.search(r"支付|付款码|扫码捐|立即捐款|开户行", page) is None


def test_a_notice_names_who_runs_the_portal(app, client, monkeypatch):
    named = app.config["SETTINGS"].model_copy(
        update={"operator_name": "三明市民政局", "operator_phone": "0598-0000000"}
    )
    monkeypatch.setitem(app.config, "SETTINGS", named)
    for path in ("/about", "/privacy", "/privacy/children"):
        page = client.get(path).text
        assert "三明市民政局" in page
        assert "0598-0000000" in page


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_says_why_and_what_would_make_it_possible(app, status):
    with app.test_request_context("/"):
        page = render_template(f"errors/{status}.html", message="", code=status)
    why = re.search(r'<p class="why">(.*?)</p>', page, re.DOTALL).group(1).strip()
    ways = re.findall(r"<li>(.*?)</li>", page[page.index("可以这样做") :].split("</ul>")[0])
    assert len(why) > 10
    assert ways
    assert all(len(way) > 4 for way in ways)


def test_the_sentence_of_the_rule_comes_first(app):
    with app.test_request_context("/"):
        page = render_template("errors/409.html", message="刚刚被另一位同事处理了", code=409)
    assert "刚刚被另一位同事处理了" in page
    assert "您打开页面以后" not in page


@pytest.mark.parametrize("frame", ["public", "mine", "desk"])
def test_every_component_draws_in_every_frame(app, frame):
    with app.test_request_context("/"):
        page = render_template("style_guide.html", **guide.context(frame))
    assert INLINE.search(page) is None
    for kept in ("林小明", "12000", "想要一盏灯"):
        assert kept in page
    assert page.count('class="wish"') == len(guide.CARDS)
    assert page.count("手机号应是 11 位数字") == 2
