"""Searching the memory, taking it out with proofs, and proving the file without the portal."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.core import anchor, facts, scope, unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.actor import SYSTEM
from portal.domain.errors import Invalid
from portal.extensions import db
from portal.models.records import Fact, Job
from portal.queries import fact_filters
from portal.queries import facts as reading
from portal.queries.facts import FactFilter
from portal.services import audit_export, audit_seals
from tests.factories import people
from tests.factories.applicants import send

ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "scripts" / "verify_facts.py"
MINGXI, QINGLIU = "/35/3504/350421/", "/35/3504/350423/"


@pytest.fixture
def folder(tmp_path):
    before = anchor._anchor
    anchor.install(tmp_path / "anchor")
    yield tmp_path / "anchor"
    anchor._anchor = before


@pytest.fixture
def memory(app, folder, clock):
    """Facts of two counties on two days, by a clerk and by the system, sealed."""
    with app.app_context():
        clerk = people.staff("county_staff", "350421")
        with unit_of_work.transaction(people.everything()):
            facts.publish("window.plan", actor=clerk, unit_path=MINGXI, note="家长的话", n=1)
            facts.publish("window.open", actor=SYSTEM, unit_path=QINGLIU, n=2)
        clock.advance(days=1)
        with unit_of_work.transaction(people.everything()):
            facts.publish("window.close", actor=SYSTEM, unit_path=MINGXI, n=3)
        audit_seals.seal_all()
    return clerk


def found(reader, **wanted):
    with unit_of_work.reading(scope.of(reader)):
        rows, _ = reading.page(FactFilter(**wanted))
    return [row.kind for row in rows]


def test_facts_are_found_by_person_unit_kind_and_day(app, memory):
    with app.app_context():
        city = people.staff("city_staff", "350400")
        day = portal_clock.today()
        assert found(city, actor=memory.user_id) == ["window.plan"]
        assert found(city, unit=QINGLIU) == ["window.open"]
        assert found(city, unit=MINGXI, kind="window.") == ["window.close", "window.plan"]
        assert found(city, since=day, kind="window.") == ["window.close"]
        # A county finds nothing of its neighbour, whatever it asks for.
        assert found(memory, unit=QINGLIU) == []


def test_a_person_is_found_by_a_part_of_the_name_within_ones_units(app, memory):
    with app.app_context():
        city = people.staff("city_staff", "350400")
        auditor_elsewhere = people.staff("auditor", "320681")
        part = memory.name[:2]
        with unit_of_work.reading(scope.of(city)):
            assert memory.user_id in {one.id for one in fact_filters.people(city, part)}
            assert fact_filters.people(city, "") == ()
            assert fact_filters.people(city, "%") == ()
        with unit_of_work.reading(scope.of(auditor_elsewhere)):
            names = {one.id for one in fact_filters.people(auditor_elsewhere, part)}
        assert memory.user_id not in names


def exported(actor, file, form, **wanted):
    from portal.documents import fact_export

    out = io.BytesIO()
    with unit_of_work.transaction(scope.of(actor)):
        export = audit_export.export(actor, FactFilter(**wanted), "年度审计")
        (fact_export.write_lines if form == "jsonl" else fact_export.write_workbook)(out, export)
    file.write_bytes(out.getvalue())
    return file


def prove(*files):
    run = [sys.executable, str(VERIFIER), *map(str, files)]
    return subprocess.run(run, capture_output=True, text=True, check=False, cwd="/")


@pytest.fixture
def lines(app, memory, tmp_path):
    """The export of a county clerk: two facts of three, and the anchor."""
    with app.app_context():
        return exported(memory, tmp_path / "facts.jsonl", "jsonl", kind="window.")


def test_an_export_is_proved_without_the_portal(lines, folder):
    done = prove(lines, folder / "seals.jsonl")
    assert (done.returncode, done.stdout) == (
        0, "2 facts fit 1 seals; 0 were not sealed yet\n",
    )  # fmt: skip


def test_an_export_holds_nothing_of_the_neighbour_and_no_words(lines, app):
    text = lines.read_text()
    assert "window.open" not in text
    assert QINGLIU not in text
    assert "家长的话" not in text


def changed(lines, change):
    held = [json.loads(line) for line in lines.read_text().splitlines()]
    held = change(held) or held
    lines.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in held))
    return lines


def alter_fact(held):
    held[1]["row"]["kind"] = "window.open"


def alter_fact_and_digest(held):
    import hashlib

    held[1]["row"]["kind"] = "window.open"
    text = json.dumps(
        ["weiguang-seal-1", "facts", held[1]["row"]],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    held[1]["digest"] = hashlib.sha256(text.encode()).hexdigest()


def alter_seal(held):
    held[-1]["rows"] += 1


def swap_facts(held):
    held[1]["row"], held[2]["row"] = held[2]["row"], held[1]["row"]


def leave_one_out(held):
    return [held[0], *held[2:]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (alter_fact, "is not what its digest says"),
        (alter_fact_and_digest, "is not in seal 1"),
        (alter_seal, "seal 1 is not what its digest says"),
        (swap_facts, "is not what its digest says"),
        (leave_one_out, "the head speaks of 2 facts"),
    ],
)
def test_a_changed_export_is_told(lines, change, words):
    done = prove(changed(lines, change))
    assert done.returncode == 1
    assert words in done.stdout


def test_an_export_that_the_anchor_does_not_know_is_told(lines, folder):
    file = folder / "seals.jsonl"
    anchored = json.loads(file.read_text())
    file.write_text(json.dumps({**anchored, "digest": "0" * 64}) + "\n")
    done = prove(lines, file)
    assert done.returncode == 1
    assert "seal 1 is not the one that was anchored" in done.stdout


def test_the_workbook_reads_and_says_where_each_fact_is_sealed(app, memory, tmp_path):
    with app.app_context():
        file = exported(memory, tmp_path / "facts.xlsx", "xlsx", kind="window.")
    book = load_workbook(file)
    rows = list(book["操作记录"].iter_rows(values_only=True))
    assert rows[0][:4] == ("时间", "谁", "做了什么", "变化前")
    assert [row[2] for row in rows[1:]] == ["调整征集窗口", "征集窗口截止"]
    assert [row[9] for row in rows[1:]] == ["1", "1"]
    [_, seal] = book["封存"].iter_rows(values_only=True)
    assert len(seal[3]) == 64


def test_who_took_what_and_why_is_written_down(app, memory, lines):
    with app.app_context(), unit_of_work.reading(people.everything()):
        fact = db.session.scalars(select(Fact).where(Fact.kind == "audit.export")).one()
        assert (fact.actor_id, fact.data["count"]) == (memory.user_id, 2)


def test_nothing_leaves_without_a_reason_or_beyond_the_limit(app, memory, monkeypatch):
    with app.app_context(), unit_of_work.reading(scope.of(memory)):
        with pytest.raises(Invalid):
            audit_export.export(memory, FactFilter(), " ")
        monkeypatch.setattr(audit_export, "MOST", 1)
        with pytest.raises(Invalid, match="缩小"):
            audit_export.export(memory, FactFilter(kind="window."), "审计")


def test_the_page_asks_for_a_fresh_proof_before_a_file_leaves(app, client_as, memory):
    browser = client_as(memory)
    given = {"reason": "审计", "form": "xlsx"}
    answer = send(browser, "/audit/export", given)
    assert answer.status_code in (200, 303)
    if answer.status_code == 303:
        assert answer.location.startswith("/confirm?act=audit.export")


def test_a_look_is_owed_to_the_worker_and_its_page_tells(app, client_as, memory):
    browser = client_as(memory)
    assert "还没有核对过" in browser.get("/audit/seals").text
    answer = send(browser, "/audit/seals")
    assert answer.location.startswith("/jobs/")
    from portal.jobs import runner

    with app.app_context():
        with unit_of_work.reading(people.everything()):
            job_id = db.session.scalar(select(Job.id).where(Job.kind == "audit_check"))
        assert runner.run(job_id)
    page = browser.get("/audit/seals").text
    assert "全部吻合" in page
    assert memory.name in page
