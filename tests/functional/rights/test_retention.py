"""Everything has its time: the nightly job, the clock moved by hand, the list and its replay."""

import json
import shutil
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from portal.core import facts, unit_of_work
from portal.domain import retention as rules
from portal.domain.actor import SYSTEM
from portal.domain.errors import Invalid, NotFound
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, Consent, GuardianLink
from portal.models.records import Fact, FactNote
from portal.models.rights import ChildProtection, Grievance, GuardianAccess, Tombstone
from portal.models.supporters import Supporter
from portal.models.wishes import Wish
from portal.services import (
    erasure,
    grievances,
    guardians,
    protections,
    replay,
    retention,
    tombstones,
    vetting,
)
from tests.factories import applicants, people
from tests.factories import wishes as make
from tests.functional.rights.guide import change, do, inside, linked, read, rows_of, staff


def nightly():
    with inside(), unit_of_work.transaction(people.everything()):
        return retention.forget_old()


def forget(name, days):
    with inside(), unit_of_work.transaction(people.everything()):
        return retention.forget(name, timedelta(days=days))


@pytest.fixture
def grown(clock):
    """A child who left the register at eighteen, with guardian, consent, wish and ledger line."""
    with inside():
        child = make.child(10)
        window = make.window()
        wish = make.wish(child, window, status="archived")
        with unit_of_work.transaction(people.everything()):
            db.session.add(
                CareLedgerRow(
                    tenant_path="/35/3504/", unit_path=child.unit_path, year=2026, seq=1,
                    child_id=child.id, service_types=["visit"], effect="转到下坊路的福利院",
                )
            )  # fmt: skip
            facts.publish(
                "child.change",
                actor=SYSTEM,
                subject=db.session.get(ChildFile, child.id),
                note="家在下坊路",
            )
    change(ChildFile, child.id, status="aged_out", birth_date=date(2008, 5, 21))
    child.wish_id = wish
    return child


def test_a_closed_file_goes_three_years_after_the_eighteenth_birthday(grown, clock):
    # Eighteen on 2026-05-21; three years on is 2029-05-21.
    clock.move_to(datetime(2029, 5, 20, 23, 0))
    assert nightly()["children"] == 0
    clock.move_to(datetime(2029, 5, 21, 3, 0))
    assert nightly()["children"] == 1
    name, number, address, school, birth, status = read(
        ChildFile, grown.id, "name", "id_no", "home_address", "school", "birth_date", "status"
    )
    assert (name, number, address, school, status) == ("已删除", "", None, None, "erased")
    assert birth == date(2008, 1, 1)
    assert rows_of(GuardianLink, GuardianLink.child_id == grown.id) == []
    [sheet] = rows_of(Consent, Consent.child_id == grown.id)
    assert sheet.given_by == ""
    assert read(Wish, grown.wish_id, "own_words", "status", "est_cost_fen") == (
        "",
        "archived",
        12800,
    )
    [line] = rows_of(CareLedgerRow)
    assert (line.effect, line.service_types) == ("", ["visit"])
    notes = [note.text for note in rows_of(FactNote)]
    assert "家在下坊路" not in notes
    assert nightly()["children"] == 0


def test_an_erased_child_is_in_no_list_and_no_ledger(grown, client_as):
    with inside(), unit_of_work.transaction(people.everything()):
        assert erasure.child(grown.id)
    county = client_as("county_staff", "350421")
    assert county.get(f"/children/{grown.id}").status_code == 404
    assert "已删除" not in county.get("/children").text


def test_a_child_on_the_register_is_never_past_its_time(grown, clock):
    change(ChildFile, grown.id, status="active")
    clock.advance(days=365 * 30)
    assert nightly()["children"] == 0


@pytest.mark.parametrize("name", sorted(retention.FORGETTERS))
def test_younger_ones_are_refused(app, clock, name):
    own = rules.CLASSES[name]
    least = own.days or own.months * 30
    with pytest.raises(Invalid, match="没有到保存期限"):
        forget(name, least - 5 if own.months else least - 1)
    assert forget(name, least + own.months * 2 + 1) >= 0


def test_what_is_kept_cannot_be_forgotten(app, clock):
    kept = {"facts", "logs", "access_rows"}
    for name in kept:
        assert rules.CLASSES[name].kept
        with pytest.raises(NotFound):
            forget(name, 36500)
    assert set(rules.CLASSES) == set(retention.FORGETTERS) | kept


def test_the_floors_of_the_law_stand(app):
    # L09: processing records three years; L10: logs six months.
    assert rules.CLASSES["facts"].months >= 36
    assert rules.CLASSES["access_rows"].months >= 36
    assert rules.CLASSES["notes"].months >= 36
    assert rules.CLASSES["logs"].months >= 6
    assert rules.CLASSES["devices"].days >= 183


def rejected():
    with inside():
        _, supporter_id = applicants.applied()
    county = staff("county_staff", "350421")
    do(county, vetting.reject, supporter_id, reason_code="false_documents", reason="证件不符")
    return supporter_id


def test_a_rejected_application_goes_after_a_year_and_the_mark_stays(clock):
    supporter_id = rejected()
    from portal.models.supporters import BlockEntry

    clock.move_to(datetime(2027, 5, 20, 9, 0))
    assert nightly()["rejected"] == 0
    clock.move_to(datetime(2027, 5, 21, 3, 0))
    assert nightly()["rejected"] == 1
    assert read(Supporter, supporter_id, "name", "id_hmac") == ("已删除", None)
    assert len(rows_of(BlockEntry)) == 1


def test_an_expired_standing_goes_after_three_years(clock):
    with inside():
        supporter = people.supporter("individual")
    own = supporter.supporter_ids[0]
    change(Supporter, own, status="expired", valid_to=date(2026, 5, 20))
    clock.move_to(datetime(2029, 5, 20, 3, 0))
    assert nightly()["supporters"] == 0
    clock.move_to(datetime(2029, 5, 21, 3, 0))
    assert nightly()["supporters"] == 1


def test_words_beside_facts_and_complaints_go_after_three_years_and_facts_stay(clock):
    with inside(), unit_of_work.transaction(people.everything()):
        facts.publish("wish.edit", actor=SYSTEM, unit_path="/35/", note="一句话")
    with inside(), unit_of_work.transaction(people.everything()):
        sent = grievances.send(county_code="350421", category="page", words="字太小")
    county = staff("county_staff", "350421")
    do(county, grievances.close, sent.id, answer="已经改好，谢谢您")
    before = len(rows_of(Fact))
    clock.move_to(datetime(2029, 5, 20, 3, 0))
    nightly()
    assert [note.text for note in rows_of(FactNote) if not note.erased_at] == ["一句话"]
    clock.move_to(datetime(2029, 5, 21, 3, 0))
    nightly()
    assert [note.text for note in rows_of(FactNote) if not note.erased_at] == []
    assert read(Grievance, sent.id, "words", "answer", "status") == ("", "", "closed")
    assert len(rows_of(Fact)) >= before


def test_links_go_a_year_after_they_ended(clock):
    linked()
    clock.advance(days=30 + 364)
    assert nightly()["links"] == 0
    clock.advance(days=3)
    assert nightly()["links"] == 1


def written(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_list_is_written_beside_the_database_once_and_without_names(grown, tmp_path):
    path = tmp_path / "apart" / "tombstones.jsonl"
    with inside(), unit_of_work.transaction(people.everything()):
        erasure.child(grown.id)
        assert tombstones.write_out(path) == len(written(path))
        assert tombstones.write_out(path) == 0
    lines = written(path)
    assert {"child", "consent"} == {line["kind"] for line in lines}
    assert set(lines[0]) == {"kind", "id", "at", "reason"}
    assert grown.name not in path.read_text("utf-8")


def again(path):
    with inside(), unit_of_work.transaction(people.everything()):
        return replay.replay(tombstones.from_file(path))


@pytest.mark.sqlite
def test_a_restored_backup_forgets_again(app, grown, tmp_path):
    """The backup is older than the erasure, the withdrawal, the revoked link, the protection."""
    link = linked()
    with inside():
        supporter = people.supporter("individual")
        make.wish(link.child, make.window(occasion="school_start"), status="draft")
    own = supporter.supporter_ids[0]
    backup = snapshot(app, tmp_path / "backup.sqlite3")
    path = tmp_path / "tombstones.jsonl"
    county = staff("county_staff", "350421")
    with inside(), unit_of_work.transaction(people.everything()):
        erasure.child(grown.id, "asked")
        erasure.supporter(own, "asked")
        guardians.withdraw(guardians.find(link.token), "wish")
    do(link.director, guardians.revoke, link.access_id)
    do(county, protections.protect, link.child.id, reason="人身安全保护令")
    with inside(), unit_of_work.transaction(people.everything()):
        tombstones.write_out(path)
    restore(app, backup)
    assert read(ChildFile, grown.id, "status") == "aged_out"
    done = again(path)
    assert done["child"] == done["supporter"] == done["link"] == done["protected"] == 1
    assert read(ChildFile, grown.id, "name", "status") == ("已删除", "erased")
    assert read(Supporter, own, "name", "status") == ("已删除", "erased")
    assert read(GuardianAccess, link.access_id, "revoked_at") is not None
    sheets = rows_of(Consent, Consent.child_id == link.child.id)
    assert sheets
    assert all(sheet.withdrawn_at for sheet in sheets)
    assert rows_of(ChildProtection, ChildProtection.child_id == link.child.id)
    stones = len(rows_of(Tombstone))
    assert set(again(path).values()) == {0}
    assert len(rows_of(Tombstone)) == stones


def test_a_list_with_an_unknown_kind_stops_before_it_leaves_anybody_out(app, tmp_path, clock):
    path = tmp_path / "odd.jsonl"
    path.write_text('{"kind": "novel", "id": "%s", "reason": ""}\n' % ("0" * 32), "utf-8")
    with pytest.raises(Invalid, match="不认识"):
        again(path)
    path.write_text("not json\n", "utf-8")
    with pytest.raises(Invalid, match="第1行"):
        again(path)


def snapshot(app, path):
    """Back the database up, as the operator does."""
    source = sqlite3.connect(database_file(app))
    with sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    return path


def restore(app, path):
    """Put the backup in the place of what is there."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(database_file(app) + suffix).unlink(missing_ok=True)
    shutil.copyfile(path, database_file(app))


def database_file(app):
    return app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")


def test_the_table_is_a_page(client_as):
    page = client_as("auditor").get("/admin/retention").text
    for each in rules.CLASSES.values():
        assert each.what in page
        assert each.why in page
