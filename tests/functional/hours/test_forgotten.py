"""Who asks to be forgotten leaves certificates without a name that still answer (domain.md 6)."""

import pytest
from sqlalchemy import func, select, text

from portal.core import scope, unit_of_work
from portal.core.storage import storage
from portal.domain.certificates import NAME_DELETED, Paper, shown_serial
from portal.domain.errors import NotAllowed, NotFound
from portal.extensions import db
from portal.models.records import StoredFile
from portal.models.service_records import Certificate
from portal.models.supporters import SupporterMember
from portal.queries import certificates as rows
from portal.services import certificate_papers, certificates, erasure
from tests.factories import hours, people
from tests.factories.hours import day, service

FIRST, LAST = day(2, 1), day(4, 30)
PRINTED = b"%PDF-1.7 for this test"


@pytest.fixture(autouse=True)
def on(app, clock):
    with app.app_context():
        yield


@pytest.fixture
def desk():
    return people.staff("county_staff", "350421"), people.staff("county_staff", "350421")


def printed(volunteer, desk, clock):
    """A certificate of 115 minutes with its printed file; return it and the file's key."""
    hours.verified(volunteer, desk[0], service(day(2, 12), 50), service(day(3, 15), 65))
    made = hours.issued(volunteer, *desk, FIRST, LAST, clock)
    with unit_of_work.transaction(people.everything()):
        certificate_papers.keep(made, PRINTED)
        return made, db.session.get(StoredFile, db.session.get(Certificate, made).file_id).key


def erase(supporter_id, reason):
    with unit_of_work.transaction(people.everything()):
        assert erasure.supporter(supporter_id, reason)


def test_on_their_word_the_name_goes_and_the_paper_still_answers(app, desk, clock):
    wang = hours.volunteer()
    made, key = printed(wang, desk, clock)
    waiting = hours.asked(wang, FIRST, LAST)
    serial = hours.row(Certificate, made, "serial")
    erase(wang.supporter_ids[0], erasure.ASKED)
    found = rows.by_serial(serial)
    assert (found.valid, found.nameless, found.name, found.minutes) == (True, True, "", 115)
    assert (found.period_from, found.period_to, found.unit) == (FIRST, LAST, "明溪县民政局")
    left = Paper.from_json(hours.row(Certificate, made, "paper"))
    assert (left.name, left.document, left.lines, left.handler) == ("", "", (), "")
    assert left.serial == serial
    with pytest.raises(NotFound):
        storage().open(key)
    with unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
        assert db.session.scalar(text("SELECT count(*) FROM tombstones WHERE kind = 'file'")) == 1
    with pytest.raises(NotFound), unit_of_work.reading(scope.of(desk[0])):
        rows.paper_of(desk[0], made)
    with pytest.raises(NotAllowed, match="已经删除"), unit_of_work.transaction(scope.of(desk[0])):
        certificates.publicise(desk[0], waiting)
    page = app.test_client().get(f"/verify/{shown_serial(serial)}").text
    assert "这份证明有效" in page
    assert "已按本人要求删除" in page
    assert "王" not in page.split("<main")[1].split("</main>")[0]
    with unit_of_work.reading(scope.of(desk[0])):
        shown = rows.dossier(desk[0], made).row
    assert (shown.person, shown.is_gone, shown.has_file) == (NAME_DELETED, True, False)
    with unit_of_work.transaction(scope.of(desk[1])):
        certificates.revoke(desk[1], made, reason="核实有误，收回")
    assert not rows.by_serial(serial).valid


def test_when_only_the_period_is_over_the_certificate_keeps_its_own(desk, clock):
    """A supporter's papers go after three years, certificates after ten (domain/retention.py)."""
    wang = hours.volunteer()
    made, key = printed(wang, desk, clock)
    erase(wang.supporter_ids[0], "period")
    found = rows.by_serial(hours.row(Certificate, made, "serial"))
    assert (found.name, found.nameless, found.minutes) == ("王**", False, 115)
    assert storage().open(key) == PRINTED


def test_a_members_certificate_is_the_members(desk, clock):
    """An organisation that goes takes along the names of those alone who go with it."""
    stays, goes = (hours.volunteer(name, "charity") for name in ("明溪县慈善会", "松涛公益基金会"))
    kept, _ = printed(stays, desk, clock)
    gone, _ = printed(goes, desk, clock)
    other = people.supporter("enterprise").supporter_ids[0]
    with unit_of_work.transaction(people.everything()):
        db.session.add(SupporterMember(supporter_id=other, user_id=stays.user_id))
    for each in (stays, goes):
        erase(each.supporter_ids[0], erasure.ASKED)
    paper = Paper.from_json(hours.row(Certificate, kept, "paper"))
    assert paper.name.startswith("测试")
    assert Paper.from_json(hours.row(Certificate, gone, "paper")).nameless
    with unit_of_work.transaction(people.everything()):
        assert erasure.account(stays.user_id, erasure.ASKED)
    assert Paper.from_json(hours.row(Certificate, kept, "paper")).nameless
