"""The tree of units against domain.md 7 and the rule of 平潭."""

import pytest
from sqlalchemy import func, select

from portal.core import scope, unit_of_work
from portal.domain.actor import SYSTEM
from portal.domain.errors import Conflict, NotFound
from portal.extensions import db
from portal.models.units import Unit
from portal.queries import units as reads
from portal.services import units
from tests.factories.people import everything

#: domain.md 7: townships and villages of 三明's counties, statistical units left out.
SANMING = {
    "350404": (12, 132), "350405": (12, 191), "350421": (9, 96), "350423": (13, 120),
    "350424": (16, 235), "350425": (18, 276), "350426": (15, 271), "350428": (13, 154),
    "350429": (9, 119), "350430": (9, 99), "350481": (15, 263),
}  # fmt: skip


@pytest.fixture(autouse=True)
def inside(app):
    with app.app_context(), unit_of_work.transaction(everything()):
        yield


def villages_of_true_townships(path):
    return sum(len(reads.below(each.path, "village")) for each in reads.below(path, "township"))


def test_sanming_has_the_townships_and_villages_of_the_plan():
    counties = reads.below(reads.get("350400").path, "county")
    found = {
        each.code: (
            len(reads.below(each.path, "township")),
            villages_of_true_townships(each.path),
        )
        for each in counties
    }
    assert found == SANMING
    assert sum(villages for _, villages in found.values()) == 1956


def test_each_authority_answers_for_what_lies_below_it():
    assert {each.code for each in reads.tenants()} == {"350400", "320681", "320682", "320724100"}
    assert reads.get("350421100202").tenant_path == "/35/3504/"
    assert reads.get("320724100001").tenant_path == "/32/3207/320724/320724100/"
    assert reads.get("320724").tenant_path is None


def test_pingtan_reports_to_the_province_whatever_its_digits_say():
    units.open_unit(
        SYSTEM, code="350100", name="福州市", level="city", parent_code="350000", is_tenant=True
    )
    units.open_unit(
        SYSTEM, code="350128", name="平潭综合实验区", level="county", parent_code="350000",
        is_tenant=True,
    )  # fmt: skip
    pingtan = reads.get("350128")
    assert pingtan.path == "/35/350128/"
    fuzhou = scope.Scope(paths=(reads.get("350100").path,))
    province = scope.Scope(paths=("/35/",))
    assert not fuzhou.covers(pingtan.path)
    assert province.covers(pingtan.path)


def test_loading_twice_adds_nothing():
    before = db.session.scalar(select(func.count()).select_from(Unit))
    assert units.load_shipped() == 0
    assert db.session.scalar(select(func.count()).select_from(Unit)) == before


def test_a_unit_needs_a_parent_and_a_code_of_its_own():
    with pytest.raises(NotFound, match="999999"):
        units.open_unit(SYSTEM, code="1", name="某社", level="agency", parent_code="999999")
    with pytest.raises(Conflict, match="350421"):
        units.open_unit(SYSTEM, code="350421", name="明溪", level="county", parent_code="350400")
