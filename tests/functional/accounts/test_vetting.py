"""The vetting desk: queue, dossier, the moves of SV to tier 1, walls and versions."""

import re
import uuid
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.core import scope, unit_of_work
from portal.domain.applications import blind
from portal.extensions import db
from portal.models.records import Fact, FactNote
from portal.models.sight import AccessRow
from portal.models.supporters import BlockEntry, SupporterMember, VettingCheck
from portal.services import expiry, supporters
from tests.factories import applicants, people
from tests.factories.applicants import application, csrf, id_number, moment, send

#: A request brings its own context: none may be open around it.
HERE = {}


def inside():
    """Open the application's context for a look or a preparation, never around a request."""
    return HERE["app"].app_context()


@contextmanager
def looking():
    with inside(), unit_of_work.reading(people.everything()):
        yield


@contextmanager
def changing():
    with inside(), unit_of_work.transaction(people.everything()):
        yield


def applied(kind="individual", **changes):
    with inside():
        return applicants.applied(kind, **changes)


def row(supporter_id, *names):
    with inside():
        return applicants.row(supporter_id, *names)


def desk(supporter_id):
    return f"/desk/vetting/{supporter_id}"


def act(client, supporter_id, move, **more):
    data = {"transition": move, "version": version(supporter_id), **more}
    return send(client, desk(supporter_id), data, page=more.pop("page", "/password"))


def version(supporter_id):
    return row(supporter_id, "version")


@pytest.fixture(autouse=True)
def on(app, clock):
    HERE["app"] = app


@pytest.fixture
def county(client_as):
    return client_as("county_staff", "350421")


def waiting(kind="individual", **changes):
    return applied(kind, **changes)[1]


def checking(county, kind="individual", **changes):
    supporter_id = waiting(kind, **changes)
    act(county, supporter_id, "start_check")
    return supporter_id


def test_the_queue_is_oldest_first_with_counts_and_due_days(county, clock):
    late = waiting(name="先来的人")
    clock.move_to(moment(2026, 5, 21, 9, 0))
    soon = waiting(name="后来的人")
    page = county.get("/desk/vetting").text
    assert page.index(str(late)) < page.index(str(soon))
    assert re.search(r'待办 <span class="count count-hot">\s*2', page)
    # Submitted on a Wednesday: the fifth working day is the Wednesday after.
    assert "2026年5月27日" in page


def test_an_overdue_one_is_marked(county, clock):
    waiting()
    clock.move_to(moment(2026, 5, 27, 23, 59))
    assert "已超期" not in county.get("/desk/vetting").text
    clock.move_to(moment(2026, 5, 28, 0, 0))
    assert "已超期" in county.get("/desk/vetting").text


def test_filters_narrow_the_queue(county):
    person, firm = waiting(name="王晓燕"), waiting("enterprise")
    assert str(firm) not in county.get("/desk/vetting?kind=individual").text
    assert str(person) in county.get("/desk/vetting?q=晓燕").text
    assert str(firm) not in county.get("/desk/vetting?q=晓燕").text
    assert "没有符合条件的申请" in county.get("/desk/vetting?q=不存在的").text
    assert str(person) not in county.get("/desk/vetting?status=approved").text


def test_a_name_is_found_by_any_part_and_not_by_marks_alone(county):
    found = waiting("enterprise", name="明溪县启明灯具有限公司")
    for part in ("启明", "灯具有限", "明", "启明灯具"):
        assert str(found) in county.get(f"/desk/vetting?q={part}").text
    # Each character of this stands in the name, the word does not.
    assert str(found) not in county.get("/desk/vetting?q=灯明").text


def test_the_queue_pages_without_loss_or_repeat(county):
    made = {str(waiting()) for _ in range(23)}
    first = county.get("/desk/vetting").text
    after = re.search(r'href="([^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
    second = county.get(after).text
    shown = [re.findall(r'href="/desk/vetting/([0-9a-f-]{36})"', page) for page in (first, second)]
    assert [len(page) for page in shown] == [20, 3]
    assert set(shown[0]) | set(shown[1]) == made


def test_the_dossier_shows_all_and_masks_numbers(county):
    number = id_number()
    supporter_id = waiting(id_number=number, phone="12042100001", is_teacher=True)
    page = county.get(desk(supporter_id)).text
    assert number not in page
    assert f"{number[:4]}**********{number[-4:]}" in page
    assert "120****0001" in page
    assert "12042100001" not in page
    assert "王晓燕" in page
    assert "教师" in page


def test_opening_a_number_asks_why_leaves_a_fact_and_closes_again(county, clock, client_as):
    number = id_number()
    supporter_id = waiting(id_number=number)
    url = f"{desk(supporter_id)}/reveal"
    people.prove(county, "supporter.reveal", supporter_id)
    send(county, url, {"field": "id_number", "reason": ""}, page="/password")
    assert number not in county.get(desk(supporter_id)).text
    send(county, url, {"field": "id_number", "reason": "verify"}, page="/password")
    assert number in county.get(desk(supporter_id)).text
    assert number not in client_as("county_staff", "350421").get(desk(supporter_id)).text
    with looking():
        fact = db.session.scalars(select(Fact).where(Fact.kind == "supporter.reveal")).one()
        assert (fact.actor_id, fact.data) == (
            county.actor.user_id,
            {"field": "id_number", "reason": "verify"},
        )
        row = db.session.scalars(select(AccessRow)).one()
        assert (row.actor_id, row.subject_id, row.field, row.fact_id) == (
            county.actor.user_id, supporter_id, "id_number", fact.id,
        )  # fmt: skip
        assert row.until - row.at == timedelta(minutes=15)
    clock.advance(minutes=15)
    assert number not in county.get(desk(supporter_id)).text


@pytest.mark.parametrize("place", ["350429", "320681"])
def test_another_county_and_another_authority_answer_404(client_as, place):
    supporter_id = waiting()
    foreign = client_as("county_staff", place)
    answers = [foreign.get(desk(each)) for each in (supporter_id, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert act(foreign, supporter_id, "start_check").status_code == 404
    reveal = {"field": "phone", "reason": "verify"}
    people.prove(foreign, "supporter.reveal", supporter_id)
    assert (
        send(foreign, f"{desk(supporter_id)}/reveal", reveal, page="/password").status_code == 404
    )
    assert str(supporter_id) not in foreign.get("/desk/vetting").text
    assert row(supporter_id, "status") == "submitted"


def test_the_city_vets_for_all_its_counties(client_as):
    here, there = waiting(), waiting(county_code="350429")
    page = client_as("city_staff").get("/desk/vetting").text
    assert str(here) in page
    assert str(there) in page
    narrowed = client_as("city_staff").get("/desk/vetting?county=350429").text
    assert str(here) not in narrowed


@pytest.mark.parametrize("who", ["child_director", "auditor", "platform_admin", "individual"])
def test_nobody_else_enters_the_queue(client_as, who):
    supporter_id = waiting()
    client = client_as(who)
    assert client.get("/desk/vetting").status_code == 403
    assert client.get(desk(supporter_id)).status_code == 403


def test_a_draft_is_not_staffs_business(county):
    with inside():
        actor = people.account(verified=False)
    with inside(), unit_of_work.transaction(scope.of(actor)):
        supporter_id = supporters.register(actor, application(), allow_fictitious=True)
    assert row(supporter_id, "status") == "draft"
    assert county.get(desk(supporter_id)).status_code == 404
    assert str(supporter_id) not in county.get("/desk/vetting?status=draft").text


def test_approving_gives_tier_one_for_24_months(county):
    supporter_id = checking(county)
    answer = act(county, supporter_id, "approve", identity_confirmed="1")
    assert answer.status_code == 303
    status, tier, valid_to, by = row(supporter_id, "status", "tier", "valid_to", "approved_by")
    assert (status, tier, valid_to, by) == (
        "approved",
        1,
        date(2028, 5, 20),
        county.actor.user_id,
    )
    with looking():
        check = db.session.scalars(select(VettingCheck)).one()
        assert (check.kind, check.done_on, check.expires_on) == (
            "identity",
            date(2026, 5, 20),
            date(2028, 5, 20),
        )


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("individual", {}, "请先核对身份"),
        ("charity", {"identity_confirmed": "1"}, "请先核对证照"),
        ("enterprise", {"documents_confirmed": "1"}, "请先核对身份"),
    ],
)
def test_nothing_is_approved_before_it_is_confirmed(county, kind, given, sentence):
    supporter_id = checking(county, kind)
    answer = act(county, supporter_id, "approve", **given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert row(supporter_id, "status", "tier") == ("checking", 0)


def test_nothing_is_approved_before_it_is_checked(county):
    supporter_id = waiting()
    answer = act(county, supporter_id, "approve", identity_confirmed="1")
    assert answer.status_code == 409
    assert row(supporter_id, "status") == "submitted"


def test_the_next_one_opens_by_itself_and_then_the_empty_queue(county):
    first, second = checking(county), waiting()
    answer = act(county, first, "approve", identity_confirmed="1")
    assert answer.location == desk(second)
    act(county, second, "start_check")
    assert act(county, second, "approve", identity_confirmed="1").location == "/desk/vetting"
    assert "都处理完了" in county.get("/desk/vetting").text


def test_what_is_sent_back_shows_beside_its_field_and_comes_again(county, client_as):
    actor, supporter_id = applied("enterprise")
    act(
        county,
        supporter_id,
        "return",
        **{"why-phone": "电话打不通", "why-business_licence": "照片看不清"},
    )
    assert row(supporter_id, "status", "returned_fields") == (
        "returned",
        {"phone": "电话打不通", "business_licence": "照片看不清"},
    )
    mine = client_as(actor)
    assert "电话打不通" in mine.get("/me/profile").text
    page = mine.get(f"/me/profile/{supporter_id}/edit").text
    assert re.search(r'照片看不清.*?name="business_licence"', page, re.DOTALL)
    assert page.index("电话打不通") < page.index('name="phone"')


def test_sending_back_needs_a_reason_and_a_field_of_the_kind(county):
    supporter_id = waiting()
    assert act(county, supporter_id, "return").status_code == 422
    strange = act(county, supporter_id, "return", **{"why-business_licence": "x"})
    assert strange.status_code == 422
    assert row(supporter_id, "status") == "submitted"


def test_a_refusal_goes_on_the_block_list_by_hash(county):
    number = id_number()
    supporter_id = checking(county, id_number=number)
    answer = act(
        county, supporter_id, "reject", reason_code="offence_record", reason="查询结果不符合要求"
    )
    assert answer.status_code == 303
    with looking():
        entry = db.session.scalars(select(BlockEntry)).one()
        assert (entry.tenant_path, entry.hmac) == (people.SANMING, number_hash(number))
        facts = db.session.scalars(select(Fact).where(Fact.kind == "supporter.reject")).all()
        assert [number in str(fact.data) for fact in facts] == [False]
        assert "offence" not in str(facts[0].data)
        assert db.session.scalars(select(FactNote.text)).all() == ["查询结果不符合要求"]
    assert row(supporter_id, "status") == "rejected"


def number_hash(number):
    return blind(number, "id_number")


@pytest.mark.parametrize(
    "given",
    [{"reason": "只有话"}, {"reason_code": "false_documents"}, {"reason_code": "x", "reason": "y"}],
)
def test_a_refusal_needs_a_code_and_words(county, given):
    supporter_id = checking(county)
    answer = act(county, supporter_id, "reject", **given)
    assert answer.status_code == 422
    assert row(supporter_id, "status") == "checking"


def test_a_number_blocked_meanwhile_cannot_be_approved(county):
    number = id_number()
    supporter_id = checking(county, id_number=number)
    with changing():
        db.session.add(
            BlockEntry(
                tenant_path=people.SANMING, hmac=number_hash(number), reason_code="false_documents"
            )
        )
    assert "本局名单" in county.get(desk(supporter_id)).text
    answer = act(county, supporter_id, "approve", identity_confirmed="1")
    assert answer.status_code == 409
    assert row(supporter_id, "status") == "checking"


def test_suspend_reinstate_revoke(county):
    supporter_id = checking(county)
    act(county, supporter_id, "approve", identity_confirmed="1")
    assert act(county, supporter_id, "suspend").status_code == 422
    act(county, supporter_id, "suspend", reason="收到投诉")
    assert row(supporter_id, "status") == "suspended"
    act(county, supporter_id, "reinstate", reason="已核实无误")
    assert row(supporter_id, "status", "valid_to") == ("approved", date(2028, 5, 20))
    act(county, supporter_id, "revoke", reason_code="pledge_broken", reason="私下联系")
    assert row(supporter_id, "status") == "revoked"
    with looking():
        assert db.session.scalar(select(func.count()).select_from(BlockEntry)) == 1


def test_a_colleague_who_was_faster_is_named_by_the_state(app, county, client_as):
    supporter_id = waiting()
    seen = version(supporter_id)
    colleague = client_as("county_staff", "350421")
    act(colleague, supporter_id, "start_check")
    late = send(
        county, desk(supporter_id), {"transition": "start_check", "version": seen}, page="/password"
    )
    assert late.status_code == 409
    assert "有同事比您早一步" in late.text
    assert "核验中" in late.text


def test_several_at_once_each_stands_for_itself(county, client_as):
    one, two, three = waiting(), waiting(), waiting()
    ids = [f"{each}:{version(each)}" for each in (one, two, three)]
    act(client_as("county_staff", "350421"), two, "start_check")
    send(county, "/desk/vetting", {"ids": ids, "transition": "start_check"}, page="/password")
    page = county.get("/desk/vetting").text
    assert "办好了 2 份" in page
    assert "有同事比您早一步" in page
    assert [row(each, "status") for each in (one, two, three)] == ["checking"] * 3


def test_several_sent_back_with_one_reason(county):
    one, two = waiting(), waiting()
    ids = [f"{each}:{version(each)}" for each in (one, two)]
    data = {"ids": ids, "transition": "return", "reason": "请补充近期的联系电话"}
    send(county, "/desk/vetting", data, page="/password")
    assert {row(each, "status") for each in (one, two)} == {"returned"}
    assert row(one, "returned_fields") == {"application": "请补充近期的联系电话"}


def test_decisions_are_not_made_in_bulk(county):
    supporter_id = checking(county)
    ids = [f"{supporter_id}:{version(supporter_id)}"]
    for move in ("approve", "reject"):
        send(
            county,
            "/desk/vetting",
            {"ids": ids, "transition": move, "reason": "x"},
            page="/password",
        )
    assert row(supporter_id, "status") == "checking"


def test_foreign_ids_in_a_bulk_are_not_touched(county, client_as):
    foreign = waiting(county_code="320681")
    ids = [f"{foreign}:{version(foreign)}"]
    send(county, "/desk/vetting", {"ids": ids, "transition": "start_check"}, page="/password")
    assert row(foreign, "status") == "submitted"


def test_nobody_vets_themselves(client_as):
    client = client_as("county_staff", "350421")
    _, supporter_id = applied()
    with changing():
        db.session.add(SupporterMember(supporter_id=supporter_id, user_id=client.actor.user_id))
    assert "不能审核自己的申请" in client.get(desk(supporter_id)).text
    answer = act(client, supporter_id, "start_check")
    assert answer.status_code == 403
    assert row(supporter_id, "status") == "submitted"


def test_every_move_is_a_fact_with_who_and_from_where_to_where(county, clock):
    supporter_id = waiting()
    clock.advance(hours=1)
    act(county, supporter_id, "start_check")
    clock.advance(hours=1)
    act(county, supporter_id, "approve", identity_confirmed="1")
    with looking():
        facts = db.session.execute(
            select(Fact.kind, Fact.before, Fact.after, Fact.actor_id, Fact.unit_path)
            .where(Fact.subject_id == supporter_id)
            .order_by(Fact.at, Fact.id)
        ).all()
    assert [tuple(fact[:3]) for fact in facts][-3:] == [
        ("supporter.submit", "draft", "submitted"),
        ("supporter.start_check", "submitted", "checking"),
        ("supporter.approve", "checking", "approved"),
    ]
    assert {fact.actor_id for fact in facts[-2:]} == {county.actor.user_id}
    assert {fact.unit_path for fact in facts} == {people.MINGXI}


def test_expiry_comes_the_day_after_the_last_and_is_told_three_times_before(county, clock):
    supporter_id = checking(county)
    act(county, supporter_id, "approve", identity_confirmed="1")

    def tick():
        with changing():
            return expiry.remind_due(), expiry.expire_due()

    clock.move_to(moment(2028, 4, 19, 9, 0))
    assert tick() == (0, 0)
    clock.move_to(moment(2028, 4, 20, 9, 0))
    assert tick() == (1, 0)
    clock.move_to(moment(2028, 5, 1, 9, 0))
    assert tick() == (0, 0)
    clock.move_to(moment(2028, 5, 13, 9, 0))
    assert tick() == (1, 0)
    assert tick() == (0, 0)
    clock.move_to(moment(2028, 5, 19, 9, 0))
    assert tick() == (1, 0)
    clock.move_to(moment(2028, 5, 20, 23, 59))
    assert tick() == (0, 0)
    clock.move_to(moment(2028, 5, 21, 0, 0))
    assert tick() == (0, 1)
    assert tick() == (0, 0)
    assert row(supporter_id, "status") == "expired"


def test_the_page_of_an_act_needs_its_token(county):
    supporter_id = waiting()
    answer = county.post(desk(supporter_id), data={"transition": "start_check"})
    assert answer.status_code == 400
    assert row(supporter_id, "status") == "submitted"
    assert csrf(county, desk(supporter_id))
