"""Work owed to the background: leased, fenced, safe to run twice, never lost (R6)."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import jobs, queue, scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.actor import SYSTEM
from portal.extensions import db
from portal.jobs import handlers, periodic, runner, worker
from portal.jobs.handlers import Handler
from portal.models.records import Job
from portal.models.units import Unit


@pytest.fixture(autouse=True)
def on(app, clock):
    periodic._seen.clear()
    with app.app_context():
        yield app


@pytest.fixture
def kinds(monkeypatch):
    """Handlers of the test's own, by name."""
    own = {}
    monkeypatch.setattr(runner, "HANDLERS", own)
    return own


def owe(kind="probe", **more):
    with unit_of_work.transaction(scope.NOTHING):
        return jobs.owe(kind, actor=SYSTEM, **more).id


def row(job_id):
    with unit_of_work.reading(scope.NOTHING):
        job = db.session.get(Job, job_id, populate_existing=True)
        return job.status, job.attempts, job.note


def lease(job_id):
    with unit_of_work.transaction(scope.NOTHING):
        return jobs.lease(job_id)


def rename(name):
    """A write that a test can look for."""
    unit = db.session.scalar(select(Unit).where(Unit.code == "350421"))
    unit.name = name


def name():
    with unit_of_work.reading(scope.NOTHING):
        return db.session.scalar(select(Unit.name).where(Unit.code == "350421"))


def test_a_job_and_its_mark_are_one_transaction(kinds):
    kinds["probe"] = Handler(lambda _: rename("改了"))
    job_id = owe()
    assert runner.run(job_id)
    assert (name(), row(job_id)) == ("改了", ("done", 1, ""))
    assert not runner.run(job_id)


def test_a_job_that_fails_keeps_nothing_and_is_tried_again_later(kinds, clock):
    def fail(lease):
        rename("半截")
        db.session.flush()
        raise ValueError("王小明 99942120150601001X")

    kinds["probe"] = Handler(fail)
    job_id = owe()
    assert not runner.run(job_id)
    assert name() != "半截"
    assert row(job_id) == ("queued", 1, "ValueError")
    assert not runner.run(job_id), "it must wait"
    clock.advance(seconds=3)
    kinds["probe"] = Handler(lambda _: rename("成了"))
    assert runner.run(job_id)
    assert name() == "成了"


def test_a_poisonous_job_is_parked_after_eight_tries_and_can_be_given_them_again(kinds, clock):
    def fail(lease):
        raise ValueError

    kinds["probe"] = Handler(fail)
    job_id = owe()
    for _ in range(12):
        runner.run(job_id)
        clock.advance(hours=1)
    assert row(job_id)[:2] == ("parked", 8)
    with unit_of_work.transaction(scope.NOTHING):
        assert jobs.retry_parked() == 1
    assert row(job_id)[0] == "queued"


def test_an_unknown_kind_is_a_failure_of_its_own_not_of_the_worker(kinds):
    job_id = owe("nobody_knows")
    assert not runner.run(job_id)
    assert row(job_id) == ("queued", 1, "KeyError")


def test_two_workers_never_hold_one_job():
    job_id = owe()
    assert lease(job_id) is not None
    assert lease(job_id) is None


def test_a_silent_workers_job_is_taken_over_and_its_writes_are_refused(kinds, clock):
    """A worker is stopped past its lease and comes back: what it did is rolled back (fencing)."""
    job_id = owe()

    first = lease(job_id)
    clock.advance(seconds=61)
    second = lease(job_id)
    assert (first.fence, second.fence) == (1, 2)
    with pytest.raises(jobs.LeaseLost):
        runner._act(Handler(lambda _: rename("旧的那只手")), first)
    assert name() != "旧的那只手"
    with unit_of_work.transaction(scope.NOTHING):
        assert not jobs.progress(job_id, first.fence, 50)
        assert not jobs.still_mine(job_id, first.fence)
        assert jobs.still_mine(job_id, second.fence)
    runner._act(Handler(lambda _: rename("新的那只手")), second)
    assert (name(), row(job_id)[0]) == ("新的那只手", "done")


def test_a_sign_of_life_keeps_a_long_job_in_its_hands(clock):
    job_id = owe()
    mine = lease(job_id)
    runner._running[job_id] = mine.fence
    try:
        for _ in range(5):
            clock.advance(seconds=40)
            runner.show_life()
            assert lease(job_id) is None
    finally:
        runner._running.clear()
    clock.advance(seconds=61)
    assert lease(job_id) is not None


def test_long_work_opens_its_own_transactions_and_reports(kinds, clock):
    def work(mine):
        for done in (30, 60):
            with unit_of_work.transaction(scope.NOTHING):
                assert jobs.progress(mine.id, mine.fence, done, f"{done}%")

    kinds["probe"] = Handler(work, own_transactions=True)
    job_id = owe()
    assert runner.run(job_id)
    assert row(job_id) == ("done", 1, "60%")


class Calls(queue.Queue):
    """A queue that keeps what it was told, or is broken."""

    def __init__(self, error=None):
        super().__init__("sqlite:///nowhere", "secret")
        self.error = error
        self.said = []

    def wake(self, calls):
        if self.error:
            raise self.error
        self.said += calls


def test_a_commit_wakes_the_queue_with_an_id_only(on, monkeypatch):
    calls = Calls()
    monkeypatch.setitem(on.extensions, "queue", calls)
    job_id = owe(secret_looking="no")
    assert calls.said == [f"job:{job_id}"]


def test_a_queue_that_is_away_loses_nothing(on, monkeypatch, kinds):
    monkeypatch.setitem(on.extensions, "queue", Calls(OSError("away")))
    job_id = owe()
    heard = Calls()
    worker.Sweep(heard).once()
    assert f"job:{job_id}" in heard.said


def test_the_sweeper_calls_out_a_dead_workers_job_once_per_lease(clock, monkeypatch):
    monkeypatch.setattr(periodic, "PERIODIC", ())
    job_id = owe()
    lease(job_id)
    heard = Calls()
    sweep = worker.Sweep(heard)
    sweep.once()
    assert heard.said == []
    clock.advance(seconds=61)
    sweep.once()
    sweep.once()
    assert heard.said == [f"job:{job_id}"]


def test_two_workers_tick_once_per_slot(clock):
    assert periodic.tick() == len(periodic.PERIODIC)
    periodic._seen.clear()
    assert periodic.tick() == 0
    clock.advance(minutes=5)
    often = [each for each in periodic.PERIODIC if each.every <= timedelta(minutes=5)]
    assert periodic.tick() == len(often) < len(periodic.PERIODIC)
    with unit_of_work.reading(scope.NOTHING):
        slots = db.session.scalars(select(Job.slot)).all()
    assert len(slots) == len(set(slots))


def test_two_workers_ticking_at_the_same_instant_owe_one_job(on):
    barrier = threading.Barrier(2)
    owed = []

    def tick():
        with on.app_context():
            barrier.wait()
            owed.append(periodic._owe("wall_count", "wall_count@test"))

    hands = [threading.Thread(target=tick) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(owed) == [False, True]


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2026-05-20 08:29", "claims_remind@2026-05-19T08:30"),
        ("2026-05-20 08:30", "claims_remind@2026-05-20T08:30"),
        ("2026-05-20 23:59", "claims_remind@2026-05-20T08:30"),
        ("2026-05-21 00:01", "claims_remind@2026-05-20T08:30"),
    ],
)
def test_a_daily_job_has_one_slot_from_its_hour_to_its_hour(moment, slot):
    at = datetime.fromisoformat(moment).replace(tzinfo=portal_clock.SHANGHAI)
    daily = next(each for each in periodic.PERIODIC if each.kind == "claims_remind")
    assert daily.slot(at) == slot


def test_every_periodic_job_has_a_handler_and_runs_on_an_empty_portal():
    for each in periodic.PERIODIC:
        assert each.kind in handlers.HANDLERS
        job_id = owe(each.kind)
        assert runner.run(job_id), each.kind


def test_a_job_shows_its_progress_to_its_creator_alone(on, client_as, clock):
    clerk, colleague = client_as("county_staff"), client_as("county_staff")
    with unit_of_work.transaction(scope.NOTHING):
        job_id = jobs.owe("probe", actor=clerk.actor).id
    mine = lease(job_id)
    with unit_of_work.transaction(scope.NOTHING):
        jobs.progress(job_id, mine.fence, 40, "已读40行")

    def get(browser, **headers):
        # A context of its own: a signed-in person is remembered in the one around.
        with on.app_context():
            return browser.get(f"/jobs/{job_id}", headers=headers)

    assert get(clerk, Accept="application/json").get_json() == {
        "status": "running", "progress": 40, "note": "已读40行", "over": False,
    }  # fmt: skip
    part = get(clerk, **{"HX-Request": "true"}).get_data(as_text=True)
    assert "已读40行" in part
    assert "hx-get" in part
    assert "<html" not in part
    assert "<html" in get(clerk).get_data(as_text=True)
    assert get(colleague).status_code == 404


def test_old_machinery_is_forgotten_and_fresh_kept(clock, kinds):
    from portal.services import retention

    kinds["probe"] = Handler(lambda _: None)
    old = owe()
    runner.run(old)
    clock.advance(days=31)
    fresh = owe()
    runner.run(fresh)
    with unit_of_work.transaction(unit_of_work.system_scope("a test of retention")):
        assert retention.forget_old()["jobs"] == 1
    with unit_of_work.reading(scope.NOTHING):
        assert db.session.scalars(select(Job.id)).all() == [fresh]
