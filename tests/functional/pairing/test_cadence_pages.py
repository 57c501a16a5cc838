"""The board and the cadence page: who sees what, what waits first, one click to each remedy."""

from datetime import date, datetime

from sqlalchemy import event

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.sight import AccessRow
from portal.queries import delegations as reading
from portal.services import cadence_care, delegations
from tests.factories import giving, pairings, people
from tests.factories.applicants import send
from tests.factories.cadences import contact
from tests.factories.pairings import do

BOARD, LIST = "/desk/pairings/board", "/desk/pairings"


def make(app, work, /, *args, **given):
    """Do a piece of work beside the requests, which each need a context of their own."""
    with app.app_context():
        return work(*args, **given)


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def statements(app, browser, path):
    """Open a page twice and return how many statements the second opening needed."""
    browser.get(path)
    seen = []

    def note(*_):
        seen.append(1)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_board_shows_what_waits_first_and_says_each_rule(app, clock, client_as):
    clock.move_to(datetime(2026, 5, 12, 9))
    calm = make(app, pairings.pairing, started_on=date(2026, 5, 1))
    make(
        app,
        contact,
        calm,
        date(2026, 5, 5),
        "home_visit",
        status="recorded",
        told_on=date(2026, 5, 6),
    )
    few = statements(app, client_as("county_staff", "350421"), BOARD)
    listed = statements(app, client_as("county_staff", "350421"), LIST)
    silent = make(app, pairings.pairing, started_on=date(2026, 2, 1))
    resting = make(app, pairings.pairing, status="paused", started_on=date(2026, 4, 20))
    waiting = make(app, pairings.pairing, status="matched", started_on=date(2026, 5, 20))
    ending = make(
        app,
        pairings.pairing,
        started_on=date(2026, 5, 1),
        actor=make(app, giving.volunteer, tier2=False),
    )
    make(app, giving.cleared, ending.mentor, date(2026, 6, 1))
    make(app, contact, ending, date(2026, 5, 2))
    page = text(client_as("county_staff", "350421").get(BOARD))
    order = [page.index(pair.file_no) for pair in (silent, resting, calm)]
    assert order == sorted(order)
    assert page.index("其余") > page.index(ending.file_no)
    for words in (
        "上一个要求的月份没有谈心",
        "45天没有任何联系",
        "日志超过5天没有核实",
        "2026年4月谈心：未完成",
    ):
        assert words in page
    for name, pair in (("missed", silent), ("never", silent), ("paused", resting),
                       ("unverified", calm), ("check", ending)):  # fmt: skip
        found = text(client_as("county_staff", "350421").get(f"{BOARD}?mark={name}"))
        assert pair.file_no in found and waiting.file_no not in found, name
    assert silent.file_no not in text(
        client_as("county_staff", "350421").get(f"{BOARD}?light=green")
    )
    # No child, no number.
    city = text(client_as("city_staff").get(BOARD))
    for word in (silent.child.name, pairings.CALLED, "12042100077"):
        assert word not in city
    assert client_as("county_staff", "350424").get(BOARD).get_data(as_text=True).count("JD-") == 0
    assert client_as("individual").get(BOARD).status_code in (403, 404)
    # As many statements for seven pairings as for one.
    make(app, pairings.pairing, started_on=date(2026, 2, 1))
    make(app, pairings.pairing, started_on=date(2026, 2, 1))
    assert statements(app, client_as("county_staff", "350421"), BOARD) == few
    assert statements(app, client_as("county_staff", "350421"), LIST) == listed


def test_from_the_board_to_a_call_an_excuse_a_substitute_and_a_review(app, clock, client_as):
    clock.move_to(datetime(2026, 5, 12, 9))
    pair = make(app, pairings.pairing, started_on=date(2026, 2, 1))
    other = make(app, giving.volunteer, "黄玉珍")
    own = f"/desk/pairings/{pair.id}"
    page = f"{own}/cadence"
    county = client_as("county_staff", "350421")
    assert "12042100077" not in text(county.get(page))
    people.prove(county, "supporter.reveal", pair.id)
    assert send(county, f"{own}/call", page=page).status_code == 303
    assert 'href="tel:12042100077"' in text(county.get(page))
    assert 'href="tel:12042100077"' in text(county.get(BOARD))
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.query(AccessRow).filter_by(subject_id=pair.supporter_id).count() == 1
    excused = {"period": "talk~2026-04-01", "reason_code": "other", "words": ""}
    refused = send(county, f"{own}/excuse", excused, page=page)
    assert refused.status_code == 422 and "请写明原因" in refused.get_data(as_text=True)
    excused |= {"reason_code": "weather", "words": "塌方"}
    assert send(county, f"{own}/excuse", excused, page=page).status_code == 303
    found = text(county.get(page))
    assert "天气或道路不通" in found and "塌方" in found
    assert "塌方" not in text(client_as("city_staff").get(page))
    stands = {
        "supporter_id": str(other.supporter_ids[0]), "from_on": "2026-05-12",
        "until_on": "2026-05-31", "reason_code": "ill",
    }  # fmt: skip
    assert send(county, f"{own}/substitute", stands, page=page).status_code == 303
    assert send(county, f"{own}/substitute", stands, page=page).status_code == 409
    assert "黄玉珍" in text(county.get(BOARD))
    supervisor = client_as("child_supervisor", "350421100")
    asks = {"on": "2026-05-20", "words": "孩子最近话少"}
    assert send(supervisor, f"{own}/review", asks, page=page).status_code == 303
    assert make(app, pairings.row, pair.id, "review_due") == date(2026, 5, 20)
    assert send(supervisor, f"{own}/substitute", stands, page=page).status_code == 403
    assert send(supervisor, f"{own}/call", page=page).status_code == 403
    director = client_as("child_director")
    found = text(director.get(page))
    assert "免除这一次" not in found and "欧阳**" in found and "12042100077" not in found
    assert send(director, f"{own}/excuse", excused, page=page).status_code == 403
    assert client_as("county_staff", "350424").get(page).status_code == 404


def test_the_mentor_reads_the_same_answer(app, clock, client_as):
    clock.move_to(datetime(2026, 6, 12, 9))
    pair = make(app, pairings.pairing, started_on=date(2026, 2, 1))
    make(app, contact, pair, date(2026, 4, 12))
    make(app, contact, pair, date(2026, 6, 2), "call", status="recorded")
    found = text(client_as(pair.mentor).get(f"/me/pairings/{pair.id}"))
    assert "2026年6月谈心" in found and "已完成，等儿童主任核实" in found
    assert "2026年第2季度入户" in found and "请在6月30日前完成" in found


def test_an_empty_board_says_what_will_stand_there(client_as):
    found = text(client_as("county_staff", "350424").get(BOARD))
    assert "还没有结对" in found


def test_whoever_stands_in_for_a_colleague_reads_their_board(app, clock, client_as):
    """A lent role opens the colleague's rows and no others."""
    clock.move_to(datetime(2026, 5, 12, 9))
    pair = make(app, pairings.pairing, started_on=date(2026, 2, 1))
    elsewhere = make(app, people.staff, "child_supervisor", "350421101")
    away = make(app, people.staff, "child_supervisor", "350421100")
    browser = client_as(elsewhere)
    assert pair.file_no not in text(browser.get(BOARD))
    make(app, lend, away, elsewhere)
    assert pair.file_no in text(browser.get(BOARD))
    make(
        app,
        do,
        cadence_care.propose_review,
        elsewhere,
        pair.id,
        on=date(2026, 5, 20),
        words="代管期间的提请",
    )


def lend(holder, delegate):
    with unit_of_work.reading(people.everything()):
        (own,) = reading.own_roles(holder.user_id)
    do(delegations.hand_over, holder, own.grant_id, delegate_id=delegate.user_id,
       valid_from=date(2026, 5, 12), valid_to=date(2026, 5, 20))  # fmt: skip
