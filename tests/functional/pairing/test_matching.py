"""The county's matching: what it reads, what a run keeps, what is proposed, what the pages tell."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from portal.core import scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.fact_words import KNOWN
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.matching import MatchRule, MatchRun
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.pool import PoolProfile
from portal.models.records import Job, Message
from portal.models.standings import Clearance
from portal.models.supporters import Supporter, Tie
from portal.models.units import Unit
from portal.queries import match_candidates, matches
from portal.services import match_rules, retention_rows
from portal.services import matches as verbs
from tests.factories import applicants, giving, people
from tests.factories import needs as make

MINGXI, SANMING = people.MINGXI, people.SANMING


@pytest.fixture
def town(app, clock):
    """A county with two clerks, and people and needs as a test puts them."""
    with app.app_context():
        yield Town()


class Town:
    def __init__(self):
        self.clerk = people.staff("county_staff", "350421")
        self.other = people.staff("county_staff", "350421")

    def person(self, name="欧阳晓燕", *, county="350421", tier2=True, fills=True, **offer):
        actor = giving.volunteer(name, county=county, tier2=tier2)
        if fills:
            giving.fills(actor, **offer)
        return actor

    def need(self, age=10, **more):
        values = {"kind": "study", "waiting_since": portal_clock.today() - timedelta(days=20)}
        need_id = make.need(make.child(age), **{**values, **more})
        with unit_of_work.reading(people.everything()):
            return SimpleNamespace(id=need_id, file_no=db.session.get(PairingNeed, need_id).file_no)

    def do(self, actor, act, *args, **given):
        with unit_of_work.transaction(scope.of(actor)):
            return act(actor, *args, **given)

    def run(self, actor=None):
        return self.do(actor or self.clerk, verbs.run, MINGXI)

    def found(self, run_id):
        with unit_of_work.reading(scope.of(self.clerk)):
            return matches.run(run_id)

    def field(self, user_id=None):
        with unit_of_work.reading(scope.of(self.clerk)):
            return match_candidates.of_county(MINGXI, SANMING, user_id)


def change(model, row_id, **values):
    with unit_of_work.transaction(people.everything()):
        row = db.session.get(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_what_a_person_is_like_comes_from_the_records(town):
    person = town.person()
    own = person.supporter_ids[0]
    change(
        Supporter, own, is_teacher=True, id_no="999421198503020" + "14" + "2",
    )  # fmt: skip
    make.offer(person, kinds=("sport",))
    (seen,) = town.field().people
    assert (seen.id, seen.county, seen.counties) == (own, "350421", {"350421"})
    assert (seen.skills, seen.languages, seen.days) == (
        {"music", "tutoring"}, {"mandarin", "hakka"}, {"weekend"},
    )  # fmt: skip
    assert (seen.sex, seen.helpers) == ("female", {"citizen", "mother", "teacher"})
    assert (seen.capacity, seen.carried, seen.free, seen.bar) == (2, 0, 2, "")
    assert (seen.offers, seen.kinds) == (True, {"sport"})
    assert seen.stands_until == portal_clock.today() + timedelta(days=100)
    giving.paired(person, make.child(9).id, status="paused")
    (seen,) = town.field().people
    assert (seen.carried, seen.free) == (1, 1)


def test_each_bar_comes_from_its_record(town):
    bars = {}
    for name in ("goods", "standing", "standing_over", "standing_held", "ties", "profile", "offer"):
        actor = town.person(tier2=name != "standing", fills=name != "profile")
        bars[actor.supporter_ids[0]] = name
    by = {name: own for own, name in bars.items()}
    change(Supporter, by["goods"], status="suspended")
    with unit_of_work.transaction(people.everything()):

        def clearance(own):
            return db.session.scalar(select(Clearance).where(Clearance.supporter_id == own))

        clearance(by["standing_over"]).valid_to = portal_clock.today() - timedelta(days=1)
        clearance(by["standing_held"]).status = "withdrawn"
        db.session.add(
            Tie(supporter_id=by["ties"], tenant_path=SANMING, side="applicant", kind="relative")
        )
        profile = db.session.scalar(
            select(PoolProfile).where(PoolProfile.supporter_id == by["offer"])
        )
        profile.until = portal_clock.today() - timedelta(days=1)
    tied = town.person()
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            Tie(
                supporter_id=tied.supporter_ids[0], tenant_path=SANMING, side="staff",
                kind="relative", created_by=town.clerk.user_id,
            )
        )  # fmt: skip
    seen = {one.id: one.bar for one in town.field(town.clerk.user_id).people}
    assert {bars[own]: bar for own, bar in seen.items() if own in bars} == {
        "goods": "goods", "standing": "standing", "standing_over": "standing_over",
        "standing_held": "standing_held", "ties": "ties", "profile": "profile",
        "offer": "offer_over",
    }  # fmt: skip
    # A tie bars only whoever declared it: a colleague may go on.
    assert seen[tied.supporter_ids[0]] == "own_tie"
    other = {one.id: one.bar for one in town.field(town.other.user_id).people}
    assert other[tied.supporter_ids[0]] == ""


def test_what_stands_around_a_need_comes_from_the_records(town):
    need, sister = town.need(rhythm="weekends"), town.need(9)
    fresh, known, refused, sibling, kin, asked, avoided = (town.person() for _ in range(7))
    fell_away = town.person()
    with unit_of_work.transaction(people.everything()):
        child = db.session.get(PairingNeed, need.id).child
        child.care_level = "key"
        other = db.session.get(PairingNeed, sister.id).child
        for one in (child, other):
            db.session.add(
                GuardianLink(
                    child_id=one.id, unit_path=one.unit_path, name="林建国", relation="爷爷",
                    id_hmac="g" * 64, phone="12042 100123",
                )
            )  # fmt: skip
        child_id, other_id = child.id, other.id
        db.session.get(Supporter, kin.supporter_ids[0]).phone = "120-4210-0123"
        db.session.add(
            MatchRule(
                need_id=need.id, supporter_id=avoided.supporter_ids[0], rule="avoid",
                reason="同村", unit_path=child.unit_path, tenant_path=SANMING,
            )
        )  # fmt: skip
    ended = (
        (known, "goal_met", ""), (refused, "safeguarding", "不合适"), (fell_away, "declined", ""),
    )  # fmt: skip
    for actor, reason, words in ended:
        giving.paired(actor, child_id, status="closed")
        with unit_of_work.transaction(people.everything()):
            row = db.session.scalar(
                select(Pairing).where(Pairing.supporter_id == actor.supporter_ids[0])
            )
            row.end_reason, row.words = reason, words
            if reason == "declined":
                row.started_on = None
    giving.paired(sibling, other_id)
    make.application(need.id, asked)
    make.application(need.id, fresh, status="declined")
    seen = {one.id: one for one in town.field().needs}
    assert set(seen) == {need.id, sister.id}
    mine = seen[need.id]

    def ids(*actors):
        return {actor.supporter_ids[0] for actor in actors}

    assert (mine.known, mine.refused) == (ids(known), ids(refused))
    assert (mine.with_sibling, mine.kin) == (ids(sibling), ids(kin))
    assert (mine.applicants, mine.applications, mine.avoided) == (ids(asked), 2, ids(avoided))
    assert (mine.days, mine.care_level, mine.waiting_days) == ({"weekend"}, "key", 20)
    assert mine.family and mine.family == seen[sister.id].family
    assert seen[sister.id].paired == ids(sibling)


def test_only_needs_that_wait_are_matched(town):
    waiting = [town.need(status=status) for status in ("approved", "held", "published")]
    for status in ("draft", "submitted", "matched", "closed", "withdrawn"):
        town.need(status=status)
    gone = town.need()
    with unit_of_work.transaction(people.everything()):
        db.session.get(PairingNeed, gone.id).child.status = "moved_out"
    proposed = town.need()
    person = town.person()
    giving.paired(person, make.child(8).id, status="proposed")
    with unit_of_work.transaction(people.everything()):
        db.session.scalar(select(Pairing)).need_id = proposed.id
    assert {one.id for one in town.field().needs} == {one.id for one in waiting}


def test_the_number_of_statements_does_not_grow(town):
    def count():
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        town.field(town.clerk.user_id)
        event.remove(db.engine, "before_cursor_execute", listen)
        return len([one for one in seen if one.startswith(("SELECT", "\nSELECT"))])

    town.need(), town.person()
    few = count()
    for _ in range(4):
        town.need(), town.person()
    assert count() == few


def test_a_run_serves_more_children_than_the_best_pair_first(town):
    """The only one for the second child is the best for the first: greedy takes her away."""
    first = town.need(language="mandarin")
    second = town.need(9, language="hakka")
    both = town.person("林秀英", capacity=1)
    town.person("陈志明", capacity=1, languages=("mandarin",), skills=())
    make.application(first.id, both)
    run = town.found(town.run())
    assert (run.needs, run.people, run.candidates) == (2, 2, 3)
    assert (run.best.children, run.greedy.children) == (2, 1)
    assert {one.need_id for one in run.outcome.proposals} == {first.id, second.id}
    by_need = {one.need_id: one for one in run.outcome.proposals}
    assert by_need[second.id].person_id == both.supporter_ids[0]
    # Ids and sentences are sealed; the table holds no name in clear.
    with unit_of_work.reading(people.everything()):
        raw = db.session.execute(MatchRun.__table__.select()).one()
    assert "林秀英" not in str(raw) and str(first.id) not in str(raw)


def test_proposing_needs_a_second_person_and_says_what_was_taken(town):
    needs = [town.need(age) for age in (8, 9, 10)]
    people_ = [town.person(f"王{word}", capacity=1) for word in ("晓", "晴", "明")]
    make.application(needs[0].id, people_[0])
    run_id = town.run()
    made, refused = town.do(town.clerk, verbs.propose, run_id, [one.id for one in needs[:2]])
    assert len(made) == 2 and refused == []
    chosen = {one.need_id: one.person_id for one in town.found(run_id).outcome.proposals}
    asked = chosen[needs[0].id] == people_[0].supporter_ids[0]
    with unit_of_work.reading(people.everything()):
        rows = {row.need_id: row for row in db.session.scalars(select(Pairing))}
        assert {row.status for row in rows.values()} == {"proposed"}
        assert {row.proposed_by for row in rows.values()} == {town.clerk.user_id}
        assert all(row.supporter_id == chosen[need] for need, row in rows.items())
        assert asked and rows[needs[0].id].origin == "application"
        assert rows[needs[1].id].origin == "engine"
        said = rows[needs[1].id].reasons
        assert "能提供“课业辅导”，正是所需要的（+30分）" in said
        assert "现在陪伴 0 名，最多可陪伴 1 名（+10分）" in said
    # The same once more: refused with a sentence, the third still goes through.
    made, refused = town.do(town.other, verbs.propose, run_id, [needs[0].id, needs[2].id])
    assert len(made) == 1 and [one for one, _ in refused] == [needs[0].id]
    with pytest.raises(NotFound):
        town.do(town.clerk, verbs.propose, run_id, [town.need().id])
    assert [one.id for one in town.field().needs] != []


def test_keeping_and_avoiding_change_the_next_run_and_say_what(town):
    first, second = town.need(10), town.need(9)
    skilled = town.person("林秀英", capacity=1)
    plain = town.person("陈志明", capacity=1, skills=())
    make.application(first.id, skilled)
    skilled, plain = skilled.supporter_ids[0], plain.supporter_ids[0]
    with pytest.raises(Invalid):
        town.do(town.clerk, match_rules.decide, first.id, plain, rule="keep", reason=" ")
    with pytest.raises(Invalid):
        town.do(town.clerk, match_rules.decide, first.id, plain, rule="maybe", reason="x")
    kept = town.do(town.clerk, match_rules.decide, first.id, plain, rule="keep", reason="同小区")
    with pytest.raises(Conflict):
        town.do(town.other, match_rules.decide, first.id, plain, rule="keep", reason="同小区")
    run = town.found(town.run())
    pairs = {one.need_id: one.person_id for one in run.outcome.proposals}
    assert pairs == {first.id: plain, second.id: skilled}
    assert {(one.need_id, one.before, one.after) for one in run.moved} == {
        (first.id, skilled, plain), (second.id, plain, skilled),
    }  # fmt: skip
    assert (run.free_needs, run.best.needs) == (2, 2)
    assert run.free_score - run.best.score == 35
    # Keeping another for the same need ends the first; avoiding somebody leaves it standing.
    town.do(town.clerk, match_rules.decide, first.id, skilled, rule="keep", reason="报了名")
    with pytest.raises(Conflict):
        town.do(town.clerk, match_rules.lift, kept)
    avoid = town.do(town.clerk, match_rules.decide, second.id, plain, rule="avoid", reason="同事")
    run = town.found(town.run())
    assert [one.need_id for one in run.outcome.left] == [second.id]
    assert (run.free_needs, run.best.needs) == (2, 1)
    town.do(town.other, match_rules.lift, avoid)
    assert town.found(town.run()).best.needs == 2
    kinds = [name for name, _ in KNOWN if name.startswith("match_r")]
    assert kinds == [
        "match_rule.avoid", "match_rule.keep", "match_rule.lift", "match_run.begin",
        "match_run.finish",
    ]  # fmt: skip


def test_nobody_matches_outside_their_county(town):
    need, person = town.need(), town.person()
    run_id = town.run()
    sister = people.staff("county_staff", "350424")
    city = people.staff("city_staff", "350400")
    own = person.supporter_ids[0]
    for act in (
        lambda: town.do(sister, verbs.run, MINGXI),
        lambda: town.do(city, verbs.run, MINGXI),
        lambda: town.do(sister, verbs.propose, run_id, [need.id]),
        lambda: town.do(sister, verbs.propose_one, need.id, own),
        lambda: town.do(sister, match_rules.decide, need.id, own, rule="avoid", reason="x"),
        lambda: town.do(sister, match_rules.lift, run_id),
    ):
        with pytest.raises(NotFound):
            act()
    for act in (
        lambda: town.do(city, verbs.propose_one, need.id, own),
        lambda: town.do(city, match_rules.decide, need.id, own, rule="avoid", reason="x"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_one_need_proposes_one_person_and_refuses_whom_a_rule_excludes(town):
    need, far = town.need(), town.person(county="350424", counties=("350424",))
    near = town.person()
    with pytest.raises(WrongState, match="不去孩子所在的县"):
        town.do(town.clerk, verbs.propose_one, need.id, far.supporter_ids[0])
    change(Supporter, town.person().supporter_ids[0], status="suspended")
    barred = next(one.id for one in town.field().people if one.bar)
    with pytest.raises(WrongState, match="目前不能安排"):
        town.do(town.clerk, verbs.propose_one, need.id, barred)
    with pytest.raises(NotFound):
        town.do(town.clerk, verbs.propose_one, need.id, need.id)
    town.do(town.clerk, verbs.propose_one, need.id, near.supporter_ids[0])
    with pytest.raises(NotFound):
        town.do(town.clerk, verbs.propose_one, need.id, near.supporter_ids[0])
    with pytest.raises(WrongState, match="没有等待安排"):
        town.run()


def test_a_large_run_is_left_to_the_worker(town, client_as, monkeypatch):
    town.need(), town.person()
    monkeypatch.setattr(verbs, "AT_ONCE", 0)
    run_id = town.run()
    run = town.found(run_id)
    assert (run.status, run.outcome) == ("queued", None)
    waits = client_as(town.clerk).get(f"/desk/matches/runs/{run_id}").text
    assert 'id="progress"' in waits and "算好会写信告诉您" in waits
    with unit_of_work.reading(people.everything()):
        job = db.session.scalar(select(Job).where(Job.kind == "match_run"))
        assert (job.args, job.unit_path) == ({"run": str(run_id)}, MINGXI)
    for _ in range(2):
        with unit_of_work.transaction(scope.Scope(paths=(MINGXI,), reason="the worker")):
            verbs.answer(run_id)
    run = town.found(run_id)
    assert (run.status, run.best.needs) == ("done", 1)
    with unit_of_work.reading(people.everything()):
        owed = db.session.scalars(select(Message).where(Message.template == "match_ready")).all()
    # Told once, who asked; the mail names nobody.
    assert [one.user_id for one in owed] == [town.clerk.user_id]


def test_runs_and_lifted_rules_are_forgotten_after_ninety_days(town, clock):
    need, person = town.need(), town.person()
    rule = town.do(
        town.clerk, match_rules.decide, need.id, person.supporter_ids[0], rule="keep", reason="好"
    )
    town.run()
    town.do(town.clerk, match_rules.lift, rule)
    forget = retention_rows.FORGETTERS["match_runs"]
    with unit_of_work.transaction(people.everything()):
        assert forget(portal_clock.now() - timedelta(days=90)) == 0
        assert forget(portal_clock.now() + timedelta(seconds=1)) == 2


def test_the_authority_weighs_as_it_set(town):
    with unit_of_work.transaction(people.everything()):
        unit = db.session.scalar(select(Unit).where(Unit.path == SANMING))
        unit.settings = {**(unit.settings or {}), "match_county": 3, "match_siblings": "apart"}
    weights = town.field().weights
    assert (weights.county, weights.siblings, weights.skill) == (3, "apart", 30)


@pytest.mark.sqlite
def test_the_pages_lead_from_the_county_to_a_proposal(app, clock, client_as):
    with app.app_context():
        town = Town()
        needs = [town.need(age) for age in (8, 9, 10)]
        near = town.person("林秀英")
        town.person("陈志明", county="350424", counties=("350421", "350424"), skills=())
        town.person("黄小红", languages=("minnan",), days=("weekday",), counties=("350424",))
        accused = town.person("马丽", county="350424").supporter_ids[0]
        change(Supporter, accused, status="suspended")
        make.application(needs[0].id, near)
        with unit_of_work.reading(people.everything()):
            names = set(db.session.scalars(select(ChildFile.name)))
    clerk = client_as(town.clerk)
    home = clerk.get("/desk/matches").text
    assert "一次配好全部 3 项" in home and needs[0].file_no in home
    answer = applicants.send(clerk, "/desk/matches")
    assert answer.status_code == 303
    run_at = answer.headers["Location"]
    page = clerk.get(run_at).text
    assert "3 项需求里，3 项有人选，3 名孩子有人陪伴。" in page
    assert "自己报名了这项需求" in page and "+35" in page
    # One's own county by name, the others masked; of the child nothing but number, band, place.
    assert "林秀英" in page and "陈志明" not in page and "陈**" in page
    assert names and not any(name in page for name in names)
    assert clerk.get(f"{run_at}?q={needs[1].file_no}").text.count('class="match-why"') == 1
    assert "没有找到" in clerk.get(f"{run_at}?q=JD-1999-0001").text
    assert "每一项需求都有人选" in clerk.get(f"{run_at}?view=left").text

    one = f"/desk/matches/{needs[0].id}"
    fitting = clerk.get(one).text
    assert fitting.index("林秀英") < fitting.index("陈**")
    assert "没有写明能提供“课业辅导”" in fitting and "还没有人报名" not in fitting
    excluded = clerk.get(f"{one}?view=out").text
    assert "不去孩子所在的县（市、区）" in excluded and "黄小红" in excluded
    assert "林秀英" not in excluded
    # Why somebody of another county may not be asked is that county's to know.
    assert "马*" in excluded and "目前不能安排，详情请问所在的县（市、区）" in excluded
    assert "登记资格今天不在有效期内" not in excluded
    assert "没有找到这个人" in clerk.get(f"{one}?q=不存在").text

    assert "没有等待安排" not in home
    sister = client_as("county_staff", "350424")
    assert sister.get(run_at).status_code == 404
    assert sister.get(one, follow_redirects=True).status_code == 404


@pytest.mark.sqlite
def test_the_pages_decide_and_propose(app, clock, client_as):
    with app.app_context():
        town = Town()
        needs = [town.need(age) for age in (8, 9, 10)]
        near = town.person("林秀英")
        far = town.person("陈志明", county="350424", counties=("350421", "350424"), skills=())
        make.application(needs[0].id, near)
    clerk = client_as(town.clerk)
    run_at = applicants.send(clerk, "/desk/matches").headers["Location"]
    one, run_id = f"/desk/matches/{needs[0].id}", run_at.rsplit("/", 1)[-1]
    decision = {"supporter": str(near.supporter_ids[0]), "rule": "avoid", "run": run_id}
    refused = applicants.send(clerk, f"{one}/decide", {**decision, "reason": ""}, page=one)
    assert refused.status_code == 422 and "请写明原因，同事会看到" in refused.text
    done = applicants.send(clerk, f"{one}/decide", {**decision, "reason": "同住一村"}, page=one)
    assert done.status_code == 303 and "view=moved" in done.headers["Location"]
    changed = clerk.get(done.headers["Location"]).text
    assert "和不指定、不避开相比" in changed and "原来会是" in changed
    assert "同事要求避开这一对" in clerk.get(f"{one}?view=out").text
    home = clerk.get("/desk/matches").text
    assert "同住一村" in home
    lift = re.search(r'action="(/desk/matches/rules/[^"]+)"', home)[1]
    assert applicants.send(clerk, lift, page="/desk/matches").status_code == 303

    none = applicants.send(clerk, run_at, page=run_at)
    assert "请先勾选要提出的结对" in clerk.get(none.headers["Location"]).text
    both = {"ids": [str(needs[0].id), str(needs[1].id)]}
    said = applicants.send(clerk, run_at, both, page=run_at)
    assert "已提出 2 份结对建议" in clerk.get(said.headers["Location"]).text
    again = applicants.send(clerk, run_at, both, page=run_at)
    assert "有的没有提出" in clerk.get(again.headers["Location"]).text
    third = f"/desk/matches/{needs[2].id}"
    last = applicants.send(
        clerk, f"{third}/propose", {"supporter": str(far.supporter_ids[0])}, page=third
    )
    assert "/desk/pairings/" in last.headers["Location"]
    assert "没有等待安排的需求" in clerk.get("/desk/matches").text
    answered = clerk.get(third)
    assert answered.status_code == 303 and "/desk/needs/" in answered.headers["Location"]
    assert clerk.get(answered.headers["Location"]).status_code == 200
    assert clerk.get("/desk/matches?county=350424").status_code == 404
    weights = clerk.get("/desk/matches/weights").text
    assert "30 分" in weights and "3650 天" in weights and "尽量由同一位陪伴" in weights
