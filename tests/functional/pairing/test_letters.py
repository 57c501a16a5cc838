"""Letters: nothing crosses unread, nothing crosses directly, nothing that leads around the staff."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.documents import uploads
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.contact_logs import ContactLog
from portal.models.letters import Letter
from portal.models.records import Message, StoredFile
from portal.queries import letters as rows
from portal.services import erasure, files, letters, pairings, ties
from tests.factories import pairings as make
from tests.factories import people
from tests.factories.applicants import hidden, send

HELLO = "你好呀！这周下了三天雨，我把阳台的辣椒搬进了屋。你的数学怎么样了？"
REPLY = "谢谢您的信。奶奶的腿好多了，我数学考了八十六分。"


@pytest.fixture
def on(app, clock):
    with app.app_context():
        yield


def staff():
    return people.staff("child_supervisor", "350421100"), people.staff("county_staff", "350421")


def director_of(pairing):
    return people.staff("child_director", pairing.unit_path.strip("/").rsplit("/", 1)[-1])


def row(letter, *names):
    with unit_of_work.reading(people.everything()):
        found = db.session.get(Letter, letter)
        values = tuple(getattr(found, name) for name in names)
    return values if len(names) > 1 else values[0]


def written(pairing, text=HELLO):
    return make.do(letters.write, pairing.mentor, pairing.id, text=text)


def taken(pairing, text=REPLY, by=None, **more):
    given = {"text": text, "written_on": portal_clock.today(), **more}
    return make.do(letters.take_down, by or director_of(pairing), pairing.id, **given)


def test_a_letter_to_the_child_goes_through_three_hands_and_stands_in_the_journal(on):
    pairing, (supervisor, clerk) = make.pairing(), staff()
    director = director_of(pairing)
    letter = written(pairing)
    assert row(letter, "status", "direction") == ("written", "to_child")
    with pytest.raises(NotAllowed, match="权限"):
        make.do(letters.approve, director, letter)
    make.do(letters.approve, supervisor, letter)
    with pytest.raises(NotAllowed, match="权限"):
        make.do(letters.hand_over, clerk, letter, handed_over_on=portal_clock.today())
    tomorrow, yesterday = (portal_clock.today() + timedelta(days=n) for n in (1, -1))
    for wrong in (tomorrow, yesterday):
        with pytest.raises(Invalid, match="转交日期"):
            make.do(letters.hand_over, director, letter, handed_over_on=wrong)
    make.do(letters.hand_over, director, letter, handed_over_on=portal_clock.today())
    state, log = row(letter, "status", "log_id")
    assert state == "handed_over"
    with unit_of_work.reading(people.everything()):
        entry = db.session.get(ContactLog, log)
        assert (entry.kind, entry.status, entry.happened_on) == (
            "letter", "verified", portal_clock.today(),
        )  # fmt: skip
        told = {
            (one.template, one.user_id)
            for one in db.session.execute(select(Message.template, Message.user_id))
        }
    assert ("letter_to_read", supervisor.user_id) in told
    assert ("letter_to_hand_over", director.user_id) in told
    assert ("letter_handed_over", pairing.mentor.user_id) in told


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("打我电话12012345678", "contact"),
        ("加我微信 light2026", "contact"),
        ("QQ：123456789", "contact"),
        ("我住在沿河路12号3单元", "place"),
        ("你是城关第一中学初一3班的吧", "school"),
        ("我叫欧阳晓燕", "name"),
        ("周六来我家玩", "meeting"),
        ("到公园门口等我", "meeting"),
        ("放学我去接你", "meeting"),
        ("我开车来接你", "meeting"),
        ("这是我们的小秘密，别告诉老师", "secret"),
        ("我给你汇了500块钱生活费", "money"),
        ("身份证999421201506010014", "number"),
    ],
)
@pytest.mark.sqlite
def test_what_leads_around_the_staff_is_asked_to_be_written_anew(text, matter):
    from portal.domain.letters import TO_CHILD, read

    assert matter in {one.matter for one in read(f"你好。{text}。", TO_CHILD)}


@pytest.mark.parametrize(
    "text",
    [HELLO, REPLY, "上次在电话里聊得真开心", "下次见面我带书给你", "周末我们去公园看了花",
     "要听老师的话，有事告诉大人", "我收到压岁钱了，买了新书包", "我家的猫生了三只小猫"],
)  # fmt: skip
@pytest.mark.sqlite
def test_ordinary_life_may_be_told(text):
    from portal.domain.letters import TO_MENTOR, read

    assert read(text, TO_MENTOR) == ()


def test_a_screened_letter_comes_back_to_its_writer_and_asks_nobody_to_read(on):
    pairing, (supervisor, _) = make.pairing(), staff()
    letter = written(pairing, "我的电话是12012345678，周六来我家玩吧。")
    assert row(letter, "status") == "screened_out"
    _, own = make.do(rows.own, pairing.mentor, pairing.id, letter)
    assert [one.matter for one in own.found] == ["contact", "meeting"]
    with unit_of_work.reading(people.everything()):
        sent = select(Message.id).where(Message.user_id == supervisor.user_id)
        assert db.session.scalar(sent) is None
    make.do(letters.rewrite, pairing.mentor, letter, text=HELLO)
    assert row(letter, "status") == "written"
    make.do(letters.send_back, supervisor, letter, reason="请再多问问孩子的学习")
    assert row(letter, "status", "remark") == ("returned", "请再多问问孩子的学习")
    make.do(letters.withdraw, pairing.mentor, letter)
    assert row(letter, "status") == "withdrawn"


def test_a_childs_letter_is_behind_the_wall_until_another_person_has_read_it(on):
    pairing, (supervisor, _) = make.pairing(), staff()
    director = director_of(pairing)
    letter = taken(pairing, by=director)

    def seen():
        with unit_of_work.reading(scope.of(pairing.mentor)):
            return db.session.scalars(select(Letter.id)).all()

    assert seen() == []
    assert make.do(rows.exchange, pairing.mentor, pairing.id).letters == ()
    both = people.also(director, "child_supervisor", "350421100")
    with pytest.raises(NotAllowed, match="两人把关"):
        make.do(letters.approve, both, letter)
    make.do(letters.approve, supervisor, letter)
    assert row(letter, "status", "supporter_id") == ("handed_over", pairing.supporter_id)
    assert seen() == [letter]
    (read,) = make.do(rows.exchange, pairing.mentor, pairing.id).letters
    assert (read.text, read.direction, read.may_rewrite) == (REPLY, "to_mentor", False)


def test_what_is_on_file_of_the_child_never_crosses(on):
    """The linter reads the file that the writers' own pages do not: name, school, home."""
    pairing, (supervisor, _) = make.pairing(), staff()
    with unit_of_work.transaction(people.everything()):
        child = db.session.get(ChildFile, pairing.child.id)
        child.school = "岭头希望小学"
        name = child.name
    for words in (f"{name}给您写信", "我们岭头的桃花开了，从岭头过来"):
        letter = taken(pairing, words)
        if row(letter, "status") == "screened_out":
            continue
        with pytest.raises(Invalid, match="不能转交"):
            make.do(letters.approve, supervisor, letter)
        assert row(letter, "status", "supporter_id") == ("written", None)
    called = taken(pairing, f"{make.CALLED}给您写信，谢谢您。")
    make.do(letters.approve, supervisor, called)
    assert row(called, "status") == "handed_over"


def test_a_scan_is_painted_anew_typed_by_staff_and_shown_only_when_they_say_so(on):
    pairing, (supervisor, _) = make.pairing(), staff()
    director = director_of(pairing)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "LINTOU"
    Image.new("RGB", (40, 30), "white").save(out, "JPEG", exif=exif)
    clean = uploads.clean(out.getvalue(), "scan")
    assert b"LINTOU" not in clean.data

    def scanned():
        draft = make.do(
            lambda who: files.keep_draft(who, data=clean.data, mime=clean.mime), director
        )
        return taken(pairing, "", scan=draft)

    letter = scanned()
    with pytest.raises(Invalid, match="录进来"):
        make.do(letters.approve, supervisor, letter)
    make.do(letters.approve, supervisor, letter, text=REPLY)
    assert row(letter, "text", "with_picture") == (REPLY, False)
    with pytest.raises(NotFound):
        make.do(rows.picture, pairing.mentor, letter)
    shown = scanned()
    make.do(letters.approve, supervisor, shown, text=REPLY, with_picture=True)
    assert make.do(rows.picture, pairing.mentor, shown) == clean.data
    draft = make.do(
        lambda who: files.keep_draft(who, data=b"%PDF-", mime="application/pdf"), director
    )
    with pytest.raises(Invalid, match="请上传图片"):
        taken(pairing, "", scan=draft)


def test_letters_stop_with_a_sentence_when_the_pairing_rests_and_for_good_when_it_ends(on):
    pairing, (supervisor, clerk) = make.pairing(), staff()
    first, second = written(pairing), taken(pairing)
    make.do(pairings.pause, clerk, pairing.id, reason_code="other", reason="搬家")
    with pytest.raises(Conflict, match="书信也先停下"):
        written(pairing)
    with pytest.raises(Conflict, match="书信也先停下"):
        taken(pairing)
    with pytest.raises(Conflict, match="书信也先停下"):
        make.do(letters.approve, supervisor, second)
    make.do(pairings.close, clerk, pairing.id, reason_code="goal_met", reason="目标达成")
    assert [row(one, "status") for one in (first, second)] == ["stopped", "stopped"]
    with pytest.raises(Conflict, match="不再往来"):
        written(pairing)


def test_nobody_elses_pairing_and_no_tied_colleague(on):
    pairing, (_, clerk) = make.pairing(), staff()
    letter = written(pairing)
    stranger = make.mentor("林小芳")
    make.do(ties.declare, clerk, pairing.supporter_id, kind="relative", words="我的表妹")
    with pytest.raises(NotAllowed, match="利害关系"):
        make.do(letters.approve, clerk, letter)
    with pytest.raises(NotFound):
        make.do(letters.write, stranger, pairing.id, text=HELLO)
    for other in (stranger, clerk):
        with pytest.raises(NotFound):
            make.do(rows.exchange, other, pairing.id)
    with pytest.raises(NotFound):
        make.do(letters.approve, people.staff("county_staff", "350429"), letter)
    with pytest.raises(Invalid, match="1 到 2000"):
        written(pairing, "  ")
    with pytest.raises(Invalid, match="今天"):
        taken(pairing, written_on=date(2030, 1, 1))
    with pytest.raises(NotFound):
        make.do(letters.withdraw, stranger, letter)


def test_the_pages_of_both_sides(app, clock, client_as):
    with app.app_context():
        pairing = make.pairing()
        supervisor, _ = staff()
        director = director_of(pairing)
    own, desk, village = client_as(pairing.mentor), client_as(supervisor), client_as(director)
    mine, theirs = f"/me/pairings/{pairing.id}/letters", f"/desk/pairings/{pairing.id}/letters"
    sent = send(own, mine, {"text": "加我微信 light2026，周末来我家玩"})
    assert sent.status_code == 303
    letter = sent.headers["Location"].rsplit("/", 1)[1]
    page = own.get(f"{mine}/{letter}").text
    assert "<mark>微信</mark>" in page
    assert "联系一律通过工作人员" in page
    again = {"transition": "rewrite", "text": HELLO, "version": hidden(page, "version")}
    assert send(own, f"{mine}/{letter}", again).status_code == 303
    assert "待审读" in own.get(mine).text
    assert letter in desk.get("/desk/letters").text
    there = f"/desk/letters/{letter}"
    assert send(desk, there, {"transition": "approve"}).status_code == 303
    assert HELLO in village.get(f"{there}/print").text
    given = {"transition": "hand_over", "handed_over_on": portal_clock.today().isoformat()}
    assert send(village, there, given).status_code == 303
    assert "已转交" in own.get(mine).text
    taking = {"written_on": portal_clock.today().isoformat(), "text": REPLY}
    assert send(village, theirs, taking).status_code == 303
    assert "孩子的来信" in desk.get(theirs).text
    assert send(village, theirs, {**taking, "text": ""}).status_code == 422
    picture = io.BytesIO()
    Image.new("RGB", (4, 3), "white").save(picture, "PNG")
    picture.seek(0)
    scanned = {**taking, "text": "", "scan": (picture, "letter.png")}
    assert send(village, theirs, scanned).status_code == 303
    queue = desk.get("/desk/letters").text
    waiting = sorted(set(re.findall(r"/desk/letters/([0-9a-f-]{36})", queue)))
    pages = [desk.get(f"/desk/letters/{one}").text for one in waiting]
    assert sum("请把信上的字录进来" in page for page in pages) == 1
    assert REPLY not in own.get(mine).text


def test_an_erased_child_takes_the_words_and_the_pictures_along(on):
    pairing, (supervisor, _) = make.pairing(), staff()
    director = director_of(pairing)
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "white").save(out, "JPEG")
    draft = make.do(
        lambda who: files.keep_draft(who, data=out.getvalue(), mime="image/jpeg"), director
    )
    letter = taken(pairing, REPLY, scan=draft)
    make.do(letters.approve, supervisor, letter, with_picture=True)
    with unit_of_work.transaction(people.everything()):
        db.session.get(ChildFile, pairing.child.id).status = "aged_out"
    with unit_of_work.transaction(people.everything()):
        assert erasure.child(pairing.child.id)
    assert row(letter, "text", "scan_id", "with_picture") == ("", None, False)
    with unit_of_work.reading(people.everything()):
        assert db.session.get(StoredFile, draft) is None
