"""Eighteen: people are told before, on the birthday pairings and needs end, staff go on (S2-2.3d).

An orphan who still studies moves on to study aid (S3-2.4a): the closing interview asks for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import facts, transitions
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.continuity import AGE_REMIND_DAYS, age_stage, born_by
from portal.domain.lifecycles import child_transfers
from portal.domain.lifecycles.needs import LIVE
from portal.domain.lifecycles.pairings import APPROVED, MACHINE
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.continuity import ChildTransfer
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.models.records import Fact
from portal.services import needs, pairing_ends

#: Why a pairing ended, by PN.
AGED_OUT = "aged_out"
_NEAR = "pairing.age_near"


def end_due() -> int:
    """End the pairings and needs of everybody who is 18 today; say how many pairings (a job).

    The interview stays open for staff. Safe to run twice; a day the worker missed is caught up.
    """
    grown = ChildFile.birth_date <= born_by(clock.today())
    held = db.session.scalars(
        select(Pairing)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .where(Pairing.status.in_(APPROVED), grown)
        .order_by(Pairing.file_no)
    ).all()
    for pairing in held:
        transitions.fire(MACHINE, pairing, "age_out", SYSTEM, reason_code=AGED_OUT)
        pairing_ends.end_rest(pairing)
        pairing_ends.end(pairing, AGED_OUT, "")
        if pairing.need_id is not None:
            needs.finish_for(pairing.need_id)
    db.session.flush()
    for need in _of_grown(PairingNeed, PairingNeed.status.in_(LIVE), grown):
        needs.age_out(need)
    for transfer in _of_grown(ChildTransfer, ChildTransfer.status == "proposed", grown):
        transitions.fire(child_transfers.MACHINE, transfer, "lapse", SYSTEM)
    return len(held)


def remind_due() -> int:
    """Tell director, staff and mentor 90 and 30 days before the birthday, once each; say how many.

    What the worker missed is caught up with the nearer of the two.
    """
    today = clock.today()
    near = born_by(today + timedelta(days=max(AGE_REMIND_DAYS)))
    rows = db.session.execute(
        select(Pairing, ChildFile.birth_date)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .where(
            Pairing.status.in_(APPROVED),
            ChildFile.birth_date <= near,
            ChildFile.birth_date > born_by(today),
        )
        .order_by(Pairing.file_no)
    ).all()
    told = _told([row.Pairing for row in rows])
    due = [(row.Pairing, stage) for row in rows if (stage := age_stage(row.birth_date, today))]
    new = [(pairing, stage) for pairing, stage in due if (pairing.id, stage) not in told]
    for pairing, stage in new:
        facts.publish(_NEAR, actor=SYSTEM, subject=pairing, days=stage)
    return len(new)


def _told(rows: list[Pairing]) -> set[tuple[Any, Any]]:
    found = db.session.execute(
        select(Fact.subject_id, Fact.data).where(
            Fact.kind == _NEAR, Fact.subject_id.in_([row.id for row in rows])
        )
    )
    return {(row.subject_id, row.data["days"]) for row in found}


def _of_grown(model: Any, chosen: Any, grown: Any) -> list[Any]:
    return list(
        db.session.scalars(
            select(model)
            .join(ChildFile, ChildFile.id == model.child_id)
            .where(chosen, grown)
            .order_by(model.id)
        )
    )
