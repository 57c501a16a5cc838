"""T16: whoever holds the database, triggers and walls switched off, changes nothing unseen.

Each attack is done as the owner of the database. What only the anchor can tell is said so.
"""

from __future__ import annotations

import contextvars
import json
import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, select, text

from portal.core import anchor, facts, unit_of_work
from portal.core.anchor import AnchorFolder
from portal.domain import clock as portal_clock
from portal.domain import seals
from portal.domain.actor import SYSTEM
from portal.domain.seals import Seal
from portal.extensions import db
from portal.models.records import Fact
from portal.models.rights import Tombstone
from portal.models.seals import AuditCheck, FactSeal, SealedRow
from portal.models.sight import AccessRow
from portal.models.units import UnitChange
from portal.services import audit_checks, audit_seals
from tests import postgres
from tests.factories import people
from tests.factories.anything import row_of

UNIT = "/35/3504/350421/"
SEALED = ("facts", "fact_seals", "sealed_rows", "access_rows", "unit_changes", "tombstones")


@pytest.fixture
def folder(tmp_path):
    before = anchor._anchor
    anchor.install(tmp_path / "anchor")
    yield tmp_path / "anchor"
    anchor._anchor = before


def write(count=1, **data):
    with unit_of_work.transaction(people.everything()):
        for order in range(count):
            facts.publish("test.done", actor=SYSTEM, unit_path=UNIT, order=order, **data)


@pytest.fixture
def memory(app, folder, clock):
    """Three seals: of three, two and one facts, a minute apart."""
    with app.app_context():
        for count in (3, 2, 1):
            write(count)
            assert audit_seals.seal_all() == count
            clock.advance(minutes=1)
        yield ids()


def ids():
    with unit_of_work.reading(people.everything()):
        return db.session.scalars(select(Fact.id).order_by(Fact.id)).all()


@pytest.fixture
def owner(app, databases, worker_name):
    """Return a way to run statements as the owner, with every trigger and wall switched off."""
    if databases.kind == "sqlite":
        engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    else:
        engine = create_engine(postgres.shared().url(f"worker_{worker_name}", postgres.OWNER))

    def run(*statements):
        with engine.begin() as connection:
            for table in SEALED:
                if databases.kind == "sqlite":
                    for verb in ("update", "delete"):
                        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
                else:
                    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER append_only"))
                    connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
            return [connection.execute(each) for each in statements]

    yield run
    engine.dispose()


def kinds(report):
    return [fault.kind for fault in report.faults]


def named(report, kind):
    return [fault.row for fault in report.faults if fault.kind == kind]


def test_an_untouched_memory_is_whole(memory):
    report = audit_checks.look()
    assert (report.faults, report.is_whole) == ([], True)
    assert (report.rows, report.seals, report.unsealed, report.anchored) == (6, 3, 0, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "test.undone"},
        {"before": "x"},
        {"actor_id": uuid.uuid4()},
        {"unit_path": "/32/"},
        {"data": {"order": 7}},
        {"request_id": "other"},
        {"at": portal_clock.now()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_named(memory, owner, change):
    owner(Fact.__table__.update().where(Fact.id == memory[1]).values(**change))
    report = audit_checks.look()
    assert kinds(report) == ["row_changed"]
    assert named(report, "row_changed") == [str(memory[1])]


def test_a_changed_row_whose_digest_was_changed_too_breaks_its_run(memory, owner):
    owner(Fact.__table__.update().where(Fact.id == memory[1]).values(kind="test.undone"))
    with unit_of_work.reading(people.everything()):
        row = db.session.execute(select(Fact.__table__).where(Fact.id == memory[1])).mappings()
        forged = seals.row_digest("facts", dict(row.one()))
    owner(SealedRow.__table__.update().where(SealedRow.row_id == memory[1]).values(digest=forged))
    assert kinds(audit_checks.look()) == ["run_changed"]


def test_a_removed_middle_is_named(memory, owner):
    owner(Fact.__table__.delete().where(Fact.id.in_(memory[2:4])))
    report = audit_checks.look()
    assert named(report, "row_missing") == [str(each) for each in memory[2:4]]


def test_a_middle_removed_with_its_traces_breaks_its_run(memory, owner):
    owner(
        SealedRow.__table__.delete().where(SealedRow.row_id == memory[1]),
        Fact.__table__.delete().where(Fact.id == memory[1]),
    )
    assert kinds(audit_checks.look()) == ["run_changed"]


def test_a_removed_seal_breaks_the_chain(memory, owner):
    owner(
        SealedRow.__table__.delete().where(SealedRow.seal_no == 2),
        FactSeal.__table__.delete().where(FactSeal.no == 2),
        Fact.__table__.delete().where(Fact.id.in_(memory[3:5])),
    )
    assert "chain_broken" in kinds(audit_checks.look())


def test_two_rows_that_changed_places_are_named(memory, owner):
    first, second = memory[0], memory[2]
    with unit_of_work.reading(people.everything()):
        data = {
            each: db.session.scalar(select(Fact.data).where(Fact.id == each))
            for each in (first, second)
        }
    table = Fact.__table__
    owner(
        table.update().where(Fact.id == first).values(data=data[second]),
        table.update().where(Fact.id == second).values(data=data[first]),
    )
    report = audit_checks.look()
    assert named(report, "row_changed") == [str(first), str(second)]


def test_two_places_in_a_run_that_were_swapped_break_it(memory, owner):
    table = SealedRow.__table__
    owner(
        table.update().where(SealedRow.row_id == memory[0]).values(position=99),
        table.update().where(SealedRow.row_id == memory[1]).values(position=0),
        table.update().where(SealedRow.row_id == memory[0]).values(position=1),
    )
    assert kinds(audit_checks.look()) == ["run_changed"]


def cut_the_end(owner, memory):
    owner(
        SealedRow.__table__.delete().where(SealedRow.seal_no == 3),
        FactSeal.__table__.delete().where(FactSeal.no == 3),
        Fact.__table__.delete().where(Fact.id == memory[5]),
    )


def test_a_cut_off_end_is_told_by_the_anchor(memory, owner):
    cut_the_end(owner, memory)
    report = audit_checks.look()
    assert [(fault.kind, fault.seal) for fault in report.faults] == [("cut_off", 3)]


def test_without_the_anchor_a_cut_off_end_would_pass(memory, owner, folder, tmp_path):
    """Why the anchor is there: this attack leaves a chain that is whole in itself."""
    cut_the_end(owner, memory)
    (folder / "seals.jsonl").rename(tmp_path / "kept-elsewhere.jsonl")
    assert audit_checks.look().is_whole
    report = audit_checks.look([tmp_path / "kept-elsewhere.jsonl"])
    assert kinds(report) == ["cut_off"]


def rewrite(owner, memory, mark):
    """Forge a fact of the first run and write every seal anew, as its digests then must be."""
    owner(Fact.__table__.update().where(Fact.id == memory[0]).values(kind="test.undone"))
    previous = seals.GENESIS
    with unit_of_work.reading(people.everything()):
        stored = db.session.scalars(select(FactSeal).order_by(FactSeal.no)).all()
        rows = {
            row["id"]: dict(row)
            for row in db.session.execute(select(Fact.__table__)).mappings().all()
        }
        held = {
            each.no: db.session.scalars(
                select(SealedRow.row_id)
                .where(SealedRow.seal_no == each.no)
                .order_by(SealedRow.position)
            ).all()
            for each in stored
        }
        db.session.expunge_all()
    for each in stored:
        digests = {row: seals.row_digest("facts", rows[row]) for row in held[each.no]}
        seal = Seal(
            each.no, each.source, each.sealed_at, each.first_id, each.last_id, each.rows,
            seals.tree(list(digests.values())), previous,
        )  # fmt: skip
        previous = seal.digest
        owner(
            *(
                SealedRow.__table__.update().where(SealedRow.row_id == row).values(digest=digest)
                for row, digest in digests.items()
            ),
            FactSeal.__table__.update()
            .where(FactSeal.no == seal.no)
            .values(
                rows_digest=seal.rows_digest,
                previous=seal.previous,
                digest=seal.digest,
                mac=mark(seal.digest),
            ),
        )


def test_a_chain_rewritten_without_the_key_is_told_by_its_marks(memory, owner, folder):
    (folder / "seals.jsonl").unlink()
    rewrite(owner, memory, lambda digest: seals.row_digest("forged", {"digest": digest}))
    assert kinds(audit_checks.look()) == ["mark_wrong"] * 3


def test_a_chain_rewritten_with_the_key_is_told_by_the_anchor(memory, owner):
    rewrite(owner, memory, audit_seals.mark)
    report = audit_checks.look()
    assert [(fault.kind, fault.seal) for fault in report.faults] == [
        ("rewritten", 1),
        ("rewritten", 2),
        ("rewritten", 3),
    ]


def test_a_forged_fact_of_last_week_is_counted_as_late(memory, owner, clock):
    week_ago = portal_clock.now() - timedelta(days=7)
    owner(
        Fact.__table__.insert().values(
            id=uuid.uuid4(), at=week_ago, kind="test.done", subject_type="", unit_path=UNIT,
            data={}, request_id="",
        )
    )  # fmt: skip
    assert audit_seals.seal_all() == 1
    assert audit_checks.look().late == 1


def test_an_anchor_that_was_scribbled_on_is_told(memory, folder):
    with (folder / "seals.jsonl").open("a") as file:
        file.write("not a seal\n")
    assert kinds(audit_checks.look()) == ["anchor_unreadable"]


def test_a_row_that_commits_late_is_in_the_next_seal(memory, owner):
    """Its id lies between two that are sealed already: no horizon hides it."""
    between = uuid.UUID(int=memory[1].int + 1)
    owner(
        Fact.__table__.insert().values(
            id=between, at=portal_clock.now(), kind="test.done", subject_type="",
            unit_path=UNIT, data={}, request_id="",
        )
    )  # fmt: skip
    assert audit_checks.look().unsealed == 1
    assert audit_seals.seal_all() == 1
    report = audit_checks.look()
    assert (report.is_whole, report.unsealed, report.seals) == (True, 0, 4)


def test_every_row_is_sealed_once_in_runs(app, folder, monkeypatch):
    monkeypatch.setattr(audit_seals, "RUN", 4)
    with app.app_context():
        write(10)
        assert audit_seals.seal_all() == 10
        assert audit_seals.seal_all() == 0
        with unit_of_work.reading(people.everything()):
            assert db.session.scalars(select(FactSeal.rows).order_by(FactSeal.no)).all() == [
                4,
                4,
                2,
            ]
            assert db.session.scalar(select(func.count(SealedRow.row_id.distinct()))) == 10
        assert audit_checks.look().is_whole


def test_the_minute_s_job_looks_at_the_last_hours_and_the_night_s_at_everything(app, folder, clock):
    with app.app_context():
        write()
        clock.advance(hours=3)
        write()
        assert audit_seals.seal_recent() == 1
        assert audit_seals.seal_all() == 1


def test_rows_of_sight_are_in_the_chain_too(app, folder, owner, clock):
    with app.app_context():
        with unit_of_work.transaction(people.everything()):
            row = AccessRow(
                at=portal_clock.now(), actor_id=uuid.uuid4(), role="county_staff",
                subject_type="ChildFile", subject_id=uuid.uuid4(), field="id_no",
                reason="verify", basis="assignment", until=portal_clock.now(), unit_path=UNIT,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            looked = row.id
        assert audit_seals.seal_all() == 1
        table = AccessRow.__table__
        owner(table.update().where(AccessRow.id == looked).values(actor_id=uuid.uuid4()))
        report = audit_checks.look()
        assert named(report, "row_changed") == [str(looked)]
        assert report.faults[0].source == "access_rows"


@pytest.mark.parametrize(
    ("model", "forged"), [(UnitChange, {"new_name": "别的名称"}), (Tombstone, {"reason": "asked"})]
)
@pytest.mark.parametrize("attack", ["changed", "removed"])
def test_unit_changes_and_tombstones_are_in_the_chain_too(
    app, folder, owner, clock, model, forged, attack
):
    table = model.__table__
    with app.app_context():
        with unit_of_work.transaction(people.everything()):
            row_id = row_of(model, UNIT, "/35/3504/").id
        assert audit_seals.seal_recent() == 1
        assert audit_checks.look().is_whole
        if attack == "changed":
            owner(table.update().where(model.id == row_id).values(**forged))
        else:
            owner(table.delete().where(model.id == row_id))
        report = audit_checks.look()
        assert named(report, f"row_{attack}".replace("removed", "missing")) == [str(row_id)]
        assert report.faults[0].source == model.__tablename__


def test_the_anchor_only_grows_and_misses_none(memory, folder, tmp_path):
    file = folder / "seals.jsonl"
    before = file.read_text()
    assert [json.loads(line)["no"] for line in before.splitlines()] == [1, 2, 3]
    write()
    # The disk refuses once: the seal stands, the anchor is made up for by the next run.
    anchor.install(tmp_path / "file-in-the-way" / "x")
    (tmp_path / "file-in-the-way").write_text("")
    with pytest.raises(OSError, match="file-in-the-way"):
        audit_seals.seal_all()
    anchor.install(folder)
    assert audit_seals.seal_all() == 0
    after = file.read_text()
    assert after.startswith(before)
    assert [json.loads(line)["no"] for line in after.splitlines()] == [1, 2, 3, 4]
    assert file.stat().st_mode & 0o077 == 0


def test_two_anchors_at_once_write_a_seal_once(memory, folder):
    place = AnchorFolder(folder)
    assert place.append(place.read()) == 0


def test_sealers_at_once_seal_every_row_once(app, folder, monkeypatch, clock):
    monkeypatch.setattr(audit_seals, "RUN", 5)
    problems = []

    def work():
        with app.app_context():
            try:
                audit_seals.seal_all()
            except Exception as error:  # noqa: BLE001 -- told below, whatever it is
                problems.append(error)

    with app.app_context():
        write(40)
        # Each thread stands at the test's moment.
        threads = [
            threading.Thread(target=contextvars.copy_context().run, args=(work,)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        report = audit_checks.look()
        assert (report.is_whole, report.rows, report.unsealed) == (True, 40, 0)


def test_nobody_changes_a_seal(memory):
    audit_checks.check()
    for statement in (
        "UPDATE fact_seals SET digest = 'x'",
        "DELETE FROM fact_seals",
        "UPDATE sealed_rows SET digest = 'x'",
        "DELETE FROM sealed_rows",
        "DELETE FROM audit_checks",
    ):
        refused = pytest.raises(Exception, match=r"append-only|permission denied")
        with refused, unit_of_work.reading(people.everything()) as session:
            session.execute(text(statement))


@pytest.mark.postgres
def test_the_application_s_role_holds_no_right_to_change_the_memory(memory):
    with unit_of_work.reading(people.everything()) as session:
        for table in ("facts", "access_rows", "fact_seals", "sealed_rows", "audit_checks"):
            held = session.execute(
                text(
                    "SELECT privilege_type FROM information_schema.role_table_grants "
                    "WHERE table_name = :table AND grantee = current_user"
                ),
                {"table": table},
            ).scalars()
            assert set(held) == {"SELECT", "INSERT"}, table


def test_a_look_is_written_down(memory, owner):
    owner(Fact.__table__.delete().where(Fact.id == memory[0]))
    report = audit_checks.check()
    assert kinds(report) == ["row_missing"]
    with unit_of_work.reading(people.everything()):
        kept = db.session.scalars(select(AuditCheck)).one()
        assert kept.faults == [
            {"kind": "row_missing", "seal": 1, "source": "facts", "row": str(memory[0])}
        ]
        assert (kept.rows, kept.seals) == (6, 3)
        fact = db.session.scalars(select(Fact).where(Fact.kind == "audit.check")).one()
        assert (fact.after, fact.data["faults"]) == ("broken", 1)


def test_an_anchor_that_went_missing_is_told_before_it_is_written_anew(memory, folder):
    """Deleting the file outside must not be mended in silence by the next minute's job."""
    assert audit_checks.check().is_whole
    (folder / "seals.jsonl").unlink()
    write()
    audit_seals.seal_recent()
    report = audit_checks.check()
    assert kinds(report) == ["anchor_lost"]
    write()
    audit_seals.seal_recent()
    assert audit_checks.check().is_whole


def test_an_anchor_whose_end_was_cut_is_told(memory, folder):
    assert audit_checks.check().is_whole
    file = folder / "seals.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:1]))
    assert kinds(audit_checks.check()) == ["anchor_lost"]
