"""Form 1 through the pages: read, previewed, applied in one act, sent out again (S0-F1)."""

import io
import itertools
import re
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql

from portal.core import unit_of_work
from portal.domain import clock as portal_clock
from portal.domain.identity import fictitious_id_number
from portal.extensions import db
from portal.jobs import runner
from portal.models.accounts import User
from portal.models.children import CareLedgerRow, ChildFile, GuardianLink, ImportBatch, ImportRow
from portal.models.records import Fact, Job, Message
from portal.models.sight import AccessRow
from tests.factories import people
from tests.factories import spreadsheets as make
from tests.factories.sights import LogBroken

SAMPLE = Path(__file__).parents[1] / "data" / "ledger_mingxi_2026.xlsx"
HOME = "/children/ledger"
_files = itertools.count(1)


@pytest.fixture
def clerk(client_as, clock):
    """A clerk of 明溪县 on the day the sample was written."""
    clock.move_to(datetime(2026, 3, 20, 10, tzinfo=portal_clock.SHANGHAI))
    return client_as("county_staff", "350421")


@pytest.fixture
def folder(tmp_path):
    """Where a test writes its ledgers."""
    return tmp_path


def token(client):
    page = client.get(HOME).text
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def post(client, path, **data):
    return client.post(path, data={"csrf_token": token(client), **data})


def upload(client, path, bureau="350421", name="台账.xlsx", **more):
    file = (io.BytesIO(Path(path).read_bytes()), name)
    return post(client, HOME, bureau=bureau, file=file, **more)


def uploaded(client, path, **more):
    """Upload and return the address of the batch."""
    answer = upload(client, path, **more)
    assert answer.status_code == 303, answer.text[:2000]
    return answer.location


def counts(app, where):
    """Return the state and the counts of the batch at an address."""
    with app.app_context(), unit_of_work.reading(people.everything()):
        batch = db.session.get(ImportBatch, UUID(where.rsplit("/", 1)[1]))
        return batch.status, batch.counts


def number_of(app, model, **where):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return db.session.scalar(select(func.count()).select_from(model).filter_by(**where))


def children(app, *columns):
    with app.app_context(), unit_of_work.reading(people.everything()):
        wanted = [getattr(ChildFile, name) for name in columns]
        return {tuple(row) for row in db.session.execute(select(*wanted))}


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_sample_previews_exactly_as_its_readme_says(app, clerk):
    where = uploaded(clerk, SAMPLE)
    status, found = counts(app, where)
    assert status == "previewed"
    assert found | {"note": 0} == {
        "new": 30, "changed": 0, "unchanged": 0, "refused": 9, "aside": 1, "note": 0, "absent": 0,
    }  # fmt: skip
    assert number_of(app, ChildFile) == 0
    refused = text(clerk.get(where).text)
    for row in (6, 12, 17, 19, 22, 28, 40, 42, 43):
        assert f"第 {row} 行" in refused
    assert "与第 35 行的号码相同" in refused
    assert "9.994212010122423e+17" in refused
    new = clerk.get(f"{where}?verdict=new").text
    assert "彭怡豪" in new
    assert "9994**********4807" in new
    assert "去掉了多余的空格或全角字符" in new
    assert "已满 18 周岁" in clerk.get(f"{where}?verdict=aside").text


def test_applying_opens_thirty_files_once_however_often_it_is_pressed(app, clerk):
    where = uploaded(clerk, SAMPLE)
    assert post(clerk, f"{where}/apply").status_code == 303
    assert number_of(app, ChildFile, status="active") == 30
    assert number_of(app, GuardianLink) == 30
    assert number_of(app, CareLedgerRow, year=2026) == 30
    assert number_of(app, Fact, kind="child.open") == 30
    assert post(clerk, f"{where}/apply").status_code == 409
    # The same file again is the same upload.
    assert uploaded(clerk, SAMPLE) == where
    assert number_of(app, ChildFile) == 30
    assert counts(app, where)[0] == "applied"


def test_a_file_stands_in_its_village_with_its_category_and_level(app, clerk, folder):
    post(clerk, f"{uploaded(clerk, make_one(folder, 1))}/apply")
    found = children(
        app, "name", "unit_path", "tenant_path", "county_code", "primary_category", "care_level",
        "birth_date", "gender",
    )  # fmt: skip
    assert found == {
        (
            "王小明", "/35/3504/350421/350421200/350421200202/", "/35/3504/", "350421",
            "scattered_orphan", "daily", date(2015, 6, 1), "male",
        )
    }  # fmt: skip


def make_one(folder, *orders, **cells):
    """Write a ledger of clean rows to a temporary file."""
    number = next(_files)
    path = folder / f"{number}.xlsx"
    return make.ledger(path, *[make.row(order, **cells) for order in orders])


def test_names_and_numbers_lie_sealed_in_the_staged_rows(app, clerk):
    uploaded(clerk, SAMPLE)
    with app.app_context(), unit_of_work.reading(people.everything()):
        raw = db.session.scalars(sql("SELECT payload FROM import_rows")).all()
    assert raw
    assert not [payload for payload in raw if "彭怡豪" in payload]


def test_changes_show_old_and_new_and_an_empty_cell_erases_nothing(app, clerk, folder):
    post(clerk, f"{uploaded(clerk, make_one(folder, 1, 3))}/apply")
    changed = make_one(folder, 1, guardian="王建国", phone="12748171741", effect=None)
    where = uploaded(clerk, changed)
    assert counts(app, where)[1]["changed"] == 1
    assert counts(app, where)[1]["absent"] == 1
    page = text(clerk.get(f"{where}?verdict=changed").text)
    assert "王大明 王建国" in page
    assert "127****1740 12748171741" in page
    assert "学习进步" not in page
    post(clerk, f"{where}/apply")
    with app.app_context(), unit_of_work.reading(people.everything()):
        names = set(db.session.scalars(select(GuardianLink.name)))
        effects = set(db.session.scalars(select(CareLedgerRow.effect)))
    assert names == {"王大明", "王建国"}
    assert effects == {"学习进步"}
    assert number_of(app, Fact, kind="child.change") == 1


def test_a_child_that_moved_takes_its_papers_along(app, clerk, folder):
    post(clerk, f"{uploaded(clerk, make_one(folder, 1))}/apply")
    post(clerk, f"{uploaded(clerk, make_one(folder, 1, region='雪峰镇中山居委会'))}/apply")
    moved = "/35/3504/350421/350421100/350421100005/"
    assert children(app, "unit_path") == {(moved,)}
    assert number_of(app, GuardianLink, unit_path=moved) == 1
    assert number_of(app, CareLedgerRow, unit_path=moved) == 1


def test_next_years_ledger_lists_the_same_child_again(app, clerk, folder, tmp_path):
    post(clerk, f"{uploaded(clerk, make_one(folder, 1))}/apply")
    rows = [["2027年台账"], make.HEADERS, make.row(1)]
    where = uploaded(clerk, make.xlsx(tmp_path / "a.xlsx", {"台账": rows}))
    assert "列入 2027 年台账" in text(clerk.get(f"{where}?verdict=changed").text)
    post(clerk, f"{where}/apply")
    assert number_of(app, ChildFile) == 1
    assert number_of(app, CareLedgerRow) == 2


def test_over_age_on_the_register_ages_out_when_applied(app, clerk, clock, folder):
    born = date(2008, 4, 1)
    cells = {"birth": "2008年04月", "id_number": fictitious_id_number("350421", born, 1)}
    post(clerk, f"{uploaded(clerk, make_one(folder, 1, **cells))}/apply")
    clock.move_to(datetime(2026, 4, 1, 9, tzinfo=portal_clock.SHANGHAI))
    where = uploaded(clerk, make_one(folder, 1, **cells, effect="成年"))
    assert counts(app, where)[1]["aside"] == 1
    post(clerk, f"{where}/apply")
    assert children(app, "status") == {("aged_out",)}
    assert number_of(app, Fact, kind="child.age_out") == 1


def test_a_number_on_file_in_another_county_goes_back_without_its_name(
    app, client_as, clerk, folder
):
    there = client_as("county_staff", "350424")
    rows = {"region": "城郊镇", "id_number": fictitious_id_number("350424", date(2015, 6, 1), 1)}
    post(there, f"{uploaded(there, make_one(folder, 1, **rows), bureau='350424')}/apply")
    assert number_of(app, ChildFile) == 1
    where = uploaded(clerk, make_one(folder, 1, id_number=rows["id_number"]))
    page = text(clerk.get(f"{where}?verdict=refused").text)
    assert "已在别的单位建档" in page
    assert "宁化" not in page
    # The city sees both counties, so it is told which one.
    city = client_as("city_staff")
    # The very upload of the county tells the city more than the county: names follow the reader.
    page = text(city.get(f"{where}?verdict=refused").text)
    assert "已在城郊镇建档" in page


def test_another_authority_is_not_even_hinted_at(app, client_as, clerk, folder):
    there = client_as("county_staff", "320681")
    cells = {"region": "汇龙镇"}
    post(there, f"{uploaded(there, make_one(folder, 1, **cells), bureau='320681')}/apply")
    where = uploaded(clerk, make_one(folder, 1))
    assert counts(app, where)[1]["new"] == 1


def test_uploads_of_other_bureaus_do_not_exist(client_as, clerk):
    where = uploaded(clerk, SAMPLE)
    stranger = client_as("county_staff", "350424")
    assert stranger.get(where).status_code == 404
    assert stranger.get(f"{where}/rejects.xlsx").status_code == 404
    for act in ("apply", "recheck", "discard"):
        assert post(stranger, f"{where}/{act}").status_code == 404
    assert upload(stranger, SAMPLE, bureau="350421").status_code in {404, 422}


def test_the_city_reads_masks(client_as, clerk):
    where = uploaded(clerk, SAMPLE)
    page = client_as("city_staff").get(f"{where}?verdict=new").text
    assert "彭**" in page
    assert "彭怡豪" not in page


def test_a_register_that_changed_since_the_preview_is_not_overwritten(
    app, client_as, clerk, folder
):
    waiting = uploaded(clerk, make_one(folder, 1, guardian="王建国"))
    colleague = client_as("county_staff", "350421")
    post(colleague, f"{uploaded(colleague, make_one(folder, 1))}/apply")
    answer = post(clerk, f"{waiting}/apply")
    assert answer.status_code == 409
    assert "重新核对" in answer.text
    assert number_of(app, ChildFile) == 1
    assert post(clerk, f"{waiting}/recheck").status_code == 303
    assert "王大明 王建国" in text(clerk.get(f"{waiting}?verdict=changed").text)
    assert post(clerk, f"{waiting}/apply").status_code == 303
    assert number_of(app, ChildFile) == 1


def test_the_rejects_corrected_come_in_and_nothing_else_does(app, clerk, tmp_path):
    where = uploaded(clerk, SAMPLE)
    post(clerk, f"{where}/apply")
    answer = clerk.get(f"{where}/rejects.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.active
    assert sheet.max_row >= 13
    row = next(r for r in sheet.iter_rows(4, 13) if "第 22 行" in r[12].value)
    row[6].value = "姜大明"
    path = tmp_path / "back.xlsx"
    book.save(path)
    again = uploaded(clerk, path)
    assert counts(app, again)[1]["new"] == 1
    post(clerk, f"{again}/apply")
    assert number_of(app, ChildFile) == 31


def test_discarding_changes_nothing_and_the_file_may_come_again(app, clerk):
    where = uploaded(clerk, SAMPLE)
    assert post(clerk, f"{where}/discard").status_code == 303
    assert number_of(app, ChildFile) == 0
    assert counts(app, where)[0] == "discarded"
    assert uploaded(clerk, SAMPLE) != where


def test_an_applied_file_is_compared_anew_only_on_request(app, clerk, folder):
    path = make_one(folder, 1)
    where = uploaded(clerk, path)
    post(clerk, f"{where}/apply")
    assert "以前上传过" in clerk.get(uploaded(clerk, path)).text
    answer = post(clerk, f"{where}/again")
    assert answer.location != where
    assert counts(app, answer.location)[1]["unchanged"] == 1


def test_a_file_that_is_no_ledger_is_refused_beside_the_field(app, clerk, tmp_path):
    answer = upload(clerk, make.zip_bomb(tmp_path / "bomb.xlsx"))
    assert answer.status_code == 422
    assert "大得不正常" in answer.text
    assert number_of(app, ImportBatch) == 0


def export(client, bureau="350421", year=2026, reason="报市局"):
    people.prove(client, "ledger.export")
    return post(client, f"{HOME}/export", bureau=bureau, year=year, reason=reason)


def test_the_export_comes_back_unchanged_and_who_took_it_is_on_record(app, clerk, tmp_path):
    post(clerk, f"{uploaded(clerk, SAMPLE)}/apply")
    answer = export(clerk)
    assert answer.status_code == 200
    path = tmp_path / "out.xlsx"
    path.write_bytes(answer.data)
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A1"].value.startswith("2026年社会散居孤儿")
    assert sheet["F4"].value == "999421202011283998"
    found = counts(app, uploaded(clerk, path))[1]
    assert (found["new"], found["changed"], found["unchanged"]) == (0, 0, 30)
    with app.app_context(), unit_of_work.reading(people.everything()):
        fact = db.session.scalar(select(Fact).where(Fact.kind == "ledger.export"))
        assert fact.data == {"year": 2026, "whole": 1}
        row = db.session.scalars(select(AccessRow)).one()
        assert (row.field, row.actor_id, row.fact_id, row.unit_path) == (
            "ledger", clerk.actor.user_id, fact.id, "/35/3504/350421/",
        )  # fmt: skip
        child_id = db.session.scalars(select(ChildFile.id)).first()
    assert "导出台账（完整号码）" in clerk.get(f"/children/{child_id}/looks").text


def test_an_export_without_a_reason_is_refused_and_the_citys_is_masked(app, clerk, client_as):
    post(clerk, f"{uploaded(clerk, SAMPLE)}/apply")
    assert export(clerk, reason=" ").status_code == 422
    answer = export(client_as("city_staff"), reason="抽查")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet["F4"].value == "9994**********3998"
    assert sheet["C4"].value == "叶**"
    assert number_of(app, AccessRow) == 0
    with LogBroken(app):
        refused = export(clerk)
    assert refused.status_code == 503
    assert b"999421202011283998" not in refused.data


def big(folder, rows=2001):
    born = date(2015, 6, 1)
    lines = []
    for place in range(rows):
        day = date.fromordinal(born.toordinal() + place // 900)
        lines.append(make.row(place % 900 + 1, day))
    return make.ledger(folder / "big.xlsx", *lines)


def jobs_waiting(app, kind):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return list(db.session.scalars(select(Job.id).where(Job.kind == kind)))


def test_a_large_ledger_goes_through_the_worker(app, clerk, tmp_path):
    where = uploaded(clerk, big(tmp_path))
    assert counts(app, where)[0] == "reading"
    assert "您可以离开" in clerk.get(where).text
    [job] = jobs_waiting(app, "ledger_read")
    with app.app_context():
        assert runner.run(job)
        assert not runner.run(job)
    assert counts(app, where)[0] == "previewed"
    assert counts(app, where)[1]["new"] == 2001
    post(clerk, f"{where}/apply")
    assert number_of(app, ChildFile) == 0
    post(clerk, f"{where}/apply")
    [job] = jobs_waiting(app, "ledger_apply")
    with app.app_context():
        assert runner.run(job)
    assert counts(app, where)[0] == "applied"
    assert number_of(app, ChildFile) == 2001
    assert number_of(app, Fact, kind="child.open") == 2001


def test_the_worker_says_why_a_file_cannot_be_read(app, clerk, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" * 120_000)
    where = uploaded(clerk, path, name="a.csv")
    [job] = jobs_waiting(app, "ledger_read")
    with app.app_context():
        assert runner.run(job)
    assert counts(app, where)[0] == "failed"
    assert "没有找到台账的表头" in clerk.get(where).text


def test_a_clerk_whose_role_has_ended_applies_nothing(app, clerk, tmp_path):
    where = uploaded(clerk, big(tmp_path))
    [job] = jobs_waiting(app, "ledger_read")
    with app.app_context():
        runner.run(job)
    post(clerk, f"{where}/apply")
    with app.app_context(), unit_of_work.transaction(people.everything()):
        user = db.session.get(User, clerk.actor.user_id)
        user.disabled_at = portal_clock.now()
    [job] = jobs_waiting(app, "ledger_apply")
    with app.app_context():
        assert not runner.run(job)
    assert number_of(app, ChildFile) == 0


def test_staged_rows_stay_with_their_bureau(app, clerk):
    uploaded(clerk, SAMPLE)
    assert number_of(app, ImportRow, unit_path="/35/3504/350421/") >= 40


def mails(app):
    with app.app_context(), unit_of_work.reading(people.everything()):
        return list(db.session.scalars(select(Message.template).order_by(Message.created_at)))


def test_only_what_the_worker_did_is_mailed(app, clerk, tmp_path):
    uploaded(clerk, SAMPLE)
    assert mails(app) == []
    where = uploaded(clerk, big(tmp_path))
    with app.app_context():
        runner.run(jobs_waiting(app, "ledger_read")[0])
    assert mails(app) == ["import_ready"]
    post(clerk, f"{where}/apply")
    with app.app_context():
        runner.run(jobs_waiting(app, "ledger_apply")[0])
    assert mails(app) == ["import_ready", "import_applied"]
