"""kill -9 during an import: all rows or none, once, whoever dies (R5, R6)."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, GuardianLink, ImportBatch, ImportRow
from portal.models.records import Fact, Job, Message
from portal.queries import ledger as reading
from portal.services import ledger, ledger_apply
from tests.durability import machine as machines
from tests.factories import people, spreadsheets

pytestmark = pytest.mark.slow
#: More than a page may handle at once (2,000): the worker reads and applies it.
ROWS = 3000
#: How often one ledger's reading, then its applying, is killed before it may finish.
PER_STEP = 2


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def machine(request, tmp_path):
    with machines.running(request.param, tmp_path) as made:
        yield made


def workbook(path, number):
    """A form 1 workbook of ROWS clean children that no other workbook holds."""
    first = date(2010, 1, 1) + timedelta(days=200 * number)
    rows = [spreadsheets.row(at % 900 + 1, first + timedelta(days=at // 900)) for at in range(ROWS)]
    return spreadsheets.ledger(path / f"{number}.xlsx", *rows).read_bytes()


def upload(machine, clerk, data):
    with machine.app.app_context(), unit_of_work.transaction(scope.of(clerk)):
        bureau = reading.bureau(clerk, "350421")
        batch, _ = ledger.receive(clerk, bureau, filename="台账.xlsx", data=data)
        ledger.hand_over(clerk, batch, data)
        return batch.id


def approve(machine, clerk, batch_id):
    with machine.app.app_context(), unit_of_work.transaction(scope.of(clerk)):
        ledger_apply.owe_apply(clerk, batch_id)


def status(machine, batch_id):
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalar(select(ImportBatch.status).where(ImportBatch.id == batch_id))


def at_work(machine):
    """Tell whether a worker holds a job of the ledger just now."""
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        held = select(Job.id).where(
            Job.kind.like("ledger%"), Job.status == "running", Job.leased_until > clock.now()
        )
        return db.session.scalar(held.limit(1)) is not None


def kill_at_work(machine, batch_id, done):
    """Kill the worker up to PER_STEP times while it works; return how often it was hit."""
    hits = 0
    for _ in range(PER_STEP):
        if not machines.until(lambda: working_or(machine, batch_id, done), 120):
            break
        if status(machine, batch_id) == done:
            break
        time.sleep(random.uniform(0.0, 2.5))
        hits += status(machine, batch_id) != done
        machine.kill_worker()
    assert machines.until(lambda: status(machine, batch_id) == done, 240), machine.portal.log(
        "worker"
    )
    return hits


def working_or(machine, batch_id, done):
    return at_work(machine) or status(machine, batch_id) == done


def test_kill_the_worker_during_imports(machine):
    with machine.app.app_context():
        clerk = people.staff("county_staff", "350421")
    hits = Counter()
    ledgers = 0
    while hits.total() < machines.KILLS:
        batch_id = upload(machine, clerk, workbook(machine.folder, ledgers))
        hits["reading"] += kill_at_work(machine, batch_id, "previewed")
        check_staged(machine, batch_id)
        approve(machine, clerk, batch_id)
        hits["applying"] += kill_at_work(machine, batch_id, "applied")
        ledgers += 1
        check_register(machine, ledgers)
    everything_sent = machines.until(lambda: not owed(machine), 600)
    sys.stdout.write(
        f"\n{machine.kind}: {ledgers} ledgers of {ROWS} rows, worker killed {dict(hits)} times\n"
    )
    assert everything_sent
    check_mails(machine, ledgers)
    assert {len(words) for words in machine.sink.contents.values()} == {1}


def check_mails(machine, ledgers):
    """Each mail of each ledger was owed once and left at least once."""
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        rows = db.session.execute(select(Message.id, Message.template)).all()
    per_template = Counter(row.template for row in rows)
    assert per_template["import_ready"] == ledgers
    assert set(per_template.values()) == {ledgers}
    left = {identifier.strip("<>").partition("@")[0] for identifier in machine.sink.copies}
    assert left == {str(row.id) for row in rows}


def check_staged(machine, batch_id):
    """Every row of the file is staged once, however often the reading began again."""
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        numbers = db.session.scalars(
            select(ImportRow.number).where(
                ImportRow.batch_id == batch_id, ImportRow.verdict == "new"
            )
        ).all()
    assert len(numbers) == len(set(numbers)) == ROWS


def check_register(machine, ledgers):
    """All rows of every applied ledger stand once, with guardian, line and fact."""
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        count = {
            model.__name__: db.session.scalar(select(func.count()).select_from(model))
            for model in (ChildFile, GuardianLink, CareLedgerRow)
        }
        distinct = db.session.scalar(select(func.count(ChildFile.id_hmac.distinct())))
        sequence = db.session.scalars(select(CareLedgerRow.seq).order_by(CareLedgerRow.seq)).all()
        kinds = Counter(db.session.scalars(select(Fact.kind)))
    rows = ROWS * ledgers
    assert count == {"ChildFile": rows, "GuardianLink": rows, "CareLedgerRow": rows}
    assert distinct == rows
    assert sequence == list(range(1, rows + 1))
    assert kinds["child.open"] == rows
    assert kinds["import.preview"] == kinds["import.apply"] == ledgers


def owed(machine):
    with machine.app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalars(select(Message.id).where(Message.status != "sent")).all()
