"""The change of 三明 in 2021, played over every table there is: 梅列+三元 → 三元区, 沙县 → 沙县区."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect, select, text

from portal.core import facts, scope, unit_of_work
from portal.domain.actor import SYSTEM, Role
from portal.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, WrongState
from portal.extensions import db
from portal.models import Base
from portal.models.accounts import RoleGrant
from portal.models.records import Fact
from portal.models.units import Unit, UnitChange
from portal.queries import actors, unit_changes, unit_planning, units
from portal.queries import facts as memory
from portal.queries import ledger as ledger_reading
from portal.services import unit_changes as changing
from portal.services import unit_moves
from portal.services import units as tree_service
from tests.factories import people, tree
from tests.factories.anything import row_of

#: A village of each former county, and where it lies after the change (国函〔2021〕11号).
EAST, EAST_NOW = (
    "/35/3504/350402/350402001/350402001001/",
    "/35/3504/350404/350404001/350404001001/",
)
TOWN, TOWN_NOW = (
    "/35/3504/350403/350403001/350403001001/",
    "/35/3504/350404/350404002/350404002001/",
)
MODELS = sorted(scope.scoped_models(), key=lambda model: model.__name__)
MOVING = [model for model in MODELS if model.__tablename__ not in unit_changes.KEEPS_PATH]


@pytest.fixture
def two(app, clock):
    """Two administrators of 三明, in 2020's tree."""
    with app.app_context():
        tree.as_of_2020()
        yield tree.admins()


def everything():
    return unit_of_work.reading(people.everything())


def paths_of(model):
    column = model.unit_path if "unit_path" in model.__table__.c else model.tenant_path
    with everything() as session:
        return set(session.scalars(select(column)))


def fact_at(path):
    with unit_of_work.transaction(people.everything()):
        return facts.publish("test.done", actor=SYSTEM, unit_path=path).id


def test_two_counties_become_one(two):
    tree.merge_of_2021(*two)
    new = units.get(tree.NEW_SANYUAN)
    assert (new.name, new.level, new.path) == ("三元区", "county", "/35/3504/350404/")
    assert new.tenant_path == people.SANMING
    towns = {(row.code, row.name) for row in units.below(new.path, "township")}
    # 350402001 and 350403001 would both be 350404001: the second takes the next number.
    assert towns == {
        ("350404001", "列东街道"),
        ("350404002", "城关街道"),
        ("350404100", "陈大镇"),
    }
    villages = {(row.code, row.name, row.path) for row in units.below(new.path, "village")}
    assert ("350404002001", "新亭社区", TOWN_NOW) in villages
    assert len(villages) == 3
    counties = {row.name for row in units.below(people.SANMING, "county")}
    assert "梅列区" not in counties
    assert sum(name == "三元区" for name in counties) == 1


def test_a_new_code_is_carried_down_and_a_new_name_is_a_second_act(two):
    first, second = two
    recode = tree.proposed(first, tree.SHAXIAN, "recode", code=tree.NEW_SHAXIAN)
    tree.confirmed(second, recode, "沙县")
    rename = tree.proposed(first, tree.NEW_SHAXIAN, "rename", name="沙县区")
    tree.confirmed(first, rename, "沙县")
    row = units.get(tree.NEW_SHAXIAN)
    assert (row.name, row.path) == ("沙县区", "/35/3504/350405/")
    assert [one.code for one in units.below(row.path, "village")] == ["350405100201"]
    lines = [
        (one.kind, one.old_code, one.old_name, one.document_no)
        for one in unit_changes.history(row.id)
    ]
    assert lines == [
        ("rename", "350405", "沙县", tree.DOCUMENT),
        ("recode", "350427", "沙县", tree.DOCUMENT),
    ]


def test_a_row_of_any_table_comes_along(two, subtests):
    with unit_of_work.transaction(people.everything()):
        for model in MOVING:
            row_of(model, EAST, people.SANMING)
        # A ledger that waits for its import would hold the merge up: another test's subject.
        db.session.execute(text("UPDATE import_batches SET status = 'applied'"))
    before = {model: paths_of(model) for model in MOVING}
    tree.merge_of_2021(*two)
    for model in MOVING:
        with subtests.test(model.__name__):
            after = paths_of(model)
            if "unit_path" in model.__table__.c:
                assert EAST in before[model]
                assert EAST_NOW in after
                assert not any(path.startswith(tree.MEILIE_PATH) for path in after)
            else:
                assert people.SANMING in before[model] & after


def test_what_keeps_its_path_is_exactly_what_may_not_be_changed(app, database_kind):
    with app.app_context():
        asked = (
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"
            if database_kind == "postgresql"
            else "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_update'"
        )
        fixed = set(db.session.scalars(text(asked)))
        with_path = {
            table.name
            for table in Base.metadata.sorted_tables
            if {"unit_path", "tenant_path", "old_path"} & set(table.c.keys())
        }
    # A note hangs on its fact: it may be erased, and stays where the fact is.
    assert (fixed & with_path) | {"fact_notes"} == unit_changes.KEEPS_PATH


def test_the_county_reads_its_old_facts_and_a_foreign_one_does_not(two):
    meilie, sanyuan = (people.staff("county_staff", code) for code in (tree.MEILIE, tree.SANYUAN))
    mingxi = people.staff("county_staff", "350421")
    east, town = fact_at(EAST), fact_at(TOWN)
    tree.merge_of_2021(*two)
    for clerk in (meilie, sanyuan):
        now = actors.by_user(clerk.user_id)
        assert [grant.path for grant in now.grants] == ["/35/3504/350404/"]
        assert now.paths() == (
            tree.MEILIE_PATH, tree.SANYUAN_PATH, "/35/3504/350404/",
        )  # fmt: skip
        assert read_by(now) == {east, town}
        assert now.has(Role.COUNTY_STAFF, EAST)
    assert read_by(actors.by_user(mingxi.user_id)) == set()


@pytest.mark.postgres
def test_row_security_alone_follows_the_former_paths(two):
    clerk = people.staff("county_staff", tree.MEILIE)
    foreign = people.staff("county_staff", "350421")
    east = fact_at(EAST)
    tree.merge_of_2021(*two)
    with scope.orm_wall_off():
        assert read_by(actors.by_user(clerk.user_id)) == {east}
        assert read_by(actors.by_user(foreign.user_id)) == set()


def read_by(actor):
    with unit_of_work.reading(scope.of(actor)) as session:
        return set(session.scalars(select(Fact.id).where(Fact.kind == "test.done")))


def test_an_old_fact_names_its_unit_as_it_was(two):
    first, second = two
    clerk = people.staff("county_staff", tree.SHAXIAN)
    unit_id = tree.unit_id(tree.SHAXIAN)
    with unit_of_work.transaction(people.everything()) as session:
        subject = session.get(Unit, unit_id)
        facts.publish("unit.open", actor=SYSTEM, subject=subject, unit_path=tree.SHAXIAN_PATH)
    change = tree.proposed(first, tree.SHAXIAN, "recode", code=tree.NEW_SHAXIAN)
    tree.confirmed(second, change, "沙县")
    rename = tree.proposed(first, tree.NEW_SHAXIAN, "rename", name="沙县区")
    tree.confirmed(first, rename, "沙县")
    with unit_of_work.reading(scope.of(actors.by_user(clerk.user_id))):
        rows = {row.kind: row.unit for row in memory.of_subjects([unit_id])}
    assert rows["unit.open"] == "沙县"
    # What was written after the change stands at the new path, under today's name.
    assert rows["unit.change"] == "沙县区"


def test_a_village_keeps_only_its_own_past(two):
    director = people.staff("child_director", "350402001001")
    other = people.staff("child_director", "350402100201")
    east = fact_at(EAST)
    tree.merge_of_2021(*two)
    assert read_by(actors.by_user(director.user_id)) == {east}
    assert read_by(actors.by_user(other.user_id)) == set()


def test_a_signed_in_clerk_goes_on_without_signing_in_again(app, clock, client_as):
    with app.app_context():
        tree.as_of_2020()
        two = tree.admins()
    clerk = client_as("county_staff", tree.MEILIE)
    assert clerk.get("/children").status_code == 200
    with app.app_context():
        tree.merge_of_2021(*two)
    assert clerk.get("/children").status_code == 200
    with app.app_context():
        [path] = [grant.path for grant in actors.by_user(clerk.actor.user_id).grants]
    assert path == "/35/3504/350404/"


def test_a_ledger_that_waits_holds_the_change_up(two):
    with unit_of_work.transaction(people.everything()):
        row_of(Base.registry._class_registry["ImportBatch"], EAST, people.SANMING)
    with pytest.raises(Invalid, match="台账导入"):
        tree.merge_of_2021(*two)


def test_roles_name_the_unit_that_goes_on(two):
    clerk = people.staff("county_staff", tree.MEILIE)
    tree.merge_of_2021(*two)
    with everything() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.user_id == clerk.user_id)).one()
        assert grant.unit_id == tree.unit_id(tree.NEW_SANYUAN)


def test_old_codes_paths_and_names_still_mean_the_unit(two):
    tree.merge_of_2021(*two)
    for code in (tree.MEILIE, tree.SANYUAN, tree.NEW_SANYUAN):
        assert units.get(code).code == tree.NEW_SANYUAN
    assert units.get("350403001001").code == "350404002001"
    assert units.by_path(TOWN).path == TOWN_NOW
    bureau = units.get("350400")
    resolve = ledger_reading.region_resolver(bureau)
    for typed in (
        "梅列区列东街道东安社区",
        "三元区列东街道东安社区",
        "三明市梅列区列东街道东安社区",
    ):
        assert resolve(typed).code == "350404001001", typed


def test_a_second_merge_passes_the_first_ones_memory_on(two):
    first, second = two
    tree.merge_of_2021(first, second)
    clerk = people.staff("county_staff", tree.SHAXIAN)
    east = fact_at(EAST)
    again = tree.proposed(
        first, tree.NEW_SANYUAN, "merge", others=(tree.unit_id(tree.SHAXIAN),), code=tree.SHAXIAN
    )
    tree.confirmed(second, again, "三元区")
    assert units.get(tree.MEILIE).code == tree.SHAXIAN
    assert units.get("350402001001").path.startswith(tree.SHAXIAN_PATH)
    assert east in read_by(actors.by_user(clerk.user_id))


def test_codes_of_the_past_are_not_given_out_again(two):
    first, _ = two
    tree.merge_of_2021(*two)
    with pytest.raises(Conflict, match=tree.MEILIE), unit_of_work.transaction(scope.of(first)):
        tree_service.open_unit(
            first, code=tree.MEILIE, name="新区", level="county", parent_code="350400"
        )
    with pytest.raises(Invalid, match=tree.MEILIE):
        tree.proposed(first, "350421", "recode", code=tree.MEILIE)
    before = tree_service.load_shipped
    with unit_of_work.transaction(people.everything()):
        tree_service.load(
            [
                {
                    "code": tree.MEILIE,
                    "name": "梅列区",
                    "level": "county",
                    "parent": "350400",
                    "is_pseudo": "0",
                }
            ]
        )
    assert before is not None
    assert units.get(tree.MEILIE).code == tree.NEW_SANYUAN


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("merge", {"code": "350404", "name": "三元区"}),
        ("recode", {"code": "350404"}),
        ("move", {}),
    ],
)
def test_what_rewrites_paths_takes_two_people(two, kind, wanted):
    first, second = two
    if kind == "merge":
        wanted = wanted | {"others": (tree.unit_id(tree.SANYUAN),)}
    if kind == "move":
        code, wanted = "350402100", {"parent_id": tree.unit_id(tree.SANYUAN)}
    else:
        code = tree.MEILIE
    typed = "陈大镇" if kind == "move" else "梅列区"
    change = tree.proposed(first, code, kind, **wanted)
    with pytest.raises(NotAllowed, match="两人把关"):
        tree.confirmed(first, change, typed)
    assert units.get(code).path.startswith(tree.MEILIE_PATH)
    tree.confirmed(second, change, typed)
    assert not units.get(code).path.startswith(tree.MEILIE_PATH)


def test_the_name_is_typed_and_the_day_has_come(two, clock):
    first, second = two
    later = tree.proposed(
        first, tree.SHAXIAN, "recode", code=tree.NEW_SHAXIAN, effective_on=date(2026, 6, 1)
    )
    with pytest.raises(Invalid, match="沙县"):
        tree.confirmed(second, later, "沙县区")
    with pytest.raises(WrongState, match="2026-06-01"):
        tree.confirmed(second, later, "沙县")
    clock.move_to(clock.advance(days=12))
    tree.confirmed(second, later, "沙县")
    assert units.get(tree.NEW_SHAXIAN).name == "沙县"
    with pytest.raises(WrongState), unit_of_work.transaction(scope.of(second)):
        changing.confirm(second, later, typed="沙县", version=2)


@pytest.mark.parametrize(
    ("code", "kind", "wanted", "sentence"),
    [
        ("350427", "recode", {"code": "35042"}, "6 位数字"),
        ("350427100", "recode", {"code": "350427"}, "9 位数字"),
        ("350427100201", "recode", {"code": "35042710020"}, "12 位数字"),
        ("350427", "recode", {"code": "350421"}, "已经用过"),
        ("350427", "recode", {"code": "350427"}, "没有任何变化"),
        ("350427", "rename", {"name": "沙县"}, "没有任何变化"),
        ("350427", "rename", {"name": "沙 县"}, "2 到 60 个字"),
        ("350427", "merge", {"code": "350405", "name": "沙县区"}, "另一个"),
        ("350427", "close", {}, "下面还有没有撤销的单位"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(two, code, kind, wanted, sentence):
    with pytest.raises(Invalid, match=sentence):
        tree.proposed(two[0], code, kind, **wanted)


def test_a_unit_moves_within_its_authority_and_takes_its_county_code_along(two):
    first, second = two
    with unit_of_work.transaction(people.everything()):
        child = row_of(
            Base.registry._class_registry["ChildFile"],
            "/35/3504/350402/350402100/350402100201/", people.SANMING,
            county_code=tree.MEILIE, region_code="350402100201",
        )  # fmt: skip
        child_id = child.id
    move = tree.proposed(
        first, "350402100", "move", parent_id=tree.unit_id(tree.SANYUAN), code="350403100"
    )
    tree.confirmed(second, move, "陈大镇")
    assert units.get("350402100").path == "/35/3504/350403/350403100/"
    with everything() as session:
        moved = session.get(Base.registry._class_registry["ChildFile"], child_id)
        assert moved.unit_path == "/35/3504/350403/350403100/350403100201/"
        assert (moved.county_code, moved.region_code) == (tree.SANYUAN, "350403100201")


def test_nothing_leaves_its_authority_with_rows_that_are_shared_there(app, clock):
    """平潭 reports to the province: empty it may go, with an authority's rows it may not."""
    with app.app_context():
        with unit_of_work.transaction(people.everything()):
            for code, name, level, above, alone in (
                ("350100", "福州市", "city", "350000", True),
                ("350128", "平潭县", "county", "350100", False),
            ):
                tree_service.open_unit(
                    SYSTEM, code=code, name=name, level=level, parent_code=above, is_tenant=alone
                )
        first, second = tree.admins("350000")
        province = units.get("350000")
        with unit_of_work.transaction(people.everything()):
            row_of(Base.registry._class_registry["ChildFile"], "/35/3501/350128/", "/35/3501/")
        with pytest.raises(Invalid, match="1 条记录由原主管单位负责"):
            tree.proposed(first, "350128", "move", parent_id=province.id)
        with unit_of_work.transaction(people.everything()) as session:
            session.execute(text("DELETE FROM child_files"))
        move = tree.proposed(first, "350128", "move", parent_id=province.id)
        tree.confirmed(second, move, "平潭县")
        pingtan = units.get("350128")
        assert (pingtan.path, pingtan.tenant_path) == ("/35/350128/", None)


def test_an_authority_moves_with_its_rows(app, clock):
    with app.app_context():
        with unit_of_work.transaction(people.everything()):
            for code, name, level, above in (
                ("350100", "福州市", "city", "350000"),
                ("350128", "平潭县", "county", "350100"),
            ):
                tree_service.open_unit(
                    SYSTEM, code=code, name=name, level=level, parent_code=above, is_tenant=True
                )
            row_of(
                Base.registry._class_registry["ChildFile"],
                "/35/3501/350128/", "/35/3501/350128/",
            )  # fmt: skip
        first, second = tree.admins("350000")
        clerk = people.staff("county_staff", "350128")
        move = tree.proposed(first, "350128", "move", parent_id=units.get("350000").id)
        tree.confirmed(second, move, "平潭县")
        [grant] = actors.by_user(clerk.user_id).grants
        assert (grant.path, grant.tenant_path) == ("/35/350128/", "/35/350128/")
        with unit_of_work.reading(scope.of(actors.by_user(clerk.user_id))) as session:
            child = session.scalars(select(Base.registry._class_registry["ChildFile"])).one()
            assert (child.unit_path, child.tenant_path) == ("/35/350128/", "/35/350128/")


def test_an_administrator_of_one_county_changes_nothing_of_another(two):
    county = people.staff(Role.PLATFORM_ADMIN, tree.MEILIE)
    with pytest.raises(NotFound):
        tree.proposed(county, tree.SHAXIAN, "rename", name="别县")
    with pytest.raises(Invalid, match="上一级管理员"):
        tree.proposed(county, tree.MEILIE, "rename", name="别区")
    change = tree.proposed(two[0], tree.SHAXIAN, "rename", name="沙县区")
    with pytest.raises(NotFound):
        tree.confirmed(county, change, "沙县")
    stranger = people.staff(Role.COUNTY_STAFF, tree.MEILIE)
    with pytest.raises(NotFound):
        tree.proposed(stranger, "350402100", "rename", name="别镇")


@pytest.mark.parametrize("where", ["_paths", "_repoint", "_refuse_leftovers"])
def test_a_change_that_fails_in_the_middle_leaves_everything_as_it_was(two, monkeypatch, where):
    first, second = two
    with unit_of_work.transaction(people.everything()):
        row_of(Base.registry._class_registry["ChildFile"], EAST, people.SANMING)
    merge = tree.proposed(
        first, tree.MEILIE, "merge",
        others=(tree.unit_id(tree.SANYUAN),), code=tree.NEW_SANYUAN, name="三元区",
    )  # fmt: skip

    def fail(*_):
        raise RuntimeError("the machine stops")

    with monkeypatch.context() as broken:
        broken.setattr(unit_moves, where, fail)
        with pytest.raises(RuntimeError):
            tree.confirmed(second, merge, "梅列区")
    db.session.remove()
    assert units.get(tree.MEILIE).name == "梅列区"
    with everything() as session:
        assert session.scalars(select(UnitChange)).all() == []
        model = Base.registry._class_registry["ChildFile"]
        assert session.scalars(select(model.unit_path)).all() == [EAST]
    tree.confirmed(second, merge, "梅列区")
    assert units.get(tree.MEILIE).code == tree.NEW_SANYUAN


def test_a_row_written_at_the_old_place_during_the_change_is_brought_along(two):
    tree.merge_of_2021(*two)
    with unit_of_work.transaction(people.everything()):
        row_of(Base.registry._class_registry["ChildFile"], EAST, people.SANMING)
    with unit_of_work.transaction(people.everything()):
        assert unit_moves.settle() > 0
    with unit_of_work.transaction(people.everything()):
        assert unit_moves.settle() == 0
    assert paths_of(Base.registry._class_registry["ChildFile"]) == {EAST_NOW}


def test_settling_leaves_what_came_back_to_its_place(two):
    first, second = two
    home, away = tree.unit_id(tree.MEILIE), tree.unit_id(tree.SANYUAN)
    there = tree.proposed(first, "350402100", "move", parent_id=away)
    tree.confirmed(second, there, "陈大镇")
    back = tree.proposed(first, "350402100", "move", parent_id=home, code="350402100")
    tree.confirmed(second, back, "陈大镇")
    path = units.get("350402100").path
    assert path == "/35/3504/350402/350402100/"
    with unit_of_work.transaction(people.everything()):
        row_of(Base.registry._class_registry["ChildFile"], path, people.SANMING)
        assert unit_moves.settle() == 0


def test_the_preview_counts_what_the_change_touches(two):
    people.staff("county_staff", tree.MEILIE)
    with unit_of_work.transaction(people.everything()):
        row_of(Base.registry._class_registry["Wish"], EAST, people.SANMING, status="submitted")
    merge = tree.proposed(
        two[0], tree.MEILIE, "merge",
        others=(tree.unit_id(tree.SANYUAN),), code=tree.NEW_SANYUAN, name="三元区",
    )  # fmt: skip
    with unit_of_work.reading(scope.of(two[0])):
        seen = unit_planning.preview(merge)
    assert len(seen.steps) == 8
    touched = {one.table: one.rows for one in seen.impact.tables}
    assert touched["wishes"] == 1
    assert (seen.impact.people, seen.impact.grants) == (1, 1)
    assert ("心愿", "待督导员审核", 1) in seen.impact.open_work or seen.impact.open_work
    assert seen.refusal is None


def test_closing_asks_for_an_empty_unit(two):
    first, _ = two
    clerk = people.staff("child_director", "350427100201")
    with pytest.raises(Invalid, match="还有人在这里任职"):
        tree.proposed(first, "350427100201", "close")
    with unit_of_work.transaction(people.everything()) as session:
        session.execute(
            text(
                "UPDATE role_grants SET valid_to = '2026-05-01' WHERE unit_path LIKE '%350427100201%'"
            )
        )
    assert clerk.grants
    close = tree.proposed(first, "350427100201", "close")
    tree.confirmed(first, close, "涌溪村")
    assert units.below(tree.SHAXIAN_PATH, "village") == ()
    with pytest.raises(DomainError):
        tree.proposed(first, "350427100201", "rename", name="新涌溪村")


def test_every_column_with_a_path_is_either_moved_or_kept_with_a_reason():
    """A table of tomorrow that says where its rows belong under another name fails here."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == "path" or column.name.endswith("_path")
    }
    moved = {f"{table.name}.{column.name}" for table, column in unit_changes.path_columns()}
    kept = {name for name in named if name.split(".")[0] in unit_changes.KEEPS_PATH}
    # The tree's own paths are planned one by one; a kept form's path is an address of a page.
    assert named == moved | kept | {"units.path", "kept_forms.path"}
    assert inspect(Unit).local_table.name == "units"
