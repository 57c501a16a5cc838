"""Needs and pairings in any state, written with the models alone; and the whole way by verbs.

``make.pairing(status="active", started_on=…, rhythm=…)`` puts a child, a need, a person of tier 2
and their pairing; what it returns has the ids and the people a test acts as.
"""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta
from types import SimpleNamespace

from sqlalchemy import select

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.lifecycles.pairings import APPROVED, MET
from portal.domain.vetting import months_after
from portal.extensions import db
from portal.models.children import ChildFile, Consent
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing, PairingPause
from portal.models.units import Unit
from portal.queries import actors
from portal.services import pairing_meetings, pairings
from tests.factories import giving, people
from tests.factories import wishes as children
from tests.factories.people import everything

_number = itertools.count(1)
#: A need's state while its pairing is in a state.
_NEED_STATES = {"proposed": "approved", "closed": "approved"}
CALLED, PLACE = "小禾", "明溪县未成年人保护服务中心"


def mentor(name: str = "欧阳晓燕", *, county: str = "350421") -> Actor:
    """Make a person of tier 2."""
    return giving.volunteer(name, county=county)


def need(
    child: SimpleNamespace | None = None,
    *,
    kind: str = "study",
    rhythm: str = "monthly_quarterly",
    status: str = "approved",
    consent: bool = True,
    **more,
) -> SimpleNamespace:
    """Put a need of a child (a new one by default), with the guardian's consent to pairing."""
    child = child or children.child(10)
    number = next(_number)
    with unit_of_work.transaction(everything()):
        row = PairingNeed(
            tenant_path=_tenant(child.unit_path), unit_path=child.unit_path, child_id=child.id,
            kind=kind, rhythm=rhythm, status=status, status_since=clock.now(),
            file_no=f"JD-{clock.today().year}-{number:04d}",
            assessed_on=clock.today() - timedelta(days=30), heard_on=clock.today(),
            child_words="想有人教我数学", waiting_since=clock.today() - timedelta(days=20), **more,
        )  # fmt: skip
        db.session.add(row)
        if consent:
            db.session.add(
                Consent(
                    child_id=child.id, unit_path=child.unit_path, given_by="林建国",
                    relation="爷爷", scope="pairing", method="written", text_version="1",
                    given_on=clock.today(),
                )
            )  # fmt: skip
        db.session.flush()
        return SimpleNamespace(id=row.id, child=child, file_no=row.file_no, kind=kind)


def pairing(
    *,
    status: str = "active",
    started_on: date | None = None,
    rhythm: str = "monthly_quarterly",
    kind: str = "study",
    actor: Actor | None = None,
    child: SimpleNamespace | None = None,
    helper: str = "citizen",
    paused_reason: str = "",
    **more,
) -> SimpleNamespace:
    """Put a pairing in a state with everything that state has; ``actor`` is its person.

    Returns id, need_id, supporter_id, mentor (an Actor), child, unit_path, file_no.
    """
    actor = actor or mentor()
    asked = need(child, kind=kind, rhythm=rhythm, status=_NEED_STATES.get(status, "matched"))
    today = clock.today()
    begun = started_on or today
    tenant = _tenant(asked.child.unit_path)
    values = {
        "id": uuid.uuid4(), "status": status, "status_since": clock.now(), "helper": helper,
        "kind": kind, "rhythm": rhythm, "file_no": asked.file_no, "need_id": asked.id,
        "child_id": asked.child.id, "supporter_id": actor.supporter_ids[0],
        "unit_path": asked.child.unit_path, "tenant_path": tenant,
        "paused_reason": paused_reason,
    }  # fmt: skip
    if status in APPROVED:
        values["approved_on"] = begun - timedelta(days=14)
    if status in MET:
        values |= {
            "guardian_agreed_on": begun - timedelta(days=10), "guardian_agreed_by": "林建国",
            "child_agreed_on": begun - timedelta(days=10), "child_words": "好",
            "met_on": begun, "met_with": uuid.uuid4(), "called": CALLED, "meeting_place": PLACE,
            "started_on": begun, "review_due": months_after(begun, 6),
        }  # fmt: skip
    if status == "closed":
        values |= {"started_on": begun, "ended_on": today, "end_reason": "goal_met"}
    with unit_of_work.transaction(everything()):
        row = Pairing(**{**values, **more})
        db.session.add(row)
        db.session.flush()
        if status == "paused":
            db.session.add(
                PairingPause(
                    pairing_id=row.id, supporter_id=row.supporter_id, unit_path=row.unit_path,
                    reason_code=paused_reason or "other", from_on=today,
                )
            )  # fmt: skip
        return SimpleNamespace(
            id=row.id, need_id=asked.id, supporter_id=row.supporter_id, mentor=actor,
            child=asked.child, unit_path=row.unit_path, file_no=row.file_no,
        )  # fmt: skip


def do(verb, actor, *args, **given):
    """Run a service in one transaction as a person, with the rights they have now."""
    actor = actors.by_user(actor.user_id)
    with unit_of_work.transaction(scope.of(actor)):
        return verb(actor, *args, **given)


def proposed(clerk: Actor, child_id: uuid.UUID, supporter_id: uuid.UUID, **more) -> uuid.UUID:
    """Propose a person for a need of a child on the register, by the verb."""
    child = SimpleNamespace(id=child_id, unit_path=_path_of(child_id))
    return do(pairings.propose, clerk, need(child, **more).id, supporter_id)


def led_to_active(
    first: Actor, second: Actor, child_id: uuid.UUID, supporter_id: uuid.UUID
) -> uuid.UUID:
    """Go the whole way by the verbs: proposed, approved, agreed, met, begun, all today."""
    found = proposed(first, child_id, supporter_id)
    do(pairings.approve, second, found)
    held(found)
    do(pairings.activate, first, found)
    return found


def held(pairing_id: uuid.UUID) -> Actor:
    """Let the director of the village record agreements and the first meeting; return them."""
    path = row(pairing_id, "unit_path")
    director = people.staff("child_director", path.strip("/").rsplit("/", 1)[-1])
    today = clock.today()
    do(pairing_meetings.agree_guardian, director, pairing_id, by="林建国", on=today)
    do(pairing_meetings.agree_child, director, pairing_id, words="愿意", on=today)
    do(pairing_meetings.meet, director, pairing_id, on=today, called=CALLED, place=PLACE)
    return director


def row(pairing_id: uuid.UUID, *names: str):
    """Read columns of a pairing as the database holds them: one value, or a tuple of several."""
    with unit_of_work.reading(everything()):
        found = db.session.get(Pairing, pairing_id)
        values = tuple(getattr(found, name) for name in names)
    return values[0] if len(names) == 1 else values


def _tenant(path: str) -> str:
    return db.session.scalar(select(Unit.tenant_path).where(Unit.path == path))


def _path_of(child_id: uuid.UUID) -> str:
    with unit_of_work.reading(everything()):
        return db.session.get(ChildFile, child_id).unit_path
