"""Programmes, sessions, rotas and rosters in any state, written with the models alone.

``camp = make.programme(kind="camp", days=10)``; ``make.child_in(camp)`` puts a child on its roster;
``make.teacher(camp)`` a person of tier 2 on its rota, with a login that may take attendance.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from uuid import UUID

from portal.core import unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme, ProgrammeAccess, ProgrammeSession
from portal.models.rota import Duty, ProgrammeStaff
from portal.queries import actors
from tests.factories import giving
from tests.factories import wishes as children
from tests.factories.people import MINGXI, SANMING, everything

_number = itertools.count(1)
#: The three roll calls of a camp day (issue 5): 08:30, 14:20, 20:00.
THIRDS = (
    ("morning", "08:30", "11:30"),
    ("afternoon", "14:20", "17:30"),
    ("evening", "20:00", "21:00"),
)


def programme(
    *,
    kind: str = "camp",
    title: str = "「萤火虫」夏令营",
    starts_on: date | None = None,
    days: int = 10,
    capacity: int = 30,
    status: str = "open",
    unit_path: str = MINGXI,
    tenant_path: str = SANMING,
    **more,
) -> SimpleNamespace:
    """Put a programme; return its id, code and days."""
    number, today = next(_number), clock.today()
    starts_on = starts_on or today
    with unit_of_work.transaction(everything()):
        row = Programme(
            tenant_path=tenant_path, unit_path=unit_path, code=f"HD-{today.year}-{5000 + number}",
            kind=kind, title=title, starts_on=starts_on,
            ends_on=starts_on + timedelta(days=days - 1), capacity=capacity, age_min=6, age_max=16,
            ratio=8, venue="明溪县青少年活动中心", status=status, status_since=clock.now(), **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return SimpleNamespace(
            id=row.id, code=row.code, unit_path=unit_path, tenant_path=tenant_path,
            starts_on=row.starts_on, ends_on=row.ends_on, days=days,
        )  # fmt: skip


def session(of: SimpleNamespace, on: date | None = None, *, part: str = "", starts: str = "09:00",
            ends: str = "10:30", status: str = "planned", **more) -> UUID:  # fmt: skip
    """Put one session; return its id."""
    with unit_of_work.transaction(everything()):
        row = ProgrammeSession(
            tenant_path=of.tenant_path, programme_id=of.id, happens_on=on or of.starts_on,
            starts=starts, ends=ends, part=part, status=status, status_since=clock.now(), **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


def thirds(of: SimpleNamespace, on: date | None = None, **more) -> list[UUID]:
    """Put the three roll calls of a camp day."""
    return [session(of, on, part=p, starts=s, ends=e, **more) for p, s, e in THIRDS]


def child_in(of: SimpleNamespace, *, age: int = 10, status: str = "enrolled", called: str = "",
             **more) -> SimpleNamespace:  # fmt: skip
    """Put a child of the register on the roster; return enrolment id, child id and name used."""
    child = children.child(age)
    number = next(_number)
    with unit_of_work.transaction(everything()):
        row = Enrolment(
            programme_id=of.id, child_id=child.id, unit_path=child.unit_path,
            called=called or f"小禾{number}", age=age, roster_no=number, status=status,
            status_since=clock.now(), applied_at=clock.now(), consent_activity=True,
            guardian_name="王秀英", guardian_phone="12000000001", badge=f"badge-{number}", **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return SimpleNamespace(
            id=row.id, child_id=child.id, called=row.called, unit_path=row.unit_path
        )


def teacher(of: SimpleNamespace, name: str = "欧阳晓燕", *, role: str = "teacher",
            duties: bool = True) -> Actor:  # fmt: skip
    """Put a person of tier 2 on the rota of every day; return who they are when they sign in."""
    person = giving.volunteer(name, county="350421")
    with unit_of_work.transaction(everything()):
        staff = ProgrammeStaff(
            tenant_path=of.tenant_path, programme_id=of.id, supporter_id=person.supporter_ids[0],
            user_id=person.user_id, name=name, role=role, status="confirmed",
            status_since=clock.now(),
        )  # fmt: skip
        db.session.add(staff)
        db.session.flush()
        db.session.add(access(of, person.user_id, "teacher"))
        if duties:
            db.session.add_all(
                Duty(
                    tenant_path=of.tenant_path, programme_id=of.id, staff_id=staff.id,
                    supporter_id=staff.supporter_id, happens_on=of.starts_on + timedelta(days=day),
                    starts="08:00", ends="21:00",
                )
                for day in range(of.days)
            )  # fmt: skip
    with unit_of_work.reading(everything()):
        return actors.by_user(person.user_id)


def access(of: SimpleNamespace, user_id: UUID, role: str) -> ProgrammeAccess:
    """Return the row that lets a login work in a programme up to 24 hours after its end."""
    begins = datetime.combine(of.starts_on, time(), clock.SHANGHAI)
    ends = datetime.combine(of.ends_on + timedelta(days=2), time(), clock.SHANGHAI)
    return ProgrammeAccess(
        programme_id=of.id, user_id=user_id, role=role, from_at=begins - timedelta(days=7),
        until_at=ends,
    )  # fmt: skip
