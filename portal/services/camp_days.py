"""The report of a day: written on the phone, handed in once, with pictures of who may be seen.

Numbers are not here: they come from the sheets. A worry goes to the staff who answer for children.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, scope
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.camp_days import SHORT_LENGTH, Day, check_day, check_handed_in
from portal.domain.enrolments import ON_ROSTER
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.camp_days import CampDay, CampPhoto
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.services import camp_photos, files, grievances

_PHOTOS_A_DAY = 30
_JPEG = "image/jpeg"


def save(
    actor: Actor, programme_id: UUID, on: date, day: Day, *, version: int | None = None
) -> UUID:
    """Write the report of a day, again as often as it takes until it is handed in.

    Raises Invalid with the fields, Conflict for a day outside the programme, one to come, one
    handed in, or a report that somebody else changed meanwhile.
    """
    programme = reporting(actor, programme_id)
    check_day(day, on, programme.starts_on, programme.ends_on)
    row = _day(programme_id, on)
    if row is None:
        row = CampDay(
            id=uuid4(), programme_id=programme_id, tenant_path=programme.tenant_path,
            happens_on=on, created_by=actor.user_id,
        )  # fmt: skip
        db.session.add(row)
    elif version is not None and row.version != version:
        raise Conflict("有同事也在写这一天的日报，请刷新后再看")
    if row.handed_in_at is not None:
        raise Conflict("这一天的日报已经交了，不能再改")
    row.weather, row.did, row.served = day.weather, day.did.strip(), list(day.served)
    row.meals, row.incident = day.meals.strip(), day.incident.strip()
    db.session.flush()
    facts.publish("camp_day.save", actor=actor, subject=row, unit_path=programme.unit_path)
    return row.id


def hand_in(
    actor: Actor, programme_id: UUID, on: date, day: Day, *, worry: str = "",
    version: int | None = None,
) -> UUID:  # fmt: skip
    """Hand the report of a day in; it is not changed afterwards.

    ``worry`` is told at once to the staff who answer for the children, whatever else is missing.
    """
    programme = reporting(actor, programme_id)
    if worry.strip():
        _tell(actor, programme, on, worry)
    check_handed_in(day)
    day_id = save(actor, programme_id, on, day, version=version)
    row = db.session.get_one(CampDay, day_id)
    row.handed_in_at, row.worried = clock.now(), bool(worry.strip())
    facts.publish("camp_day.hand_in", actor=actor, subject=row, unit_path=programme.unit_path)
    return day_id


def add_photo(
    actor: Actor, programme_id: UUID, on: date, file_id: UUID, *, shows: Sequence[UUID] = (),
    words: str = "",
) -> UUID:  # fmt: skip
    """Put a picture on the wall of a day; ``shows`` names every child who can be recognised.

    Raises Invalid for a child whose family did not agree to pictures, or for no picture.
    """
    programme = reporting(actor, programme_id)
    check_day(Day(), on, programme.starts_on, programme.ends_on)
    allowed = set(consenting(programme_id))
    if set(shows) - allowed:
        sentence = "照片里有家庭没有同意拍照的孩子，请换一张"
        raise Invalid(sentence, {"shows": sentence})
    with scope.within(_papers(programme), db.session()):
        kept = files.attach(file_id, unit_path=programme.unit_path)
        if kept.mime != _JPEG:
            raise Invalid("这里只放照片", {"photo": "这里只放照片"})
    here = select(CampPhoto.id).where(
        CampPhoto.programme_id == programme_id, CampPhoto.happens_on == on
    )
    if len(db.session.scalars(here).all()) >= _PHOTOS_A_DAY:
        raise Conflict("一天最多放 30 张照片")
    row = CampPhoto(
        id=uuid4(), programme_id=programme_id, tenant_path=programme.tenant_path, happens_on=on,
        file_id=file_id, shows=[str(one) for one in shows], words=words.strip()[:SHORT_LENGTH],
        created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(row)
    facts.publish("camp_photo.add", actor=actor, subject=row, unit_path=programme.unit_path)
    return row.id


def remove_photo(actor: Actor, programme_id: UUID, photo_id: UUID) -> None:
    """Take a picture off the wall and delete its file."""
    programme = reporting(actor, programme_id)
    row = db.session.scalar(
        select(CampPhoto).where(CampPhoto.id == photo_id, CampPhoto.programme_id == programme_id)
    )
    if row is None:
        raise NotFound
    facts.publish("camp_photo.remove", actor=actor, subject=row, unit_path=programme.unit_path)
    with scope.within(_papers(programme), db.session()):
        camp_photos.delete(row)


def consenting(programme_id: UUID) -> list[UUID]:
    """Return the enrolments of children on the roster whose family agreed to pictures."""
    return list(
        db.session.scalars(
            select(Enrolment.id).where(
                Enrolment.programme_id == programme_id,
                Enrolment.status.in_(ON_ROSTER),
                Enrolment.consent_photo.is_(True),
            )
        )
    )


def reporting(actor: Actor, programme_id: UUID) -> Programme:
    """Return a programme whose days this person writes about; NotFound for every other."""
    row = db.session.scalar(select(Programme).where(Programme.id == programme_id))
    if row is None or not access.permits(actor, Permission.PROGRAMME_REPORT, row):
        raise NotFound
    access.require(actor, Permission.PROGRAMME_REPORT, row)
    return row


def _day(programme_id: UUID, on: date) -> CampDay | None:
    found: CampDay | None = db.session.scalar(
        select(CampDay).where(CampDay.programme_id == programme_id, CampDay.happens_on == on)
    )
    return found


def _tell(actor: Actor, programme: Programme, on: date, worry: str) -> None:
    grievances.worry(
        actor,
        path=programme.unit_path,
        tenant_path=programme.tenant_path,
        words=f"{programme.code} {programme.title} {on.isoformat()}：{worry.strip()}",
        contact=actor.name or actor.email,
    )


def _papers(programme: Programme) -> scope.Scope:
    return scope.Scope(
        paths=(programme.unit_path,), tenants=(programme.tenant_path,),
        programmes=(programme.id,), reason="pictures of a programme lie with its unit's papers",
    )  # fmt: skip
