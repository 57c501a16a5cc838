"""What may be applied for today, and for whom: the choices of an application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.enrolments import last_day
from portal.domain.errors import NotFound
from portal.domain.identity import age_on
from portal.domain.masking import Kind
from portal.domain.programmes import KINDS
from portal.domain.sight import show
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.models.units import Unit
from portal.queries import enrolments

#: More children than this are not offered in one list; the county finds them on the register.
CHOICES_MOST = 500


@dataclass(frozen=True, slots=True)
class OpenProgramme:
    """A programme that takes applications today."""

    id: UUID
    code: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    last_day: date
    ages: tuple[int, int]
    capacity: int
    places_by: str
    venue: str


def open_programmes() -> tuple[OpenProgramme, ...]:
    """Return the programmes in reach that take applications today, the nearest first."""
    today = clock.today()
    rows = db.session.scalars(
        select(Programme)
        .where(
            Programme.status == "open",
            Programme.starts_on > today,
            or_(Programme.register_from.is_(None), Programme.register_from <= today),
        )
        .order_by(Programme.starts_on, Programme.code)
    )
    found = [_open(row) for row in rows]
    return tuple(one for one in found if one.last_day >= today)


def open_programme(programme_id: UUID) -> OpenProgramme:
    """Return one of them; NotFound for any other."""
    for one in open_programmes():
        if one.id == programme_id:
            return one
    raise NotFound


def may_apply(actor: Actor, programme_id: UUID) -> tuple[tuple[str, str], ...]:
    """Return the children of one's units whom a programme takes: pairs (id, name and age).

    Who is in it already, or outside its ages on the first day, is left out; a class for carers
    takes them whatever the age.
    """
    programme = db.session.get_one(Programme, programme_id)
    held = select(Enrolment.child_id).where(
        Enrolment.programme_id == programme_id, Enrolment.status.not_in(("dropped", "refused"))
    )
    prefix = programme.unit_path
    rows = db.session.execute(
        select(ChildFile, Unit.name.label("unit"))
        .join(Unit, Unit.path == ChildFile.unit_path)
        .where(
            ChildFile.status == "active",
            ChildFile.unit_path >= prefix,
            ChildFile.unit_path < prefix[:-1] + "0",
            ChildFile.id.not_in(held),
        )
        .order_by(ChildFile.unit_path, ChildFile.birth_date)
        .limit(CHOICES_MOST)
    ).all()
    return tuple(
        (str(row.ChildFile.id), _child_label(actor, row, programme))
        for row in rows
        if _fits(row.ChildFile, programme)
    )


def siblings(actor: Actor, programme_id: UUID) -> tuple[tuple[str, str], ...]:
    """Return the enrolments of one's units that a sibling may be joined to."""
    rows = db.session.execute(
        enrolments.chosen().where(
            Enrolment.programme_id == programme_id,
            Enrolment.status.in_(("applied", "consented")),
            Enrolment.participant == "child",
        )
    ).all()
    return tuple((str(row.Enrolment.id), enrolments.row_of(actor, row).child) for row in rows)


def _fits(child: ChildFile, programme: Programme) -> bool:
    age = age_on(child.birth_date, programme.starts_on)
    is_carers = KINDS[programme.kind].participants == "carer"
    return is_carers or programme.age_min <= age <= programme.age_max


def _child_label(actor: Actor, row: Any, programme: Programme) -> str:
    child = row.ChildFile
    name = show(actor, Kind.NAME, child.name, child.unit_path)
    return f"{name} · {age_on(child.birth_date, programme.starts_on)}岁 · {row.unit}"


def _open(row: Programme) -> OpenProgramme:
    return OpenProgramme(
        row.id, row.code, row.title, KINDS[row.kind].label, row.starts_on, row.ends_on,
        last_day(row.starts_on, row.register_until), (row.age_min, row.age_max), row.capacity,
        row.places_by, row.venue,
    )  # fmt: skip
