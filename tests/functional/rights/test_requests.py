"""Requests about one's own data: a clock, a written answer, another person's hand (L06)."""

from datetime import date

import pytest

from portal.core import scope, unit_of_work
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.models.accounts import User
from portal.models.children import ChildFile, GuardianLink
from portal.models.records import Message, StoredFile
from portal.models.rights import RightsRequest, Tombstone
from portal.models.supporters import Supporter, SupporterMember
from portal.services import claims, guardians, protections, rights, vetting
from tests.factories import applicants, people, promises
from tests.functional.rights.guide import (
    as_guardian,
    change,
    do,
    inside,
    linked,
    read,
    rows_of,
    send,
    staff,
    unzipped,
)


@pytest.fixture
def lin():
    """A supporter of 明溪 with everything filled in, checked once."""
    with inside():
        actor, supporter_id = applicants.applied(id_number=applicants.id_number())
    county = staff("county_staff", "350421")
    do(county, vetting.give_back, supporter_id, {"phone": "打不通"})
    return actor, supporter_id


@pytest.fixture
def county():
    return staff("county_staff", "350421")


def asked(lin, **given):
    actor, supporter_id = lin
    return do(actor, rights.ask, supporter_id, **{"kind": "erase", **given})


def test_the_clock_is_fifteen_working_days(lin):
    request = asked(lin)
    # 2026-05-20 is a Wednesday; weekends do not count.
    assert read(RightsRequest, request, "status", "due_on") == ("received", date(2026, 6, 10))


def test_who_answers_is_not_who_is_concerned(lin, county):
    request = asked(lin)
    actor, _ = lin
    with inside():
        clerk = people.also(actor, "county_staff", "350421")
    with pytest.raises(NotAllowed, match="另一位同事"):
        do(clerk, rights.refuse, request, answer="因为我自己不同意删除这些资料")
    do(county, rights.refuse, request, answer="您还有没送达的心愿，依法须保留认领记录")
    assert read(RightsRequest, request, "status") == "refused"


@pytest.mark.parametrize("words", ["", "   ", "不行"])
def test_no_refusal_without_written_reasons(lin, county, words):
    request = asked(lin)
    with pytest.raises(Invalid):
        do(county, rights.refuse, request, answer=words)
    with pytest.raises(Invalid):
        do(county, rights.grant, request, answer="")
    assert read(RightsRequest, request, "status", "answer") == ("received", "")


def test_the_answer_is_read_by_who_asked(lin, county, client_as):
    actor, supporter_id = lin
    mine = client_as(actor)
    send(
        mine, f"/me/rights/{supporter_id}", {"kind": "withdraw", "words": "公示"}, page="/me/rights"
    )
    [request] = rows_of(RightsRequest)
    do(county, rights.take, request.id)
    do(county, rights.refuse, request.id, answer="您没有同意过公示，所以没有可撤回的")
    assert "没有同意过公示" in mine.get("/me/rights").text
    assert rows_of(Message, Message.template == "request_answered")
    stranger = client_as("individual")
    assert "没有同意过公示" not in stranger.get("/me/rights").text


def test_the_desk_sees_the_queue_and_the_late_ones(lin, client_as, clock):
    request = asked(lin)
    desk = client_as("county_staff", "350421")
    assert "最迟答复" in desk.get("/desk/requests").text
    clock.advance(days=22)
    assert "已过答复期限" in desk.get(f"/desk/requests/{request}").text
    assert client_as("county_staff", "350429").get(f"/desk/requests/{request}").status_code == 404


def test_a_page_without_reasons_keeps_the_request_open(lin, client_as):
    request = asked(lin)
    desk = client_as("county_staff", "350421")
    path = f"/desk/requests/{request}"
    answer = send(desk, path, {"transition": "refuse", "answer": "不同意", "version": 1}, page=path)
    assert answer.status_code == 422
    assert "至少10个字" in answer.text


def test_somebody_elses_supporter_is_not_found(lin):
    _, supporter_id = lin
    with inside():
        stranger = people.supporter("individual")
    for verb in (lambda a, s: rights.ask(a, s, kind="erase"), rights.copied):
        with pytest.raises(NotFound):
            do(stranger, verb, supporter_id)


def test_the_same_request_twice_waits_and_can_be_taken_back(lin, county):
    request = asked(lin)
    with pytest.raises(Conflict):
        asked(lin)
    with pytest.raises(NotFound):
        do(county, rights.retract, request)
    do(lin[0], rights.retract, request)
    asked(lin)


def test_a_granted_correction_writes_the_value(lin, county):
    _, supporter_id = lin
    with pytest.raises(Invalid):
        asked(lin, kind="correct", field="phone", words="not a phone")
    with pytest.raises(Invalid):
        asked(lin, kind="correct", field="status", words="approved")
    request = asked(lin, kind="correct", field="phone", words="12042100077")
    do(county, rights.grant, request, answer="已改成您写的号码")
    assert read(Supporter, supporter_id, "phone") == "12042100077"


def test_a_copy_holds_everything_about_oneself_and_nothing_of_staff(lin, client_as):
    actor, supporter_id = lin
    mine = client_as(actor)
    answer = send(mine, f"/me/rights/{supporter_id}/copy", page="/me/rights")
    html, data, _ = unzipped(answer.data)
    id_no, phone = read(Supporter, supporter_id, "id_no", "phone")
    for own in (id_no, phone, "王晓燕", actor.email, "打不通"):
        assert own in html
    clerks = [user for user in rows_of(User) if user.email.startswith("county_staff")]
    assert clerks
    for clerk in clerks:
        assert clerk.name not in html
        assert clerk.email not in html
    told = {part["name"]: part["rows"] for part in data["sections"]}
    assert {row["由谁"] for row in told["events"]} <= {"本人", "工作人员", "系统"}
    assert "退回补充" in str(told["events"])
    [request] = rows_of(RightsRequest)
    assert request.status == "granted"


def test_a_copy_holds_the_papers_handed_in(client_as):
    with inside():
        actor, supporter_id = applicants.applied("enterprise")
    mine = client_as(actor)
    answer = send(mine, f"/me/rights/{supporter_id}/copy", page="/me/rights")
    _, _, names = unzipped(answer.data)
    assert len([name for name in names if name.startswith("papers/")]) == 1


def test_erasing_takes_a_supporter_out_of_every_table(county, app):
    from portal.core.storage import storage

    with inside():
        actor, supporter_id = applicants.applied("enterprise")
    do(county, vetting.start_check, supporter_id)
    do(county, vetting.approve, supporter_id, identity_confirmed=True, documents_confirmed=True)
    name, phone, uscc = read(Supporter, supporter_id, "name", "phone", "uscc")
    keys = [file.key for file in rows_of(StoredFile)]
    request = asked((actor, supporter_id), words="请全部删除")
    do(county, rights.grant, request, answer="已经全部删除，认领记录只留编号")
    assert read(Supporter, supporter_id, "status", "name", "phone", "uscc") == (
        "erased", "已删除", None, None,
    )  # fmt: skip
    assert read(User, actor.user_id, "disabled_at") is not None
    everything = dump(app)
    for gone in (name, phone, uscc, actor.email, "林秀英"):
        assert gone not in everything, gone
    assert rows_of(StoredFile) == []
    with inside():
        for key in keys:
            with pytest.raises(NotFound):
                storage().open(key)
    [member] = rows_of(SupporterMember, SupporterMember.supporter_id == supporter_id)
    assert member.ended_at is not None
    kinds = {(stone.kind, stone.reason) for stone in rows_of(Tombstone)}
    assert {("supporter", "asked"), ("account", "asked"), ("file", "owner")} == kinds
    [told] = rows_of(Message, Message.template == "request_erased")
    assert told.recipient == actor.email
    assert "只留编号" in told.context
    assert read(RightsRequest, request, "answer", "words") == ("已经全部删除，认领记录只留编号", "")


def dump(app):
    """Every value of every table but the letter that tells the person, opened where it is sealed."""
    from portal.models import Base

    found = []
    with inside(), unit_of_work.reading(people.everything()) as session:
        for mapper in Base.registry.mappers:
            for row in session.query(mapper.class_).all():
                if getattr(row, "template", "") == "request_erased":
                    continue
                found += [str(getattr(row, a.key)) for a in mapper.column_attrs]
    return "\n".join(found)


def test_a_promise_on_its_way_is_kept_or_given_back_first(county):
    with inside():
        [hung] = promises.hung()
        supporter = people.supporter("individual")
        own = supporter.supporter_ids[0]
        with unit_of_work.transaction(scope.of(supporter)):
            claims.claim(supporter, own, hung.code)
    request = asked((supporter, own))
    with pytest.raises(WrongState, match="没完成的认领"):
        do(county, rights.grant, request, answer="已经全部删除您的资料")
    assert read(Supporter, own, "status") == "approved"


def guardians_ask(link, **given):
    return as_guardian(guardians.ask, link.token, **given)


def test_a_guardian_asks_to_correct_and_staff_write_it(county):
    link = linked()
    request = guardians_ask(link, kind="correct", field="phone", words="12042109999")
    do(county, rights.grant, request, answer="号码已经改好，请用新号码后四位打开")
    assert read(GuardianLink, link.child.guardian_id, "phone") == "12042109999"


def test_a_child_on_the_register_is_not_erased_but_answered(county):
    link = linked()
    request = guardians_ask(link, kind="erase")
    with pytest.raises(WrongState, match="在册"):
        do(county, rights.grant, request, answer="已经全部删除")
    do(county, rights.refuse, request, answer="孩子仍在册，档案依法须保留，已停止其他使用")
    assert read(ChildFile, link.child.id, "status") == "active"


def test_an_answer_to_a_guardian_says_no_place_of_a_protected_child(county):
    link = linked()
    request = guardians_ask(link, kind="copy", words="孩子现在住在哪里")
    told = "孩子现在住在雪峰镇下坊路12号，在明溪县雪峰镇实验小学读书"
    do(county, protections.protect, link.child.id, reason="监护人施暴，已转移")
    with pytest.raises(Invalid, match="受保护"):
        do(county, rights.refuse, request, answer=told)
    with pytest.raises(Invalid, match="受保护"):
        do(county, rights.grant, request, answer=told)
    do(county, rights.refuse, request, answer="依法不能告诉您孩子现在的住处，可以书面申诉")
    assert read(RightsRequest, request, "status") == "refused"


def test_a_guardian_who_claims_their_own_childs_card_is_met_by_staff_alone(county, client_as):
    from portal.services import commitments

    with inside():
        [hung] = promises.hung()
        supporter = people.supporter("individual")
        own = supporter.supporter_ids[0]
    change(Supporter, own, phone="12000000001")
    with inside(), unit_of_work.transaction(scope.of(supporter)):
        made = claims.claim(supporter, own, hung.code)
    with pytest.raises(NotAllowed, match="监护人"):
        do(county, commitments.approve, made.commitment_id)
    assert (
        "可能是这名儿童的监护人"
        in client_as(county).get(f"/desk/commitments/{made.commitment_id}").text
    )
    page = client_as(supporter).get(f"/me/commitments/{made.commitment_id}").text
    assert "监护人" not in page.split("<main")[1].split("</main>")[0]
