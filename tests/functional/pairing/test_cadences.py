"""Reminders, the pause by itself, excuses, substitutes, the digest: one answer for all of them."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.queries import cadences, substitutions
from portal.services import cadence_care, cadence_digests, cadence_reminders
from portal.services import substitutions as standing_in
from tests.factories import giving, journals, pairings, people
from tests.factories.cadences import contact, mails, night, nights, told
from tests.factories.pairings import do


@pytest.fixture(autouse=True)
def inside(app, clock):
    with app.app_context():
        yield


@pytest.fixture
def county():
    return people.staff("county_staff", "350421")


@pytest.fixture
def supervisor():
    return people.staff("child_supervisor", "350421100")


def kept(pair, actor=None):
    reader = scope.of(actor) if actor else people.everything()
    with unit_of_work.reading(reader):
        return cadences.one(pair.id)


def state(pair):
    return pairings.row(pair.id, "status", "paused_reason")


def test_a4_is_reminded_three_times_and_paused_on_the_first_of_july(clock, county, supervisor):
    """Amber on 1 June, red and paused on 1 July; three reminders a month, the third to staff."""
    clock.move_to(datetime(2026, 5, 1, 9))
    pair = pairings.pairing(started_on=date(2026, 2, 3))
    for day in ((2, 12), (3, 15), (4, 18)):
        contact(pair, date(2026, *day))
    contact(pair, date(2026, 3, 22), "home_visit")
    nights(clock, date(2026, 5, 2), date(2026, 6, 30))
    assert kept(pair).cadence.light == "amber"
    assert state(pair) == ("active", "")
    reminded = [day for day, _ in told("pairing.remind")]
    assert reminded == [date(2026, m, d) for m, d in
                        ((5, 10), (5, 20), (5, 28), (6, 10), (6, 20), (6, 27))]  # fmt: skip
    assert [data["visit"] for _, data in told("pairing.remind")] == [0, 0, 0, 1, 1, 1]
    nights(clock, date(2026, 7, 1), date(2026, 7, 12))
    assert state(pair) == ("paused", "missed")
    assert kept(pair).cadence.light == "red"
    assert [day for day, _ in told("pairing.halt")] == [date(2026, 7, 1)]
    # Nobody reminds of a pairing that rests.
    assert len(told("pairing.remind")) == 6
    in_vain = [to for to, _ in mails("cadence_in_vain")]
    assert sorted(in_vain) == sorted([county.email, supervisor.email] * 2)
    assert kept(pair, pair.mentor).cadence == kept(pair, county).cadence


def test_nobody_is_paused_without_three_reminders(clock):
    """The worker stood still until the 26th: two reminders only, and a third month begins."""
    clock.move_to(datetime(2026, 3, 2, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 2))
    nights(clock, date(2026, 4, 26), date(2026, 5, 1))
    assert [day.day for day, _ in told("pairing.remind")] == [26, 29]
    assert kept(pair).cadence.pauses
    assert state(pair)[0] == "active"
    nights(clock, date(2026, 5, 2), date(2026, 6, 1))
    assert state(pair) == ("paused", "missed")


def test_reminders_are_capped_and_safe_to_run_twice(clock):
    clock.move_to(datetime(2026, 4, 1, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 1))
    fresh = pairings.pairing(started_on=date(2026, 4, 5))
    clock.move_to(datetime(2026, 4, 10, 9))
    assert night(cadence_reminders.remind_due) == 1, "the first week of a pairing is left alone"
    assert night(cadence_reminders.remind_due) == 0
    clock.move_to(datetime(2026, 4, 12, 9))
    assert night(cadence_reminders.remind_due) == 1
    assert [len(mails("cadence_reminder")), len(told("pairing.remind"))] == [2, 2]
    contact(pair, date(2026, 4, 13), "call", status="recorded")
    contact(fresh, date(2026, 4, 13), "talk", status="void")
    clock.move_to(datetime(2026, 4, 20, 9))
    assert night(cadence_reminders.remind_due) == 1, "a call is a talk, a void entry is none"


def test_an_excuse_needs_a_reason_and_frees_one_period(clock, county, supervisor):
    clock.move_to(datetime(2026, 5, 3, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 1))
    april = {"kind": "talk", "period_from": date(2026, 4, 1), "reason_code": "ill"}
    for wrong, error in (
        ({"reason_code": "lazy"}, Invalid),
        ({"reason_code": "other"}, Invalid),
        ({"period_from": date(2026, 6, 1)}, WrongState),
        # March ended more than 31 days ago.
        ({"period_from": date(2026, 3, 1)}, WrongState),
    ):
        with pytest.raises(error):
            do(cadence_care.excuse, supervisor, pair.id, **(april | wrong))
    with pytest.raises(NotAllowed):
        do(cadence_care.excuse, people.staff("child_director"), pair.id, **april)
    with pytest.raises(NotFound):
        do(cadence_care.excuse, people.staff("county_staff", "350424"), pair.id, **april)
    assert kept(pair).cadence.light == "red"
    found = do(cadence_care.excuse, supervisor, pair.id, **april)
    with pytest.raises(Conflict):
        do(cadence_care.excuse, supervisor, pair.id, **april)
    assert [one.state for one in kept(pair).cadence.of("talk")] == ["missed", "excused", "waiting"]
    assert kept(pair).cadence.light == "amber"
    assert [to for to, _ in mails("cadence_excused")] == [pair.mentor.email]
    assert do(cadence_care.withdraw_excuse, county, found) == pair.id
    assert kept(pair).cadence.light == "red"
    assert do(cadence_care.excuse, supervisor, pair.id, **april) != found


def test_a_review_may_be_asked_for_earlier_never_later(clock, supervisor):
    clock.move_to(datetime(2026, 5, 3, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 1))
    ask = {"words": "孩子最近话少了", "on": date(2026, 5, 20)}
    for wrong in ({"words": " "}, {"on": date(2026, 5, 2)}, {"on": date(2026, 9, 2)}):
        with pytest.raises(Invalid):
            do(cadence_care.propose_review, supervisor, pair.id, **(ask | wrong))
    do(cadence_care.propose_review, supervisor, pair.id, **ask)
    assert pairings.row(pair.id, "review_due") == date(2026, 5, 20)
    (fact,) = told("pairing.propose_review")
    assert fact[1] == {"on": "2026-05-20"}, "the words stand in the note, which can be erased"


def test_a_tied_colleague_neither_excuses_nor_asks_for_a_review_nor_names_a_substitute(county):
    """Separation of duties: what eases a mentor's duty is not for who is tied to the mentor."""
    pair = pairings.pairing()
    today = portal_clock.today()
    acts = (
        (cadence_care.propose_review, {"on": today, "words": "想早点看看"}),
        (
            cadence_care.excuse,
            {"kind": "talk", "period_from": today.replace(day=1), "reason_code": "ill"},
        ),
        (
            standing_in.substitute,
            {
                "supporter_id": giving.volunteer("黄玉珍").supporter_ids[0],
                "from_on": today, "until_on": today, "reason_code": "ill",
            },
        ),
    )  # fmt: skip
    journals.tied(county, pair.supporter_id)
    for act, given in acts:
        with pytest.raises(NotAllowed, match="利害关系"):
            do(act, county, pair.id, **given)


def substitution(pair, county, other, **wrong):
    given = {
        "supporter_id": other.supporter_ids[0], "from_on": date(2026, 5, 3),
        "until_on": date(2026, 5, 31), "reason_code": "ill",
    }  # fmt: skip
    return do(standing_in.substitute, county, pair.id, **(given | wrong))


def test_a_substitute_keeps_the_mentors_light(clock, county, supervisor):
    """A substitute needs tier 2, takes no place, counts for the pairing and ends by itself."""
    clock.move_to(datetime(2026, 5, 3, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 1))
    contact(pair, date(2026, 4, 3))
    other, plain = giving.volunteer("黄玉珍"), giving.volunteer("刘小红", tier2=False)
    for who, wrong, error in (
        (county, {"supporter_id": plain.supporter_ids[0]}, Conflict),
        (county, {"supporter_id": pair.supporter_id}, Invalid),
        (county, {"from_on": date(2026, 5, 2)}, Invalid),
        (county, {"until_on": date(2026, 5, 2)}, Invalid),
        (county, {"until_on": date(2026, 8, 3)}, Invalid),
        (county, {"reason_code": "bored"}, Invalid),
        (supervisor, {}, NotAllowed),
    ):
        with pytest.raises(error):
            substitution(pair, who, other, **wrong)
    found = substitution(pair, county, other)
    with pytest.raises(Conflict):
        substitution(pair, county, giving.volunteer("林美玉"), from_on=date(2026, 5, 31))
    with unit_of_work.reading(scope.of(other)):
        stand = substitutions.standing(other, pair.id, date(2026, 5, 31))
        assert stand.id == found
        assert substitutions.standing(other, pair.id, date(2026, 6, 1)) is None
        (own,) = substitutions.own(other)
        assert (own.called, own.pairing_id) == (pairings.CALLED, pair.id)
    contact(pair, date(2026, 5, 9), by=other.supporter_ids[0])
    nights(clock, date(2026, 5, 10), date(2026, 5, 28))
    assert told("substitution.remind") == [] == told("pairing.remind")
    assert kept(pair, pair.mentor).cadence.current("talk").state == "met"
    clock.move_to(datetime(2026, 6, 1, 9))
    with unit_of_work.reading(scope.of(other)):
        assert substitutions.own(other) == ()
    # In June nobody stands in: the mentor is asked again.
    nights(clock, date(2026, 6, 9), date(2026, 6, 10))
    assert [to for to, _ in mails("cadence_reminder")] == [pair.mentor.email]


def test_a_substitute_is_reminded_in_the_mentors_place_and_may_be_called_off(clock, county):
    clock.move_to(datetime(2026, 5, 3, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 1))
    other = giving.volunteer("黄玉珍")
    found = substitution(pair, county, other)
    nights(clock, date(2026, 5, 9), date(2026, 5, 10))
    assert [to for to, _ in mails("cadence_reminder")] == [other.email]
    assert do(standing_in.end_substitution, county, found) == pair.id
    with pytest.raises(Conflict):
        do(standing_in.end_substitution, county, found)
    clock.move_to(datetime(2026, 5, 11, 9))
    with unit_of_work.reading(scope.of(other)):
        assert substitutions.standing(other, pair.id, date(2026, 5, 11)) is None
    later = substitution(pair, county, other, from_on=date(2026, 5, 20))
    do(standing_in.end_substitution, county, later)
    assert substitution(pair, county, other, from_on=date(2026, 5, 20)) != later


def test_a_standing_that_ends_ends_the_substitution(clock, county):
    clock.move_to(datetime(2026, 5, 3, 9))
    pair = pairings.pairing(started_on=date(2026, 3, 1))
    other = giving.volunteer("黄玉珍")
    substitution(pair, county, other)
    with unit_of_work.transaction(people.everything()):
        person = SimpleNamespace(id=other.supporter_ids[0])
        assert standing_in.end_all(person, "offence_expired") == 1
        assert standing_in.end_all(person, "offence_expired") == 0
        db.session.flush()
    assert [data["why"] for _, data in told("substitution.end")] == ["offence_expired"]


def test_the_digest_counts_and_names_nobody(clock):
    """Mondays, only where there is something; the week's first working day after a holiday."""
    clock.move_to(datetime(2026, 4, 1, 9))
    county = people.staff("county_staff", "350421")
    supervisor = people.staff("child_supervisor", "350421100")
    away = people.staff("county_staff", "350424")
    pair = pairings.pairing(started_on=date(2026, 2, 1))
    # Monday 6 April is a holiday (Qingming): the digest goes on Tuesday.
    nights(clock, date(2026, 4, 4), date(2026, 4, 6))
    assert mails("cadence_digest") == []
    clock.move_to(datetime(2026, 4, 7, 8))
    assert night(cadence_digests.send_due) == 2
    assert night(cadence_digests.send_due) == 0
    sent = mails("cadence_digest")
    assert sorted(to for to, _ in sent) == sorted([county.email, supervisor.email])
    assert away.email not in dict(sent)
    for _, context in sent:
        assert '["没有谈心", 1]' in context
        for word in (pair.file_no, pairings.CALLED, "林", "欧阳"):
            assert word not in context
    clock.advance(days=1)
    assert night(cadence_digests.send_due) == 0
