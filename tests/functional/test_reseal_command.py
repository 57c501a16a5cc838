"""After a change of FIELD_KEYS everything can be put under the new key, in pieces, and proved."""

import os

import pytest
from sqlalchemy import select, update

from portal.core import unit_of_work
from portal.domain import cipher
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.services import resealing
from tests.factories import people
from tests.factories import wishes as make

CHILDREN = ChildFile.__table__


@pytest.fixture
def rings():
    """The ring of the run, one with a new writing key before it, one with the new key alone."""
    before = cipher.ring()
    fresh = {"k2": os.urandom(32)}
    both = cipher.KeyRing({**fresh, **before.keys}, before.index_key)
    yield before, both, cipher.KeyRing(fresh, before.index_key)
    cipher.install(before)


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["reseal", *words])


def inside(app, act):
    with app.app_context(), unit_of_work.transaction(people.everything()):
        return act()


def stored(app, column):
    """Read a column as it lies in the database."""
    raw = resealing._raw(column)
    return inside(app, lambda: sorted(db.session.scalars(select(raw))))


def test_the_new_key_takes_over_in_pieces_and_the_old_one_can_go(app, run, rings):
    _, both, alone = rings
    with app.app_context():
        names = {make.child(age).name for age in (8, 9, 10, 11, 12)}
    cipher.install(both)
    assert run("--check").exit_code == 1
    done = inside(app, lambda: resealing.step(CHILDREN, rows=2))
    assert (done.unreadable, done.last is None) == (0, False)
    under = [value.split(":")[1] for value in stored(app, CHILDREN.c.name)]
    assert (under.count("k2"), len(under)) == (2, 5)
    went = run("--batch", "2")
    assert went.exit_code == 0, went.output
    assert "child_files" in went.output
    assert not any(name in went.output for name in names)
    assert {value.split(":")[1] for value in stored(app, CHILDREN.c.id_no)} == {"k2"}
    phones = stored(app, GuardianLink.__table__.c.phone)
    assert {value.split(":")[1] for value in phones} == {"k2"}
    again = run()
    assert again.output.splitlines() == ["everything is sealed with the first key"]
    cipher.install(alone)
    assert run("--check").exit_code == 0
    assert set(inside(app, lambda: db.session.scalars(select(ChildFile.name)).all())) == names


def test_what_is_written_meanwhile_wins(app, rings, monkeypatch):
    with app.app_context():
        child = make.child(9).id
    cipher.install(rings[1])
    opened = cipher.KeyRing.unseal

    def slowly(ring, sealed, place):
        if place == "child_files.school":
            newer = update(CHILDREN).where(CHILDREN.c.id == child).values(school="新学校")
            db.session.execute(newer)
        return opened(ring, sealed, place)

    monkeypatch.setattr(cipher.KeyRing, "unseal", slowly)
    inside(app, lambda: resealing.step(CHILDREN))
    monkeypatch.undo()
    assert inside(app, lambda: db.session.get(ChildFile, child).school) == "新学校"


def test_a_value_that_no_key_opens_stops_nothing_and_is_told(app, run, rings):
    with app.app_context():
        spoilt, whole = make.child(9).id, make.child(10).id
    odd = "v1:k0:AAAA:BBBB"
    write = update(CHILDREN).where(CHILDREN.c.id == spoilt)
    raw = resealing._raw(CHILDREN.c.name)
    inside(app, lambda: db.session.execute(write.values({CHILDREN.c.name: _as_stored(odd)})))
    cipher.install(rings[1])
    went = run()
    assert went.exit_code == 1
    assert "1 that no key opens" in went.output
    mine = select(raw).where(CHILDREN.c.id == spoilt)
    assert inside(app, lambda: db.session.scalar(mine)) == odd
    assert inside(app, lambda: resealing.left(CHILDREN)) == 1
    assert inside(app, lambda: db.session.get(ChildFile, whole).name)


def _as_stored(text):
    from sqlalchemy import Text, literal

    return literal(text, Text)
