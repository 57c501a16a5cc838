"""Contact cards: one valid at a time, nothing of the child, void for the stranger who scans."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from sqlalchemy import select

from portal.core import unit_of_work
from portal.documents import certificate
from portal.documents import contact_card as document
from portal.domain.certificates import new_serial
from portal.domain.contact_cards import CardPaper, duties
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.extensions import db
from portal.jobs import runner
from portal.models.children import ChildFile
from portal.models.contact_cards import ContactCard
from portal.models.records import Job
from portal.models.supporters import Supporter
from portal.queries import contact_cards as rows
from portal.services import contact_cards, pairings
from tests.factories import pairings as make
from tests.factories import people

ID_NO, PHONE, ADDRESS = "999421199001011234", "12012345678", "三明市梅列区测试路 88 号"


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield


def helper(name="王㛃䶮𠮷"):
    """Make a mentor with everything on file that a card must not carry."""
    actor = make.mentor(name)
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Supporter, actor.supporter_ids[0])
        row.name, row.phone, row.address, row.id_no = name, PHONE, ADDRESS, ID_NO
    return actor


def issued(pairing, clerk):
    return make.do(contact_cards.issue, clerk, pairing.id)


def cards(pairing):
    with unit_of_work.reading(people.everything()):
        found = db.session.scalars(
            select(ContactCard)
            .where(ContactCard.pairing_id == pairing.id)
            .order_by(ContactCard.created_at)
        )
        return [(one.serial, one.status, one.void_reason) for one in found]


def printed(card):
    with unit_of_work.reading(people.everything()):
        jobs = db.session.scalars(select(Job).where(Job.kind == "card_print"))
        (job,) = [one.id for one in jobs if one.args["card"] == str(card)]
    assert runner.run(job)


def said(data):
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    return [re.sub(r"\s", "", page) for page in pages]


def test_the_card_says_who_helps_and_nothing_that_finds_anybody(on):
    actor, clerk = helper(), people.staff("county_staff", "350421")
    pairing = make.pairing(actor=actor, helper="mother", started_on=date(2026, 2, 3))
    card = issued(pairing, clerk)
    printed(card)
    data, serial = make.do(lambda who, each: rows.file_of(rows.held(who, each)), actor, pairing.id)
    (page,) = said(data)
    for words in ("帮扶联系卡", "王㛃䶮𠮷", "爱心妈妈", f"电话{PHONE}", "每月至少谈心一次",
                  "每季度至少入户看望一次", "明溪县民政局", f"/verify/{serial}", "110"):  # fmt: skip
        assert words in page, words
    with unit_of_work.reading(people.everything()):
        child = db.session.get(ChildFile, pairing.child.id)
        secrets = (ID_NO, ADDRESS, ADDRESS[6:9], child.name, child.id_no, child.school,
                   child.home_address, make.CALLED, make.PLACE, pairing.file_no)  # fmt: skip
        told = [one for one in secrets if one and re.sub(r"\s", "", one) in page]
    assert told == []
    meta = str(pypdfium2.PdfDocument(data).get_metadata_dict())
    assert "王" not in meta
    width, height = pypdfium2.PdfDocument(data)[0].get_size()
    assert (round(width), round(height)) == (298, 420)


@pytest.mark.sqlite
def test_every_duty_fits_on_one_side_of_a6(on):
    """The longest name, every duty and a long office still make one page."""
    paper = CardPaper(
        serial=new_serial(), name="阿卜杜热合曼·买买提吐尔逊江", phone=PHONE,
        helper="professional", duties=("weekly", *duties("monthly_quarterly")),
        unit="三明市三元区民政局儿童福利和未成年人保护中心", contact="欧阳建国 12087654321",
        started_on=None, issued_on=date(2026, 5, 20),
    )  # fmt: skip
    (page,) = said(document.pdf(paper))
    for words in ("阿卜杜热合曼·买买提吐尔逊江", "欧阳建国12087654321", paper.serial):
        assert words in page


def test_a_new_card_voids_the_old_one_and_a_stranger_reads_it(on, client):
    clerk, actor = people.staff("county_staff", "350421"), helper()
    pairing = make.pairing(actor=actor)
    card = issued(pairing, clerk)
    assert issued(pairing, clerk) == card
    with pytest.raises(Invalid, match="换发原因"):
        make.do(contact_cards.reissue, clerk, pairing.id, reason_code="closed")
    make.do(contact_cards.reissue, clerk, pairing.id, reason_code="lost")
    (old, was, why), (new, now, _) = cards(pairing)
    assert (was, why, now) == ("void", "lost", "valid")
    assert old != new
    assert (rows.by_serial(old).valid, rows.by_serial(new).valid) == (False, True)
    void, valid = (client.get(f"/verify/{one}").text for one in (old, new))
    assert "已作废" in void
    assert "有效" in valid
    for page in (void, valid):
        assert "明溪县民政局" in page
        assert "王㛃" not in page
        assert PHONE not in page
    assert "没有这个编号" in client.get(f"/verify/{new_serial()}").text


def test_a_card_rests_and_ends_with_its_pairing(on):
    clerk = people.staff("county_staff", "350421")
    pairing = make.pairing(actor=helper())
    issued(pairing, clerk)
    make.do(pairings.pause, clerk, pairing.id, reason_code="other", reason="搬家")
    assert [(one[1], one[2]) for one in cards(pairing)] == [("void", "paused")]
    with pytest.raises(Conflict, match="结对开始"):
        issued(pairing, clerk)
    make.do(pairings.resume, clerk, pairing.id, reason="搬好了")
    assert [one[1] for one in cards(pairing)] == ["void", "valid"]
    make.do(pairings.close, clerk, pairing.id, reason_code="goal_met", reason="目标达成")
    assert [one[2] for one in cards(pairing)] == ["paused", "closed"]


def test_a_corrected_number_brings_a_new_card_by_itself(on):
    clerk, actor = people.staff("county_staff", "350421"), helper()
    pairing = make.pairing(actor=actor)
    issued(pairing, clerk)
    assert make.do(rows.desk, clerk, pairing.id).is_stale is False
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(Supporter, actor.supporter_ids[0])
        row.phone = "12099990000"
        assert contact_cards.renew_of(row) == 1
        assert contact_cards.renew_of(row) == 0
    assert [(one[1], one[2]) for one in cards(pairing)] == [("void", "changed"), ("valid", "")]
    assert make.do(rows.held, actor, pairing.id).card.paper.phone == "12099990000"


def test_only_the_county_issues_and_only_its_helper_holds(on):
    pairing = make.pairing(actor=helper())
    clerk, other = people.staff("county_staff", "350421"), people.staff("county_staff", "350429")
    with pytest.raises(NotFound):
        issued(pairing, other)
    issued(pairing, clerk)
    for stranger in (make.mentor("林小芳"), other, clerk):
        with pytest.raises(NotFound):
            make.do(rows.held, stranger, pairing.id)
    assert [one.card.paper.name for one in make.do(rows.register, clerk, "350421")] == ["王㛃䶮𠮷"]
    assert make.do(rows.register, other) == ()


def test_a_machine_without_type_leaves_the_page_to_print(app, clock, client_as, monkeypatch):
    monkeypatch.setattr(certificate, "fault", lambda: certificate.NO_LIBRARY)
    with app.app_context():
        actor, clerk = helper(), people.staff("county_staff", "350421")
        pairing = make.pairing(actor=actor)
        printed(issued(pairing, clerk))
    own = client_as(actor)
    page = own.get(f"/me/pairings/{pairing.id}/card").text
    assert "请用浏览器打印" in page
    sheet = own.get(f"/me/pairings/{pairing.id}/card/print").text
    assert "王㛃䶮𠮷" in sheet
    assert "data:image/svg" in sheet
    assert ID_NO not in page + sheet
    assert own.get(f"/me/pairings/{pairing.id}/card.pdf").status_code == 404
    desk = client_as(clerk)
    assert "换发新卡" in desk.get(f"/desk/pairings/{pairing.id}/card").text
    assert "王㛃䶮𠮷" in desk.get("/desk/cards/print").text


@pytest.mark.sqlite
def test_what_a_card_says_is_read_back_as_it_was_sealed():
    paper = CardPaper(
        "S" * 20, "王", "1", "mother", ("talk",), "局", "", date(2026, 2, 3), date(2026, 2, 4)
    )
    assert CardPaper.from_json(paper.to_json()) == paper
    assert paper.says_the_same_as(replace(paper, serial="T" * 20, issued_on=date(2026, 3, 1)))
    assert not paper.says_the_same_as(replace(paper, phone="2"))
    assert duties("monthly_quarterly") == ("talk", "visit", "fixed", "report")
    assert duties("weekly") == ("weekly", "fixed", "report")
