"""Puts an after-school room of today into a running portal's database; prints what a walk needs.

Run as a program, with the portal's environment: its factories write past every page.
"""

from __future__ import annotations

import itertools
import json
import secrets
import sys
from datetime import timedelta

from flask import Flask, session

from portal import create_app
from portal.core import unit_of_work
from portal.domain import clock, pickup_codes
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.accounts import UserSession
from portal.models.enrolments import Enrolment, PickupPerson
from portal.queries import actors
from tests.factories import people
from tests.factories import programmes as make
from tests.factories import wishes as children

NAMES = ("小灵", "小浩", "小梅", "思远", "雨桐", "子涵")
CODE = "246810"


def main() -> None:
    """Make a room with six children, two teachers, sessions of today and tomorrow."""
    app = create_app()
    # Several rooms in one database: each run counts from somewhere else.
    for counting in (make, people, children):
        counting._number = itertools.count(1000 + secrets.randbelow(8000))
    with app.app_context():
        room = make.programme(kind="after_school", title="儿童学校", days=3)
        today = make.session(room, starts="00:00", ends="23:59")
        make.session(room, clock.today() + timedelta(days=1), starts="16:00", ends="17:30")
        on_roll = [make.child_in(room, called=name) for name in NAMES]
        with unit_of_work.transaction(people.everything()):
            for number, child in enumerate(on_roll, 1):
                row = db.session.get(Enrolment, child.id)
                row.roster_no, row.badge = number, f"badge-of-{number}"
            db.session.add(
                PickupPerson(
                    enrolment_id=on_roll[0].id, programme_id=room.id, name="王秀英",
                    unit_path=on_roll[0].unit_path, relation="mother", phone="12000000001",
                    code_hash=pickup_codes.hashed(CODE),
                )
            )  # fmt: skip
        first, second = make.teacher(room), make.teacher(room, "张老师")
        said = {
            "session": str(today), "cookie": app.config["SESSION_COOKIE_NAME"],
            "first": cookie_of(app, first), "second": cookie_of(app, second),
        }  # fmt: skip
    sys.stdout.write(json.dumps(said))


def cookie_of(app: Flask, actor: Actor) -> str:
    """Return the cookie of a session that this person has opened."""
    token = secrets.token_urlsafe(16)
    with unit_of_work.transaction(people.everything()):
        db.session.add(
            UserSession(
                user_id=actor.user_id, token_hash=actors.token_hash(token), stage="open",
                created_at=clock.now(), expires_at=clock.now() + timedelta(days=1),
                last_seen_at=clock.now(),
            )
        )  # fmt: skip
    with app.test_request_context():
        session.update({"_user_id": token, "_fresh": True})
        return str(app.session_interface.get_signing_serializer(app).dumps(dict(session)))


if __name__ == "__main__":
    main()
