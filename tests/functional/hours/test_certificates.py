"""Certificates: verified records only, two people, seven days, void with what they are built on."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.certificates import Paper
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.jobs import runner
from portal.models.records import Job, Message
from portal.models.service_records import Certificate
from portal.models.supporters import SupporterMember
from portal.queries import actors
from portal.queries import certificates as rows
from portal.services import (
    certificate_objections,
    certificate_papers,
    certificates,
    record_corrections,
    service_records,
)
from tests.factories import hours, people
from tests.factories.hours import day, service

FIRST, LAST = day(2, 1), day(4, 30)


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield


@pytest.fixture
def desk():
    return people.staff("county_staff", "350421"), people.staff("county_staff", "350421")


@contextmanager
def as_(actor):
    with unit_of_work.transaction(scope.of(actor)):
        yield


def served(wang, clerk):
    """Story A4: talks 12 Feb, 15 Mar, 18 Apr and a home visit 22 Mar."""
    return hours.verified(
        wang,
        clerk,
        service(day(2, 12), 50),
        service(day(3, 15), 65),
        service(day(3, 22), 95, kind="home_visit", place=""),
        service(day(4, 18), 45),
    )


def checked(certificate):
    return rows.by_serial(hours.row(Certificate, certificate, "serial"))


def test_february_to_april_is_four_services_and_the_minutes_over_sixty(desk, clock):
    wang = hours.volunteer()
    served(wang, desk[0])
    hours.verified(wang, desk[0], service(day(1, 31)), service(day(5, 1)))
    hours.told(wang, service(day(4, 20), 600))
    certificate = hours.issued(wang, *desk, FIRST, LAST, clock)
    paper = Paper.from_json(hours.row(Certificate, certificate, "paper"))
    assert [line.served_on for line in paper.lines] == [
        day(2, 12), day(3, 15), day(3, 22), day(4, 18),
    ]  # fmt: skip
    assert paper.minutes == 255
    assert paper.document == f"居民身份证 9994**********{hours.ID_NUMBER[-4:]}"
    assert (paper.name, paper.unit, paper.contact) == ("王晓燕", "明溪县民政局", "0598-2860000")
    assert hours.ID_NUMBER not in hours.row(Certificate, certificate, "paper")


def test_nothing_verified_makes_no_certificate(desk):
    wang = hours.volunteer()
    hours.told(wang, service(day(2, 12)))
    with pytest.raises(Invalid, match="没有已核实"):
        hours.asked(wang, FIRST, LAST)
    for first, last in ((LAST, FIRST), (FIRST, portal_clock.today() + timedelta(days=1))):
        with pytest.raises(Invalid, match="结束日期"):
            hours.asked(wang, first, last)


def test_each_county_certifies_what_it_recorded(desk):
    wang = hours.volunteer()
    hours.verified(wang, desk[0], service(day(2, 12)))
    other = people.staff("county_staff", "350429")
    there = hours.told(wang, service(day(2, 13)), organiser="350429")
    with as_(other):
        service_records.verify(other, there)
    certificate = hours.asked(wang, FIRST, LAST)
    assert hours.row(Certificate, certificate, "record_count", "unit_path") == (1, people.MINGXI)
    with pytest.raises(NotFound), as_(other):
        certificates.publicise(other, certificate)


def test_whoever_makes_it_known_does_not_issue_it(desk, clock):
    wang, (first, second) = hours.volunteer(), desk
    served(wang, first)
    certificate = hours.asked(wang, FIRST, LAST)
    both = people.also(wang, "county_staff", "350421")
    with pytest.raises(NotAllowed, match="两人把关"), as_(both):
        certificates.publicise(both, certificate)
    with as_(first):
        certificates.publicise(first, certificate)
    clock.advance(days=8)
    for wrong in (first, both):
        with pytest.raises(NotAllowed, match="两人把关"), as_(wrong):
            certificates.issue(wrong, certificate)
    with as_(second):
        certificates.issue(second, certificate)
    assert hours.status(certificate) == "issued"


def test_publicity_lasts_seven_whole_days(desk, clock):
    wang, (first, second) = hours.volunteer(), desk
    served(wang, first)
    certificate = hours.asked(wang, FIRST, LAST)
    with as_(first):
        certificates.publicise(first, certificate)
    assert hours.row(Certificate, certificate, "publicity_until") == day(5, 27)
    clock.move_to(portal_clock.now().replace(day=27, hour=15, minute=59))
    with pytest.raises(NotAllowed, match="2026年5月27日"), as_(second):
        certificates.issue(second, certificate)
    clock.move_to(portal_clock.now() + timedelta(minutes=1))
    with as_(second):
        certificates.issue(second, certificate)


def test_an_open_objection_holds_it_and_the_objector_does_not_answer(desk, clock):
    wang, (first, second) = hours.volunteer(), desk
    served(wang, first)
    certificate = hours.asked(wang, FIRST, LAST)
    point = people.staff("handover_staff", "350421")
    with pytest.raises(Conflict, match="公示期"), as_(point):
        certificate_objections.raise_one(point, certificate, words="早了")
    with as_(first):
        certificates.publicise(first, certificate)
    with pytest.raises(Invalid, match="内容"), as_(point):
        certificate_objections.raise_one(point, certificate, words=" ")
    with as_(point):
        one = certificate_objections.raise_one(point, certificate, words="那天他不在")
    with as_(second):
        own = certificate_objections.raise_one(second, certificate, words="时长偏多")
    clock.advance(days=8)
    with pytest.raises(NotAllowed, match="2条异议"), as_(second):
        certificates.issue(second, certificate)
    with pytest.raises(NotFound), as_(point):
        certificate_objections.answer(point, one, words="我看错了")
    with pytest.raises(NotAllowed, match="另一位同事"), as_(second):
        certificate_objections.answer(second, own, words="没有偏多")
    with as_(first):
        certificate_objections.answer(first, one, words="有签到表")
        certificate_objections.answer(first, own, words="有照片时间")
    with pytest.raises(Conflict, match="已经有同事"), as_(first):
        certificate_objections.answer(first, one, words="再说一次")
    with as_(second):
        certificates.issue(second, certificate)
    assert hours.status(certificate) == "issued"


@pytest.mark.parametrize("change", ["void", "reopen", "correction"])
@pytest.mark.parametrize("stage", ["requested", "publicised", "issued"])
def test_a_changed_record_takes_its_certificates_with_it(desk, clock, change, stage):
    wang, (first, second) = hours.volunteer(), desk
    record = served(wang, first)[2]
    beside = hours.asked(wang, day(2, 1), day(2, 28))
    certificate = hours.asked(wang, FIRST, LAST)
    if stage != "requested":
        with as_(first):
            certificates.publicise(first, certificate)
    clock.advance(days=8)
    if stage == "issued":
        with as_(second):
            certificates.issue(second, certificate)
        assert checked(certificate).valid
    if change == "correction":
        with as_(wang):
            asked = record_corrections.ask(wang, record, words="那次是一个小时")
        with as_(first):
            record_corrections.answer(first, asked, granted=True, words="同意更正")
    else:
        with as_(first):
            getattr(service_records, change)(first, record, reason="核对签到表后发现不符")
    assert hours.row(Certificate, certificate, "status", "ended_on") == (
        "void", portal_clock.today(),
    )  # fmt: skip
    assert "服务记录" in hours.row(Certificate, certificate, "remark")
    assert hours.status(beside) == "requested"
    if stage == "issued":
        assert checked(certificate) == rows.Checked(False, portal_clock.today())
        with unit_of_work.reading(scope.of(wang)), pytest.raises(NotFound):
            rows.paper_of(wang, certificate)


def test_a_revoked_one_is_void_with_a_reason_the_volunteer_reads(desk, clock):
    wang = hours.volunteer()
    served(wang, desk[0])
    certificate = hours.issued(wang, *desk, FIRST, LAST, clock)
    with pytest.raises(Invalid, match="原因"), as_(desk[0]):
        certificates.revoke(desk[0], certificate, reason="")
    with as_(desk[0]):
        certificates.revoke(desk[0], certificate, reason="姓名写错，重新出具")
    with unit_of_work.reading(scope.of(wang)):
        row, _ = rows.own(wang, certificate)
    assert (row.status, row.remark) == ("void", "姓名写错，重新出具")
    with pytest.raises(WrongState), as_(desk[0]):
        certificates.revoke(desk[0], certificate, reason="再来一次")


def test_a_stranger_learns_what_the_paper_says_masked_and_nothing_of_a_void_one(desk, clock):
    wang = hours.volunteer()
    served(wang, desk[0])
    certificate = hours.issued(wang, *desk, FIRST, LAST, clock)
    assert checked(certificate) == rows.Checked(
        valid=True, name="王**", minutes=255, period_from=FIRST, period_to=LAST,
        unit="明溪县民政局", issued_on=portal_clock.today(),
    )  # fmt: skip
    assert rows.by_serial("0" * 20) is None


def test_the_worker_prints_it_once(desk, clock):
    wang = hours.volunteer()
    served(wang, desk[0])
    certificate = hours.issued(wang, *desk, FIRST, LAST, clock)
    with unit_of_work.reading(people.everything()):
        job = db.session.scalar(select(Job.id).where(Job.kind == "certificate_print"))
    assert runner.run(job)
    with unit_of_work.reading(scope.of(wang)):
        data, serial = rows.file_of(wang, certificate)
    assert data.startswith(b"%PDF-")
    assert serial == hours.row(Certificate, certificate, "serial")
    kept = hours.row(Certificate, certificate, "file_id")
    with unit_of_work.transaction(people.everything()):
        certificate_papers.keep(certificate, b"%PDF- again")
    assert hours.row(Certificate, certificate, "file_id") == kept


def test_a_machine_without_type_leaves_a_word_for_the_page(desk, clock, monkeypatch):
    from portal.documents import certificate as document

    wang = hours.volunteer()
    served(wang, desk[0])
    certificate = hours.issued(wang, *desk, FIRST, LAST, clock)
    monkeypatch.setattr(document, "fault", lambda: document.NO_FONT)
    with unit_of_work.reading(people.everything()):
        job = db.session.scalar(select(Job.id).where(Job.kind == "certificate_print"))
    assert runner.run(job)
    assert hours.row(Certificate, certificate, "status", "paper_fault") == ("issued", "no_font")
    with unit_of_work.reading(scope.of(wang)):
        assert rows.paper_of(wang, certificate).minutes == 255
    monkeypatch.undo()
    with unit_of_work.transaction(people.everything()):
        assert certificate_papers.owe_missing() == 1
        assert certificate_papers.owe_missing() == 0
    with unit_of_work.reading(people.everything()):
        again = db.session.scalars(select(Job.id).where(Job.kind == "certificate_print")).all()
    (fresh,) = set(again) - {job}
    assert runner.run(fresh)
    assert hours.row(Certificate, certificate, "file_id")


def test_the_member_of_an_organisation_has_one_without_an_id_number(desk, clock):
    member = hours.volunteer("明溪县慈善会", "charity")
    served(member, desk[0])
    certificate = hours.issued(member, *desk, FIRST, LAST, clock)
    paper = Paper.from_json(hours.row(Certificate, certificate, "paper"))
    assert paper.name.startswith("测试")
    assert (paper.document, paper.organisation) == ("", "明溪县慈善会（91999404MADEM0A019）")


def test_a_colleagues_hours_are_nobody_elses(desk):
    """Two people serve for one organisation: each certificate holds one's own."""
    charity, wang = hours.volunteer("明溪县慈善会", "charity"), hours.volunteer()
    with unit_of_work.transaction(people.everything()):
        firm = charity.supporter_ids[0]
        db.session.add(SupporterMember(supporter_id=firm, user_id=wang.user_id))
    both = actors.by_user(wang.user_id)
    hours.verified(charity, desk[0], service(day(3, 15), 65))
    own = {"period_from": FIRST, "period_to": LAST}
    with pytest.raises(Invalid, match="没有已核实"), as_(both):
        certificates.request(both, firm, **own)
    with as_(both):
        told = service_records.enter(both, firm, service(day(3, 16), 30))
    with as_(desk[0]):
        service_records.verify(desk[0], told)
    with as_(both):
        mine = certificates.request(both, firm, **own)
    assert hours.row(Certificate, mine, "minutes", "record_count") == (30, 1)


def test_who_must_know_is_told(desk, clock):
    wang = hours.volunteer()
    served(wang, desk[0])
    certificate = hours.issued(wang, *desk, FIRST, LAST, clock)
    with as_(desk[0]):
        certificates.revoke(desk[0], certificate, reason="姓名写错")
    with unit_of_work.reading(people.everything()):
        sent = db.session.execute(select(Message.template, Message.user_id)).all()
    told = {(row.template, row.user_id) for row in sent}
    assert {("certificate_to_check", clerk.user_id) for clerk in desk} <= told
    assert {("certificate_issued", wang.user_id), ("certificate_void", wang.user_id)} <= told
