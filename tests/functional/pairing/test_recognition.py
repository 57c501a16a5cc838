"""The child's words stay with staff, a sentence may cross; stars, years, and the year on paper."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.recognition import years_on
from portal.extensions import db
from portal.jobs import runner
from portal.models.children import ChildFile
from portal.models.contact_logs import ContactLog
from portal.models.pairings import Pairing
from portal.models.records import Job, Message
from portal.models.service_records import ServiceRecord
from portal.models.voices import ChildVoice, PairingThanks
from portal.queries import portfolios as years
from portal.queries import recognition as rows
from portal.services import anniversaries, portfolios, recognition
from tests.factories import pairings as make
from tests.factories import people
from tests.factories.applicants import send

THANKS = "谢谢您陪我画画，我想把画送给您。"


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield


def director_of(pairing):
    return people.staff("child_director", pairing.unit_path.strip("/").rsplit("/", 1)[-1])


def supervisor():
    return people.staff("child_supervisor", "350421100")


def heard(pairing, director, words=THANKS, **more):
    given = {"moment": "middle", "words": words, "face": "happy", **more}
    return make.do(recognition.hear, director, pairing.id, **given)


def test_the_childs_words_stay_with_staff_and_one_sentence_crosses_by_a_second_person(on):
    pairing, reader = make.pairing(), supervisor()
    director = director_of(pairing)
    voice = heard(pairing, director)
    with unit_of_work.reading(scope.of(pairing.mentor)):
        assert db.session.scalar(select(ChildVoice.id)) is None
    (seen,) = make.do(rows.desk, reader, pairing.id).voices
    assert (seen.words, seen.face, seen.own) == (THANKS, "happy", False)
    with pytest.raises(NotAllowed, match="权限"):
        make.do(recognition.pass_on, director, voice, sentence=THANKS)
    both = people.also(director, "child_supervisor", "350421100")
    with pytest.raises(NotAllowed, match="两人把关"):
        make.do(recognition.pass_on, both, voice, sentence=THANKS)
    with unit_of_work.reading(people.everything()):
        name = db.session.get(ChildFile, pairing.child.id).name
    for telling in (f"{name}谢谢您", "我在岭头希望小学等您", "打我电话12012345678"):
        with pytest.raises(Invalid, match="认出孩子"):
            make.do(recognition.pass_on, reader, voice, sentence=telling)
    make.do(recognition.pass_on, reader, voice, sentence="谢谢您陪我画画")
    praise = make.do(rows.of_mentor, pairing.mentor, pairing.id)
    assert [one.words for one in praise.thanks] == ["谢谢您陪我画画"]
    with pytest.raises(Invalid, match="还没有保存"):
        heard(pairing, director, words="", face="")
    with pytest.raises(Invalid, match="还没有保存"):
        heard(pairing, director, on=portal_clock.today() + timedelta(days=1))
    for other in (make.mentor("林小芳"), reader):
        with pytest.raises(NotFound):
            make.do(rows.of_mentor, other, pairing.id)


def test_one_star_a_month_with_words_that_name_no_child(on, clock):
    pairing, giver = make.pairing(), supervisor()
    star = {"reason_code": "steady", "words": "下雨天也准时来"}
    make.do(recognition.give_star, giver, pairing.id, **star)
    with pytest.raises(Conflict, match="这个月已经"):
        make.do(recognition.give_star, giver, pairing.id, **star)
    with pytest.raises(Invalid, match="理由"):
        make.do(recognition.give_star, giver, pairing.id, reason_code="rich")
    clock.advance(days=20)
    with unit_of_work.reading(people.everything()):
        name = db.session.get(ChildFile, pairing.child.id).name
    with pytest.raises(Invalid, match="认出孩子"):
        make.do(recognition.give_star, giver, pairing.id, **{**star, "words": f"陪{name}过生日"})
    make.do(recognition.give_star, giver, pairing.id, **star)
    with pytest.raises(NotAllowed, match="权限"):
        make.do(recognition.give_star, director_of(pairing), pairing.id, **star)
    praise = make.do(rows.of_mentor, pairing.mentor, pairing.id)
    assert [one.month for one in praise.stars] == [date(2026, 6, 1), date(2026, 5, 1)]
    with unit_of_work.reading(scope.of(giver)):
        assert rows.star_counts([pairing.supporter_id]) == {pairing.supporter_id: 2}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("started", "day", "years"),
    [
        (date(2025, 5, 20), date(2026, 5, 20), 1),
        (date(2025, 5, 20), date(2026, 5, 19), 0),
        (date(2026, 5, 20), date(2026, 5, 20), 0),
        (date(2023, 5, 20), date(2026, 5, 20), 3),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2024, 2, 29), date(2028, 2, 28), 0),
    ],
)
def test_the_day_a_pairing_turns_a_year_older(started, day, years):
    assert years_on(started, day) == years


def test_the_mentor_is_told_of_the_year_once_and_of_no_birthday(on, clock):
    full = make.pairing(started_on=date(2025, 5, 20))
    make.pairing(started_on=date(2025, 5, 21), actor=make.mentor("林小芳"))
    make.pairing(started_on=date(2024, 5, 20), actor=make.mentor("周立"), status="paused")
    with unit_of_work.transaction(people.everything()):
        assert anniversaries.tell_due() == 1
    with unit_of_work.transaction(people.everything()):
        assert anniversaries.tell_due() == 0
    with unit_of_work.reading(people.everything()):
        (mail,) = db.session.scalars(
            select(Message).where(Message.template == "pairing_anniversary")
        )
        assert mail.user_id == full.mentor.user_id
        assert full.file_no not in str(mail.context)
    assert make.do(rows.of_mentor, full.mentor, full.id).years_today == 1


#: Put into every field of a year that a portfolio could be tempted to print.
CANARY = "金丝雀"


def lived(pairing):
    """Put a year of contacts: three verified in spring, one not verified, one of last year."""
    days = (date(2026, 2, 12), date(2026, 3, 22), date(2026, 3, 15), date(2026, 4, 18),
            date(2025, 12, 1))  # fmt: skip
    kinds = ("talk", "home_visit", "call", "talk", "talk")
    with unit_of_work.transaction(people.everything()):
        for at, (day, kind) in enumerate(zip(days, kinds, strict=True)):
            log = ContactLog(
                id=uuid.uuid4(), pairing_id=pairing.id, supporter_id=pairing.supporter_id,
                user_id=pairing.mentor.user_id, client_id=uuid.uuid4(), kind=kind,
                happened_on=day, minutes=50, unit_path=pairing.unit_path,
                status="recorded" if at == 3 else "verified",
                status_since=datetime.combine(day, time(12), tzinfo=UTC), did=f"{CANARY}做了",
                child_state=f"{CANARY}好", next_step=CANARY, accompanied_by=CANARY,
            )  # fmt: skip
            db.session.add(log)
            if at in (0, 1):
                db.session.add(
                    ServiceRecord(
                        supporter_id=pairing.supporter_id, user_id=pairing.mentor.user_id,
                        status="verified", kind=kind, title=CANARY, place=CANARY, served_on=day,
                        minutes=75, subject_type="contact_log", subject_id=log.id,
                        unit_path="/35/3504/350421/",
                    )
                )  # fmt: skip
        row = db.session.get(Pairing, pairing.id)
        row.called, row.meeting_place, row.words, row.child_words = [CANARY] * 4
        child = db.session.get(ChildFile, pairing.child.id)
        child.school, child.nickname = f"{CANARY}小学", CANARY


def test_the_year_on_paper_tells_of_the_mentor_and_of_no_child(on):
    pairing = make.pairing(started_on=date(2025, 2, 3), actor=make.mentor("王㛃䶮𠮷"))
    lived(pairing)
    reader, director = supervisor(), director_of(pairing)
    make.do(recognition.give_star, reader, pairing.id, reason_code="listening", words="雨天也来")
    voice = heard(pairing, director, words=f"{CANARY}最喜欢画画")
    make.do(recognition.pass_on, reader, voice, sentence="谢谢您陪我画画")
    with pytest.raises(Invalid, match="已核实"):
        make.do(portfolios.ask, pairing.mentor, pairing.supporter_id, year=2021)
    with pytest.raises(NotFound):
        make.do(portfolios.ask, make.mentor("林小芳"), pairing.supporter_id, year=2026)
    make.do(portfolios.ask, pairing.mentor, pairing.supporter_id, year=2026)
    with unit_of_work.reading(people.everything()):
        job = db.session.scalar(select(Job.id).where(Job.kind == "portfolio_print"))
    assert runner.run(job)
    data = make.do(years.file_of, pairing.mentor, pairing.supporter_id, 2026)
    document = pypdfium2.PdfDocument(data)
    said = re.sub(r"\s", "", "".join(p.get_textpage().get_text_range() for p in document))
    for words in ("2026年，您点亮的日子", "王㛃䶮𠮷", "3次陪伴", "2.50小时", "1颗星", "见面谈心1次",
                  "入户看望1次", "电话1次", "耐心倾听：雨天也来", "谢谢您陪我画画"):  # fmt: skip
        assert words in said, words
    with unit_of_work.reading(people.everything()):
        child = db.session.get(ChildFile, pairing.child.id)
        secret = [CANARY, child.name, child.id_no, pairing.file_no, str(pairing.child.id),
                  str(pairing.id), child.birth_date.isoformat()]  # fmt: skip
        village = pairing.unit_path.strip("/").rsplit("/", 1)[-1]
        sent = db.session.execute(select(Message.template, Message.user_id)).all()
    meta = str(document.get_metadata_dict())
    for one in filter(None, (*secret, village)):
        assert one not in said
        assert one not in meta
        assert one.encode() not in data
    assert ("portfolio_ready", pairing.mentor.user_id) in {tuple(row) for row in sent}


def test_the_pages_of_praise_and_the_year(app, clock, client_as):
    with app.app_context():
        pairing = make.pairing(started_on=date(2025, 5, 20))
        lived(pairing)
        director, reader = director_of(pairing), supervisor()
    village, town, own = client_as(director), client_as(reader), client_as(pairing.mentor)
    there = f"/desk/pairings/{pairing.id}"
    given = {"moment": "middle", "words": THANKS, "face": "happy", "on": "2026-05-20"}
    assert send(village, f"{there}/voices", given, f"{there}/praise").status_code == 303
    page = town.get(f"{there}/praise").text
    assert THANKS in page
    voice = re.search(r"/voices/([0-9a-f-]{36})/thanks", page)[1]
    thanks = f"{there}/voices/{voice}/thanks"
    refused = send(town, thanks, {"sentence": "打我电话12012345678"}, f"{there}/praise")
    assert refused.status_code == 422
    assert "有会认出孩子的内容" in refused.text
    assert send(town, thanks, {"sentence": "谢谢您"}, f"{there}/praise").status_code == 303
    star = {"reason_code": "progress", "words": "画得越来越好"}
    assert send(town, f"{there}/stars", star, f"{there}/praise").status_code == 303
    assert send(town, f"{there}/voices", given, "/desk/leave").status_code in (403, 404)
    mine = own.get(f"/me/pairings/{pairing.id}/thanks").text
    for words in ("谢谢您", "孩子有了进步", "画得越来越好", "结对满1年"):
        assert words in mine
    assert THANKS not in mine
    year = own.get("/me/pairings/portfolio/2026").text
    assert "印成 PDF" in year
    assert CANARY not in year
    assert send(own, "/me/pairings/portfolio/2026").status_code == 303
    assert "PDF 正在生成" in own.get("/me/pairings/portfolio/2026").text
    assert CANARY not in own.get("/me/pairings/portfolio/2026/print").text
    assert own.get("/me/pairings/portfolio/2030").status_code == 404
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(PairingThanks.words)) == "谢谢您"
