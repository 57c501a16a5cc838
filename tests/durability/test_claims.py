"""kill -9 during claims: nothing acknowledged lost, nothing twice, every owed mail leaves (R1, R4)."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import select, update

from portal.core import unit_of_work
from portal.domain.lifecycles.commitments import LIVE
from portal.extensions import db
from portal.models.records import Fact, Message
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish
from tests.durability import machine as machines
from tests.durability.claimers import Crowd
from tests.factories import people, promises

pytestmark = pytest.mark.slow
#: Enough cards that the crowd is still claiming when the last kill comes.
CARDS_PER_KILL = 60
TARGETS = ("web_worker", "web", "worker")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def machine(request, tmp_path):
    with machines.running(request.param, tmp_path) as made:
        yield made


def prepare(machine, cards):
    with machine.app.app_context():
        people.staff("county_staff")
        with unit_of_work.transaction(people.everything()):
            generous = {"quota_enterprise": 100_000}
            db.session.execute(
                update(Unit).where(Unit.path == people.SANMING).values(settings=generous)
            )
        return [card.code for card in promises.hung(cards=cards)]


def kill_often(machine, crowd):
    """Kill each target KILLS times at random instants; return the recoveries in seconds."""
    recoveries = {}
    for target in TARGETS:
        recoveries[target] = []
        for _ in range(machines.KILLS):
            if target == "worker":
                wait_for_mail(machine)
            time.sleep(random.uniform(0.1, 0.8))
            assert crowd.is_busy, "more cards are needed"
            killed = time.monotonic()
            getattr(machine, f"kill_{target}")()
            machines.until(lambda at=killed: any(t > at for t in crowd.answered_at[-50:]), 120)
            after = [t - killed for t in crowd.answered_at if t > killed]
            recoveries[target].append(min(after, default=99.0))
    return recoveries


def wait_for_mail(machine):
    """Wait until the worker, just started, is sending: a kill during its start proves little."""
    before = machine.sink.copies.total()
    assert machines.until(lambda: machine.sink.copies.total() > before, 180)


def test_kill_during_claims(machine):
    codes = prepare(machine, machines.KILLS * len(TARGETS) * CARDS_PER_KILL)
    crowd = Crowd(machine, codes)
    crowd.start()
    try:
        recoveries = kill_often(machine, crowd)
    finally:
        crowd.stop()
    check_promises(machine, crowd)
    everything_sent = machines.until(lambda: not owed(machine), 600)
    report(machine, crowd, recoveries)
    assert everything_sent, machine.portal.log("worker")[-3000:]
    assert crowd.unanswered == 0, machine.portal.log("web")[-3000:]
    assert set(crowd.statuses) <= {303, 409, 503}
    check_mails(machine)


def owed(machine):
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalars(select(Message.id).where(Message.status != "sent")).all()


def check_promises(machine, crowd):
    """Each acknowledged claim stands once; no wish is promised twice; each began once."""
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        promised = db.session.execute(
            select(Commitment.supporter_id, Commitment.idempotency_key, Commitment.promise,
                   Commitment.wish_id, Commitment.status, Commitment.id)
        ).all()  # fmt: skip
        began = Counter(
            db.session.scalars(select(Fact.subject_id).where(Fact.kind == "commitment.begin"))
        )
        reserved = db.session.scalars(select(Wish.id).where(Wish.status == "reserved")).all()
    stand = {(row.supporter_id, row.promise["code"], row.idempotency_key) for row in promised}
    lost = set(crowd.acknowledged) - stand
    assert lost == set()
    assert len(crowd.acknowledged) == len(set(crowd.acknowledged)) == len(stand) == len(promised)
    live = Counter(row.wish_id for row in promised if row.status in LIVE)
    assert max(live.values()) == 1
    assert set(reserved) == set(live)
    assert began == Counter({row.id: 1 for row in promised})


def check_mails(machine):
    """Two mails per promise were owed; each left at least once, copies under one Message-ID."""
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        rows = db.session.execute(select(Message.id, Message.template, Message.status)).all()
        count = len(db.session.scalars(select(Commitment.id)).all())
    per_template = Counter(row.template for row in rows)
    assert per_template == {"claim_received": count, "claim_to_approve": count}
    left = {identifier.strip("<>").partition("@")[0] for identifier in machine.sink.copies}
    assert left == {str(row.id) for row in rows}
    assert {len(words) for words in machine.sink.contents.values()} == {1}


def report(machine, crowd, recoveries):
    lines = [
        f"\n{machine.kind}: {len(crowd.acknowledged)} acknowledged, {crowd.cut_off} cut off and",
        f"  repeated, answers {dict(crowd.statuses)}, {sum(machine.sink.copies.values())} mails",
        f"  accepted for {len(machine.sink.copies)} owed",
    ]
    for target, seconds in recoveries.items():
        middle, longest = statistics.median(seconds), max(seconds)
        lines.append(
            f"  {target}: {len(seconds)} kills, next answer after {middle:.2f} s, "
            f"at most {longest:.2f} s"
        )
    sys.stdout.write("\n".join(lines) + "\n")
