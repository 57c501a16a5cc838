"""A letter that reached the child is a contact of kind "letter" in the journal (S0-4.5b).

The journal's own verb is for whoever met or called the child. Here the staff themselves passed the
letter on, so the entry is verified as it is made; a letter takes no hours and keeps no talk.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from portal.core import transitions
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.lifecycles.contact_logs import MACHINE
from portal.extensions import db
from portal.models.contact_logs import ContactLog
from portal.models.letters import Letter

#: The journal asks for a minute at least; a letter counts no time.
_MINUTES = 1


def enter(actor: Actor, letter: Letter) -> UUID:
    """Write the journal entry of a letter that was handed over; once per letter."""
    entry = ContactLog(
        id=uuid4(), pairing_id=letter.pairing_id, supporter_id=letter.supporter_id,
        user_id=letter.created_by, client_id=letter.id, unit_path=letter.unit_path,
        kind="letter", happened_on=letter.handed_over_on or clock.today(), minutes=_MINUTES,
        did="写给孩子的信，由儿童主任转交", status_since=clock.now(), created_by=letter.created_by,
    )  # fmt: skip
    transitions.begin(MACHINE, entry, actor, contact=entry.kind)
    db.session.add(entry)
    db.session.flush()
    transitions.fire(MACHINE, entry, "verify", actor)
    entry.verified_by, entry.verified_at = actor.user_id, clock.now()
    return entry.id
