"""People and checks for the tests of tier 2: an admitted person, clerks, a whole passport."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.standings import Clearance
from portal.models.supporters import Supporter
from portal.queries import actors
from portal.services import clearances, passports, vetting
from portal.services.passports import Finding
from tests.factories import applicants, people


@contextmanager
def acting(actor):
    """Open a transaction in somebody's own scope."""
    with unit_of_work.transaction(scope.of(actor)):
        yield


def do(verb, actor, *args, **given):
    """Do one thing as somebody, in a transaction of its own, with their roles of this moment."""
    fresh = actors.by_user(actor.user_id)
    with acting(fresh):
        return verb(fresh, *args, **given)


def clerk(unit="350421"):
    return people.staff("county_staff", unit)


def admitted(first, kind="individual", **changes):
    """Return somebody whom a clerk has admitted to tier 1, and the supporter's id."""
    person, supporter_id = applicants.applied(kind, **changes)
    do(vetting.start_check, first, supporter_id)
    confirmed = {"identity_confirmed": True, "documents_confirmed": kind != "individual"}
    do(vetting.approve, first, supporter_id, **confirmed)
    return person, supporter_id


def ask(person, supporter_id, **ties):
    given = {"pledge": True, "relative_of_child": False, "works_for_bureau": False, **ties}
    return do(clearances.ask, person, supporter_id, **given)


def finding(kind, **changes):
    given = {
        "offence": {"result": "none", "office": "明溪县公安局"},
        "interview": {"result": "suitable", "office": "陈秀英"},
        "training": {"minutes": 120, "office": "县未保中心"},
    }.get(kind, {})
    return Finding(**{"kind": kind, "done_on": clock.today(), **given, **changes})


def record(actor, supporter_id, *kinds, **changes):
    for kind in kinds or ("offence", "interview", "training"):
        do(passports.record_check, actor, supporter_id, finding(kind, **changes))


def granted(first, second, person, supporter_id):
    """Bring an admitted person to tier 2 by two clerks."""
    ask(person, supporter_id)
    record(first, supporter_id)
    do(clearances.recommend, first, supporter_id)
    do(clearances.approve, second, supporter_id)


def tier2(supporter_id):
    with unit_of_work.reading(people.everything()):
        row = db.session.scalar(select(Clearance).where(Clearance.supporter_id == supporter_id))
        return (row.status, row.valid_to) if row else None


def tier(supporter_id):
    with unit_of_work.reading(people.everything()):
        return db.session.get(Supporter, supporter_id).tier


def state(supporter_id):
    return applicants.row(supporter_id, "status")


def pairing(pairing_id):
    with unit_of_work.reading(people.everything()):
        row = db.session.get(Pairing, pairing_id)
        return row.status, row.paused_reason


def everything():
    """Open a transaction over the whole tree, as the worker does."""
    return unit_of_work.transaction(people.everything())


TODAY = date(2026, 5, 20)
