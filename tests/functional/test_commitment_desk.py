"""The desk's lists and dossiers: oldest first, several at once, the next opens, the slower is told."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.extensions import db
from portal.models.accounts import User
from portal.models.supporters import Supporter
from portal.models.wishes import Commitment, Wish
from portal.queries import commitment_queues, dossiers, handover_points
from portal.services import commitments, handover
from tests.factories import people, promises
from tests.factories.applicants import hidden, send

DESK = "/desk/commitments"


@pytest.fixture
def bureau(app, clock, client_as):
    """County, handover point and director at their desks; an enterprise and a private person."""

    class Bureau:
        county, point, director = (
            client_as(role) for role in ("county_staff", "handover_staff", "child_director")
        )
        firm, helper = client_as("enterprise"), client_as("individual")
        crew = promises.Staff(county.actor, point.actor, director.actor)

        def lead(self, *states, who=None):
            with app.app_context():
                hung = promises.hung(cards=len(states))
                return [
                    promises.led_to(state, (who or self.firm).actor, one.code, self.crew)
                    for state, one in zip(states, hung, strict=True)
                ]

    return Bureau()


def step(browser, promise, name, **form):
    at = f"{DESK}/{promise}"
    version = hidden(browser.get(at).text, "version")
    return send(browser, f"{at}/{name}", {"version": version, **form}, page=at)


def statements(app, browser, path):
    browser.get(path)
    said = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_):
        if statement.lstrip()[:6].upper() == "SELECT":
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)


def test_the_list_that_waits_opens_first_and_oldest_first(app, bureau, clock):
    [first] = bureau.lead("pending")
    clock.advance(hours=1)
    [second] = bureau.lead("pending", who=bureau.helper)
    page = bureau.county.get(DESK).text
    assert page.index(str(first)) < page.index(str(second))
    assert "自动放回" in page


def test_each_step_opens_the_next_of_its_list(bureau):
    first, second = bureau.lead("pending", "pending")
    day = (portal_clock.today() + timedelta(days=5)).isoformat()
    form = {"deliver_by": day, "handover_point": "other", "other_point": "一楼窗口"}
    answer = step(bureau.county, first, "approve", **form)
    assert (answer.status_code, answer.location) == (303, f"{DESK}/{second}")
    answer = step(bureau.county, second, "decline", reason="已由村里解决")
    assert (answer.status_code, answer.location) == (303, f"{DESK}?queue=pending")


def test_the_whole_road_through_the_pages(app, bureau):
    [promise] = bureau.lead("pending")
    day = portal_clock.today().isoformat()
    assert (
        step(
            bureau.county, promise, "approve", deliver_by=day, handover_point="县民政局儿童福利窗口"
        ).status_code
        == 303
    )
    assert (
        step(bureau.point, promise, "receive", delivered_on=day, value="129.50").status_code == 303
    )
    assert (
        step(
            bureau.director, promise, "hand-over", handed_over_on=day, signed_by="王大山"
        ).status_code
        == 303
    )
    assert step(bureau.director, promise, "thanks", thanks="谢谢，灯很亮").status_code == 303
    assert step(bureau.county, promise, "release-thanks").status_code == 303
    assert step(bureau.county, promise, "archive").status_code == 303
    with app.app_context():
        assert promises.status_of(promise)[:2] == ("confirmed", "archived")
        assert promises.read(Commitment, promise, "value_fen", "thanks") == (12950, "谢谢，灯很亮")


def test_the_handover_point_is_chosen_and_its_staff_can_be_rung(app, bureau, clock):
    first, second = bureau.lead("pending", "pending")
    with app.app_context():
        promises.change(User, bureau.point.actor.user_id, phone="12042100009")
    page = bureau.county.get(f"{DESK}/{first}").text
    assert "tel:12042100009" in page
    assert 'value="县民政局儿童福利窗口"' in page
    day = (portal_clock.today() + timedelta(days=5)).isoformat()
    odd = step(bureau.county, first, "approve", deliver_by=day, handover_point="随便写的地方")
    assert (odd.status_code, "从列出的交接点里选" in odd.text) == (422, True)
    empty = step(bureau.county, first, "approve", deliver_by=day, handover_point="other")
    assert (empty.status_code, "请写明交接点" in empty.text) == (422, True)
    typed = {"deliver_by": day, "handover_point": "other", "other_point": "政务大厅三号窗口"}
    assert step(bureau.county, first, "approve", **typed).status_code == 303
    with app.app_context():
        assert promises.read(Commitment, first, "handover_point") == "政务大厅三号窗口"
    assert 'value="政务大厅三号窗口"' in bureau.county.get(f"{DESK}/{second}").text
    clock.advance(days=366)
    with app.app_context(), promises.as_actor(bureau.county.actor):
        assert handover_points.offered("/35/3504/350421/", "/35/3504/") == ("县民政局儿童福利窗口",)


def test_what_was_typed_comes_back_with_its_problem(bureau):
    [promise] = bureau.lead("approved")
    answer = step(bureau.point, promise, "receive", delivered_on="", value="12")
    assert answer.status_code == 422
    assert 'value="12"' in answer.text
    assert "请选择日期" in answer.text


def test_the_slower_clerk_is_told(bureau, client_as):
    [promise] = bureau.lead("pending")
    at = f"{DESK}/{promise}"
    seen = hidden(bureau.county.get(at).text, "version")
    step(client_as("county_staff"), promise, "decline", reason="重复")
    late = send(bureau.county, f"{at}/decline", {"version": seen, "reason": "晚了"}, page="/desk")
    assert (late.status_code, "早一步" in late.text) == (409, True)


def test_several_at_once_with_one_reason(app, bureau):
    ids = [str(one) for one in bureau.lead("pending", "pending", "pending")]
    ticks = re.findall(r'name="ids" value="([^"]+)"', bureau.county.get(DESK).text)
    chosen = [tick for tick in ticks if tick.partition(":")[0] in ids[:2]]
    form = {"transition": "decline", "ids": chosen, "reason": "本期名额已满", "queue": "pending"}
    assert send(bureau.county, DESK, form).location == f"{DESK}?queue=pending"
    page = bureau.county.get(f"{DESK}?queue=pending").text
    assert [one in page for one in ids] == [False, False, True]
    with app.app_context():
        assert promises.read(Commitment, UUID(ids[0]), "reason") == "本期名额已满"
    empty = send(bureau.county, DESK, {"transition": "decline", "queue": "pending"})
    assert empty.status_code == 303


def test_a_tick_on_an_old_page_is_told_and_does_nothing(app, bureau, client_as):
    [promise] = bureau.lead("pending")
    [tick] = re.findall(r'name="ids" value="([^"]+)"', bureau.county.get(DESK).text)
    step(client_as("county_staff"), promise, "decline", reason="重复")
    form = {"transition": "decline", "ids": [tick], "reason": "晚了", "queue": "pending"}
    send(bureau.county, DESK, form)
    assert "早一步" in bureau.county.get(DESK).text
    with app.app_context():
        assert promises.read(Commitment, promise, "reason") == "重复"
    form["ids"] = [str(promise)]
    assert send(bureau.county, DESK, form).status_code == 404


def test_another_bureau_finds_nothing(bureau, client_as):
    [promise] = bureau.lead("pending")
    stranger = client_as("county_staff", "320681")
    assert stranger.get(f"{DESK}/{promise}").status_code == 404
    assert str(promise) not in stranger.get(DESK).text


def test_the_handover_point_sees_the_parcel_and_not_the_child(app, bureau):
    [promise] = bureau.lead("delivering", who=bureau.helper)
    with app.app_context():
        promises.change(Supporter, bureau.helper.actor.supporter_ids[0], kind="individual")
    page = bureau.point.get(f"{DESK}/{promise}").text
    assert "SF1234567" in page
    for secret in ("晚上写作业", "王**", "王小明", "预计费用"):
        assert secret not in page
    with app.app_context(), unit_of_work.reading(scope.of(bureau.point.actor)):
        told = dossiers.dossier(bureau.point.actor, UUID(str(promise))).history
    assert {fact.kind.split(".")[0] for fact in told} == {"commitment"}
    name = f"爱心{bureau.helper.actor.email}"
    assert name not in page
    assert name in bureau.county.get(f"{DESK}/{promise}").text


def test_who_hands_the_gift_over_reads_whose_it_is_and_the_city_a_mask(bureau, client_as):
    [promise] = bureau.lead("delivered")
    for browser in (bureau.county, bureau.director):
        assert "王小明" in browser.get(f"{DESK}/{promise}").text
    page = client_as("city_staff").get(f"{DESK}/{promise}").text
    assert "王**" in page
    assert "王小明" not in page
    assert "晚上写作业" not in page


def test_who_wrote_the_thanks_is_not_offered_their_release(app, bureau):
    [promise] = bureau.lead("fulfilled")
    with app.app_context(), promises.as_actor(bureau.director.actor):
        handover.write_thanks(bureau.director.actor, promise, "谢谢")
    at = f"{DESK}/{promise}"
    assert "release-thanks" in bureau.county.get(at).text
    with app.app_context():
        wish = promises.read(Commitment, promise, "wish_id")
        promises.change(Wish, wish, thanks_by=bureau.county.actor.user_id)
    page = bureau.county.get(at).text
    assert "release-thanks" not in page
    assert "两人把关" in page


def test_a_receipt_photo_is_painted_anew(app, bureau):
    [promise] = bureau.lead("delivering")
    picture = io.BytesIO()
    meta = Image.Exif()
    meta[0x010E] = "家住雪峰镇"
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG", exif=meta, comment=b"secret")
    picture.seek(0)
    at = f"{DESK}/{promise}"
    day = portal_clock.today().isoformat()
    answer = send(
        bureau.point, f"{at}/receive",
        {"delivered_on": day, "value": "99", "photo": (picture, "王小明.jpg"),
         "version": hidden(bureau.point.get(at).text, "version")}, page=at,
    )  # fmt: skip
    assert answer.status_code == 303
    address = re.search(r'src="(/files/[^"]+)"', bureau.county.get(at).text)[1]
    stored = bureau.county.get(address)
    assert stored.status_code == 200
    assert b"secret" not in stored.data
    assert "雪峰".encode() not in stored.data
    assert bureau.firm.get(address).status_code == 200
    assert bureau.helper.get(address).status_code == 404


def test_the_first_page_counts_what_waits_for_whom(bureau):
    bureau.lead("pending", "approved", "delivered", "fulfilled")
    county = bureau.county.get("/desk").text
    assert "认领待批准" in county
    assert "待归档" in county
    assert "待转交给孩子" not in county
    director = bureau.director.get("/desk").text
    assert "待转交给孩子" in director
    assert "认领待批准" not in director


def test_lists_cost_the_same_at_one_row_and_at_many(app, bureau):
    bureau.lead("pending")
    pages = (DESK, "/desk", "/audit")
    few = [statements(app, bureau.county, path) for path in pages]
    bureau.lead(*["pending"] * 18)
    bureau.lead("pending", "pending", "pending", who=bureau.helper)
    assert [statements(app, bureau.county, path) for path in pages] == few


def test_lists_page_on(app, bureau):
    ids = bureau.lead(*["pending"] * 7)
    with app.app_context(), unit_of_work.reading(scope.of(bureau.county.actor)):
        seen, after = [], None
        while True:
            page = commitment_queues.page("pending", after, limit=3)
            seen += [row.id for row in page.rows]
            after = page.after
            if after is None:
                break
    assert sorted(seen) == sorted(ids)
    assert len(seen) == 7


def test_the_archive_of_a_year_is_a_workbook(app, bureau):
    ids = bureau.lead("archived", "archived", "fulfilled")
    with app.app_context():
        promises.change(Supporter, bureau.firm.actor.supporter_ids[0], name="=HYPERLINK(1)")
    people.prove(bureau.county, "archive.export", 2026)
    answer = bureau.county.get("/desk/archive/2026.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert len(ids) == 3
    head = rows[1]
    assert head[0] == "档案编号"
    body = rows[2:4]
    assert [row[head.index("收货价值（元）")] for row in body] == [128.0, 128.0]
    assert {row[head.index("儿童")] for row in body} == {"王**"}
    assert {row[head.index("爱心人士")] for row in body} == {"'=HYPERLINK(1)"}
    assert rows[4][0] == "共2个"
    assert rows[4][head.index("收货价值（元）")] == 256.0
    assert "王小明" not in str(rows)


def test_the_memory_is_found_by_kind_subject_and_day(app, bureau, clock):
    [promise] = bureau.lead("delivered")
    every = bureau.county.get("/audit").text
    assert "认领：确认收货" in every
    one = bureau.county.get("/audit?kind=commitment.approve").text
    body = one.partition("<tbody>")[2]
    assert "认领：批准认领" in body
    assert "确认收货" not in body
    mine = bureau.county.get(f"/audit?subject={promise}").text.partition("<tbody>")[2]
    assert mine.count("<tr>") == 4
    assert "没有符合条件" in bureau.county.get("/audit?until=2026-05-19").text
    assert bureau.county.get("/audit?subject=nonsense").status_code == 404


def test_the_audit_page_pages_on(app, bureau):
    bureau.lead(*["delivered"] * 8)
    first = bureau.county.get("/audit").text
    assert first.partition("<tbody>")[2].count("<tr>") == 50
    onward = re.search(r'href="(/audit\?after=[^"]+)"', first)[1]
    assert bureau.county.get(onward).text.partition("<tbody>")[2].count("<tr>") > 0


def test_a_supporter_who_acted_is_masked_in_the_memory(app, bureau):
    bureau.lead("pending", who=bureau.helper)
    page = bureau.county.get("/audit").text
    assert bureau.helper.actor.name not in page


def test_nothing_is_left_to_do_says_so(bureau):
    assert "都处理完了" in bureau.county.get(DESK).text
    assert "都处理完了" in bureau.county.get("/desk").text


def test_late_and_overdue_stand_out(app, bureau, clock):
    [promise] = bureau.lead("approved")
    with app.app_context():
        promises.change(Commitment, promise, deliver_by=portal_clock.today())
    clock.advance(days=2)
    assert "送达日已过" in bureau.county.get(f"{DESK}/{promise}").text
    with app.app_context(), promises.as_actor(bureau.point.actor):
        commitments.receive(
            bureau.point.actor, promise, commitments.Receipt(portal_clock.today(), 100)
        )
    assert "晚到2天" in bureau.county.get(f"{DESK}/{promise}").text
