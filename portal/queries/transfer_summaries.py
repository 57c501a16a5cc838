"""What a receiving county may know of a child before it accepts: masked, copied once (JSON)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select

from portal.domain import clock, masking
from portal.domain.identity import age_on
from portal.domain.lifecycles.needs import LIVE as LIVE_NEEDS
from portal.domain.lifecycles.pairings import APPROVED
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.contact_logs import ContactLog
from portal.models.needs import PairingNeed
from portal.models.pairings import Pairing
from portal.queries import cadences, units


@dataclass(frozen=True, slots=True)
class PairingLine:
    """One pairing that would come along."""

    file_no: str
    kind: str
    rhythm: str
    status: str
    started_on: str
    light: str
    contacts: int
    standing: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The child without a name or a place below the county."""

    child: str = ""
    gender: str = ""
    age: int = 0
    category: str = ""
    county: str = ""
    needs: int = 0
    pairings: tuple[PairingLine, ...] = ()


def of(child: ChildFile) -> str:
    """Return the summary of a child as JSON, made in the scope of who proposes."""
    line = units.above(child.unit_path)
    county = next((one.name for one in line if one.level == "county"), "")
    held = db.session.scalars(
        select(Pairing)
        .where(Pairing.child_id == child.id, Pairing.status.in_(APPROVED))
        .order_by(Pairing.file_no)
    ).all()
    summary = Summary(
        child=masking.mask_name(child.name),
        gender=child.gender,
        age=age_on(child.birth_date, clock.today()),
        category=child.primary_category,
        county=county,
        needs=_count(
            PairingNeed, PairingNeed.child_id == child.id, PairingNeed.status.in_(LIVE_NEEDS)
        ),
        pairings=tuple(_line(one) for one in held),
    )
    return json.dumps(asdict(summary), ensure_ascii=False)


def read(stored: str) -> Summary:
    """Return a stored summary; an empty one once it was erased."""
    if not stored:
        return Summary()
    given: dict[str, Any] = json.loads(stored)
    lines = tuple(PairingLine(**one) for one in given.pop("pairings"))
    return Summary(**given, pairings=lines)


def _line(one: Pairing) -> PairingLine:
    kept = cadences.one(one.id)
    return PairingLine(
        file_no=one.file_no,
        kind=one.kind,
        rhythm=one.rhythm,
        status=one.status,
        started_on=one.started_on.isoformat() if one.started_on else "",
        light=kept.cadence.light if kept else "",
        contacts=_count(
            ContactLog, ContactLog.pairing_id == one.id, ContactLog.status == "verified"
        ),
        standing=one.contact_stands,
    )


def _count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count(model.id)).where(*conditions)) or 0
