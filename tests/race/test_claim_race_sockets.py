"""The same race through gunicorn: two web processes, two hundred browsers, one wish."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from sqlalchemy import func, select

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish
from tests.factories import people, promises
from tests.processes import Portal
from tests.race.sockets import at_one_instant, browser
from tests.settings import environment

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
SUPPORTERS = 200
ROUNDS = int(os.environ.get("RACE_ROUNDS_SOCKETS", "2"))


@pytest.fixture
def web(app, tmp_path):
    """The portal of this test's database behind gunicorn, two processes of eight threads."""
    portal = Portal(
        environment(
            app.config["SETTINGS"].database_url,
            QUEUE_URL=f"sqlite:///{tmp_path / 'queue.sqlite3'}",
            STORAGE_URL=f"file:{tmp_path / 'files'}",
            MAIL_DIR=str(tmp_path / "mail"),
        ),
        tmp_path / "logs",
        workers=2,
    )
    try:
        yield portal.start(worker=False)
    finally:
        portal.stop()


def test_two_hundred_browsers_and_one_wish(app, web):
    with app.app_context():
        with unit_of_work.reading(people.everything()):
            tenant = db.session.scalar(select(Unit.id).where(Unit.path == people.SANMING))
        promises.change(Unit, tenant, settings={"quota_individual": 100_000})
        actors = [people.supporter("individual") for _ in range(SUPPORTERS)]
        hung = promises.hung(cards=ROUNDS)
    browsers = [browser(app, web.port, actor) for actor in actors]
    for one in hung:
        said = Counter(at_one_instant(browsers, f"/wishes/{one.code}/claim"))
        assert said == {303: 1, 409: SUPPORTERS - 1}, web.log("web")[-2000:]
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(func.count()).select_from(Commitment)) == ROUNDS
        assert Counter(db.session.scalars(select(Wish.status))) == {"reserved": ROUNDS}


def test_one_submit_sent_again_and_again_over_sockets(app, web):
    with app.app_context():
        actor = people.supporter("individual")
        [hung] = promises.hung()
    windows = [browser(app, web.port, actor) for _ in range(20)]
    said = at_one_instant(
        windows, f"/wishes/{hung.code}/claim", idempotency_key="pressed-twenty-times"
    )
    assert set(said) == {303}
    with app.app_context(), unit_of_work.reading(people.everything()):
        assert db.session.scalar(select(func.count()).select_from(Commitment)) == 1
