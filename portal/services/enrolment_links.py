"""What a guardian does by the link: apply, agree, take an offered place, leave, name who fetches.

The link was opened with a second check and names one child (services.guardians); what it does is
the system's act with ``by="link"``, and nothing of another child is ever found by it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import scope
from portal.domain.actor import SYSTEM
from portal.domain.errors import NotFound
from portal.extensions import db
from portal.models.children import ChildFile, GuardianLink
from portal.models.enrolments import Enrolment
from portal.queries import family_activities
from portal.queries.enrolment_choices import OpenProgramme
from portal.queries.family_activities import FamilyEnrolment
from portal.services import enrolment_checks as checks
from portal.services import enrolments, pickup_persons, places
from portal.services.enrolments import Consents, Notes
from portal.services.guardians import Opening


def page(opening: Opening) -> tuple[tuple[FamilyEnrolment, ...], tuple[OpenProgramme, ...]]:
    """Return what the child takes part in, and what the family may apply for today."""
    with scope.within(opening.scope, db.session()):
        held = family_activities.of_child(opening.child_id)
        return held, family_activities.open_to(opening.child_id)


def apply(opening: Opening, programme_id: UUID, agreed: frozenset[str], notes: Notes) -> UUID:
    """Apply for the link's child and agree to the activity in one step; the others one by one.

    ``agreed`` are keys of domain.enrolments.CONSENTS.
    """
    with scope.within(opening.scope, db.session()):
        child = db.session.scalar(select(ChildFile).where(ChildFile.id == opening.child_id))
        if child is None:
            raise NotFound
        programme = checks.programme(programme_id)
        row = enrolments.begin(SYSTEM, programme, child, "guardian", notes)
        if row.status == "applied":
            given = _consents(opening, agreed | {"activity"})
            enrolments.take_consents(SYSTEM, row, given, by_link=True)
        return row.id


def consent(opening: Opening, enrolment_id: UUID, agreed: frozenset[str]) -> UUID:
    """Take the family's consents, one by one, for an application of anybody's."""
    with scope.within(opening.scope, db.session()):
        row = _own(opening, enrolment_id)
        enrolments.take_consents(SYSTEM, row, _consents(opening, agreed), by_link=True)
    return enrolment_id


def answer(opening: Opening, enrolment_id: UUID, *, yes: bool) -> UUID:
    """Take an offered place, or let it go to the next one."""
    with scope.within(opening.scope, db.session()):
        row = _own(opening, enrolment_id)
        if yes:
            places.accept_by_link(row)
        else:
            places.give_back(row, "pass_on_by_link", SYSTEM, "passed")
    return enrolment_id


def leave(opening: Opening, enrolment_id: UUID) -> UUID:
    """Take the child out."""
    with scope.within(opening.scope, db.session()):
        enrolments.leave_by_link(_own(opening, enrolment_id))
    return enrolment_id


def note_health(opening: Opening, enrolment_id: UUID, notes: Notes) -> UUID:
    """Write what whoever is on duty must know of health and meals."""
    with scope.within(opening.scope, db.session()):
        enrolments.write_health(SYSTEM, _own(opening, enrolment_id), notes)
    return enrolment_id


def name_person(
    opening: Opening, enrolment_id: UUID, *, name: str, relation: str, phone: str, code: str
) -> UUID:
    """Register who may fetch the child; the caller tells the family the code, once."""
    with scope.within(opening.scope, db.session()):
        row = _own(opening, enrolment_id)
        return pickup_persons.write(SYSTEM, row, name, relation, phone, code)


def end_person(opening: Opening, person_id: UUID) -> UUID:
    """Let a person no longer fetch the child."""
    with scope.within(opening.scope, db.session()):
        person = pickup_persons.get(person_id)
        _own(opening, person.enrolment_id)
        pickup_persons.stop(SYSTEM, person)
    return person_id


def _own(opening: Opening, enrolment_id: UUID) -> Enrolment:
    row = checks.get(enrolment_id)
    if row.child_id != opening.child_id:
        raise NotFound
    return row


def _consents(opening: Opening, agreed: frozenset[str]) -> Consents:
    guardian = db.session.get(GuardianLink, opening.guardian_id)
    if guardian is None:
        raise NotFound
    return Consents(
        activity="activity" in agreed,
        photo="photo" in agreed,
        medical="medical" in agreed,
        transport="transport" in agreed,
        by=guardian.name,
        method="link",
    )
