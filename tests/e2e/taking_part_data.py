"""A camp that takes applications, a family's link, a person of tier 2: for the walk of taking part.

Runs as a program in the portal's own environment and says what it made as JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
from datetime import timedelta

from sqlalchemy import select

from portal import create_app
from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.domain.identity import age_on
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.models.rights import GuardianAccess
from portal.queries import actors
from portal.queries.guardians import given_name
from portal.services import guardians
from tests.factories import programmes as make
from tests.factories.people import everything

CODE, TITLE = "HD-2026-8101", "「小小灯火」冬令营"
DAYS_AHEAD, AGES = 40, (6, 16)


def _camp() -> None:
    first = clock.today() + timedelta(days=DAYS_AHEAD)
    # The demo's own programmes count from one.
    make._number = itertools.count(8100)
    made = make.programme(title=TITLE, starts_on=first, capacity=2)
    with unit_of_work.transaction(everything()):
        row = db.session.get_one(Programme, made.id)
        row.code, row.venue = CODE, "明溪县青少年活动中心"


def _child(director) -> tuple:
    """Return a child of the director's village with a guardian who has a telephone."""
    first = clock.today() + timedelta(days=DAYS_AHEAD)
    busy = select(Enrolment.child_id)
    with unit_of_work.reading(scope.of(director)):
        rows = db.session.execute(
            select(ChildFile, GuardianLink)
            .join(GuardianLink, GuardianLink.child_id == ChildFile.id)
            .where(ChildFile.status == "active", ChildFile.id.not_in(busy))
            .order_by(ChildFile.birth_date)
        ).all()
        for child, guardian in rows:
            if guardian.phone and AGES[0] <= age_on(child.birth_date, first) <= AGES[1]:
                return child.id, given_name(child.name), guardian.id, guardian.phone
    raise LookupError


def main() -> None:
    """Make it all and say where it lies."""
    _camp()
    director = actors.by_email("director@example.org")
    volunteer = actors.by_email("volunteer@example.org")
    child_id, name, guardian_id, phone = _child(director)
    with unit_of_work.transaction(scope.of(director)):
        link = guardians.issue(director, child_id, guardian_id, "paper")
        row = db.session.get_one(GuardianAccess, link)
        token = guardians.token_of(row.id, row.expires_at)
    said = {
        "child": str(child_id), "name": name, "token": token, "last": phone[-4:],
        "volunteer": str(volunteer.supporter_ids[0]),
    }  # fmt: skip
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    with create_app().app_context():
        main()
