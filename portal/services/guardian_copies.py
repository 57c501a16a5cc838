"""What a guardian's link may read, inside the one unit that the link opens."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, scope
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.rights import GuardianAccess, RightsRequest
from portal.queries import guardian_pairings, subject_child
from portal.queries import guardians as rows
from portal.queries.subject_sections import SubjectData
from portal.services.guardians import Opening


def page(opening: Opening) -> rows.ChildPage:
    """Return the child's page."""
    with scope.within(opening.scope, db.session()):
        return rows.page(opening.child_id)


def pairings(opening: Opening) -> tuple[guardian_pairings.FamilyPairing, ...]:
    """Return the pairings that the family is asked about or lives with."""
    with scope.within(opening.scope, db.session()):
        return guardian_pairings.of_child(opening.child_id)


def online(opening: Opening) -> SubjectData:
    """Return the copy a guardian keeps; that it was taken is a fact. No place is in it."""
    with scope.within(opening.scope, db.session()):
        link = db.session.get_one(GuardianAccess, opening.access_id)
        facts.publish("rights.export", actor=SYSTEM, subject=link, child_id=str(link.child_id))
        return subject_child.of_child(opening.child_id, opening.guardian_id)


def in_person(actor: Actor, request_id: UUID) -> SubjectData:
    """Return the copy that staff hand over in person, places too unless they are protected."""
    request = db.session.scalar(select(RightsRequest).where(RightsRequest.id == request_id))
    if request is None or request.child_id is None:
        raise NotFound
    access.require(actor, Permission.RIGHTS_ANSWER, request)
    child = db.session.get(ChildFile, request.child_id)
    facts.publish("rights.paper", actor=actor, subject=child, request_id=str(request.id))
    return subject_child.of_child(request.child_id, request.guardian_id, in_person=True)
