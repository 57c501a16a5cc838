"""The demo year: the numbers of domain.md 7, every state present, and it ends today."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from portal import demo
from portal.core import unit_of_work
from portal.demo.accounts import accounts
from portal.domain import clock
from portal.domain.actor import SYSTEM, Role
from portal.domain.errors import Conflict
from portal.domain.identity import Sex
from portal.domain.lifecycles import commitments, supporters, wishes
from portal.domain.windows import Occasion
from portal.extensions import db
from portal.models.accounts import RoleGrant
from portal.models.children import CareLedgerRow, ChildFile
from portal.models.records import Fact
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish, WishWindow
from portal.queries import actors, factors, units
from portal.scenarios.verbs import register
from portal.services import accounts as signing_in
from tests.processes import flask
from tests.settings import environment

SANMING, QIDONG = "/35/3504/", "/32/3206/320681/"
#: domain.md 7: orphan, de facto, autism, F2 register, left-behind.
REGISTER = {
    "350404": (17, 60, 41, 118, 31), "350405": (12, 40, 28, 80, 21),
    "350421": (6, 19, 13, 38, 10), "350423": (7, 24, 16, 47, 13),
    "350424": (15, 53, 36, 104, 28), "350425": (17, 59, 40, 116, 31),
    "350426": (20, 70, 48, 138, 37), "350428": (8, 28, 19, 55, 15),
    "350429": (6, 20, 14, 40, 11), "350430": (7, 24, 16, 47, 12),
    "350481": (17, 59, 41, 117, 31),
}  # fmt: skip


@pytest.fixture
def everything(demo_app):
    """The demo as the command loaded it, read with the whole tree open."""
    wide = unit_of_work.system_scope("the tests read everything")
    with demo_app.app_context(), unit_of_work.reading(wide):
        yield


def counted(column, *where):
    return dict(db.session.execute(select(column, func.count()).where(*where).group_by(column)).all())  # fmt: skip


def test_the_demo_year(everything):
    """One load, many questions: loading is what takes the time."""
    registers_are_as_planned()
    people_are_as_planned()
    every_state_is_there()
    it_ends_today()
    each_account_can_sign_in()
    nobody_could_be_real()


def registers_are_as_planned():
    in_form = counted(ChildFile.county_code, ChildFile.left_behind.is_(False))
    left_behind = counted(ChildFile.county_code, ChildFile.left_behind.is_(True))
    for county, (orphan, de_facto, autism, on_form, away) in REGISTER.items():
        kinds = counted(
            ChildFile.primary_category,
            ChildFile.county_code == county,
            ChildFile.left_behind.is_(False),
        )
        others = kinds.pop("other")
        assert kinds == {
            "scattered_orphan": orphan, "de_facto_unattended": de_facto, "autism": autism,
        }  # fmt: skip
        assert sum(kinds.values()) == on_form
        assert in_form[county] == on_form + others
        assert left_behind[county] == away
    lines = counted(CareLedgerRow.tenant_path)
    assert lines[SANMING] == 960


def people_are_as_planned():
    assert counted(Supporter.kind) == {"enterprise": 40, "charity": 12, "individual": 160}
    assert counted(Supporter.is_teacher)[True] == 25
    inside = RoleGrant.tenant_path == SANMING
    roles = counted(RoleGrant.role, inside)
    assert (roles[Role.CHILD_SUPERVISOR], roles[Role.CHILD_DIRECTOR]) == (141, 200)
    assert db.session.scalar(select(func.count(Unit.id)).where(Unit.level == "agency")) == 3
    assert roles[Role.PSYCHOLOGIST] == 2


def every_state_is_there():
    assert set(counted(Wish.status)) == set(wishes.MACHINE.states)
    assert set(counted(Commitment.status)) == set(commitments.MACHINE.states)
    # Erased people are gone: a demo shows the living.
    assert set(counted(Supporter.status)) == set(supporters.MACHINE.states) - {"erased"}
    mine = select(func.count(Wish.id)).where(Wish.tenant_path == SANMING)
    # 30 samples and the four that may not go on as they are.
    assert db.session.scalar(mine) == 34
    assert db.session.scalar(select(func.count(Wish.id)).where(Wish.tenant_path == QIDONG)) == 3
    totals = Counter()
    rows = db.session.execute(
        select(WishWindow.occasion, Wish.est_cost_fen, Wish.file_no)
        .join(WishWindow, WishWindow.id == Wish.window_id)
        .where(Wish.tenant_path == SANMING, Wish.own_words != "")
    )
    for row in rows:
        totals[row.occasion] += row.est_cost_fen
    # 4522 元 of samples, 1113 元 of the four; two have rolled over to the next window.
    assert sum(totals.values()) == (4522 + 180 + 65 + 68 + 800) * 100
    assert set(totals) == set(Occasion)


def it_ends_today():
    newest = db.session.scalar(select(func.max(Fact.at)))
    assert newest <= clock.now()
    assert (clock.now() - newest).total_seconds() < 4 * 3600
    today = clock.today()
    open_now = db.session.scalars(
        select(WishWindow.occasion).where(WishWindow.opens <= today, WishWindow.closes >= today)
    ).all()
    assert len(open_now) >= 2
    grown = select(func.count(ChildFile.id)).where(
        ChildFile.birth_date <= today.replace(year=today.year - 18, day=min(today.day, 28))
    )
    assert db.session.scalar(grown) == 0


def each_account_can_sign_in():
    for account in accounts():
        actor = actors.by_email(account.login)
        assert actor is not None, account.login
        assert actor.is_staff or actor.supporter_ids, account.login
        assert signing_in.check_password(
            email=account.login, password=account.password, address="127.0.0.1"
        )
        assert factors.has_any(actor.user_id) == actor.is_staff, account.login


def nobody_could_be_real():
    wide = unit_of_work.system_scope("the tests read everything")
    with unit_of_work.reading(wide):
        numbers = [*db.session.scalars(select(ChildFile.id_no))]
        numbers += [n for n in db.session.scalars(select(Supporter.id_no)) if n]
        assert len(numbers) == 1227 + 160
        assert all(number.startswith("999") for number in numbers)
        codes = [code for code in db.session.scalars(select(Supporter.uscc)) if code]
        assert len(codes) == 52
        assert all(code[2:5] == "999" for code in codes)


def test_a_second_load_is_refused(app):
    with app.app_context():
        with unit_of_work.transaction(unit_of_work.system_scope("one child")):
            village = register.villages(units.get("350421").path)[0].code
            born = date(clock.today().year - 9, 3, 1)
            child = register.Named("林小雨", Sex.FEMALE, born, village)
            register.add(SYSTEM, "350421", (child,))
        assert demo.is_loaded()
        with pytest.raises(Conflict):
            demo.load()


@pytest.mark.sqlite  # it refuses before it reads a row
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ALLOW_FICTITIOUS_ID": "0"}, "ALLOW_FICTITIOUS_ID"),
        (
            {
                "PORTAL_ENV": "production", "MAIL_BACKEND": "smtp", "METRICS_TOKEN": "m" * 32,
                "PUBLIC_URL": "https://weiguang.example.org",
            },
            "production refuses",
        ),
    ],
)  # fmt: skip
def test_the_command_refuses_where_it_must(databases, settings, words):
    url = databases.copy("demo_refused")
    with pytest.raises(RuntimeError, match=words):
        flask(environment(url, **settings), "demo")
