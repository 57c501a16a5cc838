"""Opening files of fictitious children in one go: what a county's first ledger would bring.

For stories and the demo. Refuses every ID number that could belong to somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from portal.core import access, facts
from portal.domain import cipher, clock
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Invalid, NotFound
from portal.domain.identity import parse_id_number
from portal.domain.ledger import LedgerEntry
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.children import CareLedgerRow, ChildFile, GuardianLink
from portal.models.records import Message
from portal.models.units import Unit
from portal.queries.units import UnitRow


@dataclass(frozen=True, slots=True)
class NewFile:
    """A child's ledger line, and what the file knows beyond it.

    A left-behind child has a file and no line in form 1 (domain.md 7).
    """

    entry: LedgerEntry
    school: str = ""
    nickname: str = ""
    left_behind: bool = False


def open_files(actor: Actor, bureau: UnitRow, year: int, files: Sequence[NewFile]) -> list[UUID]:
    """Open the files of a county and write its ledger of ``year``; return their ids in order.

    Raises Invalid for an ID number that is not fictitious, NotFound for a village outside the
    county.
    """
    if actor is not SYSTEM:
        access.require(actor, Permission.LEDGER_IMPORT)
    _refuse_real_people(files)
    paths = _paths(bureau)
    children = [ChildFile(**_file(bureau, new, paths)) for new in files]
    db.session.add_all(children)
    db.session.flush()
    pairs = list(zip(children, files, strict=True))
    db.session.add_all(_guardian(*pair) for pair in pairs)
    listed = [pair for pair in pairs if not pair[1].left_behind]
    db.session.add_all(_line(seq, year, *pair) for seq, pair in enumerate(listed, start=1))
    facts.publish(
        "child.open_fictitious",
        actor=actor,
        unit_path=bureau.path,
        files=len(children),
        year=year,
    )
    return [child.id for child in children]


def _refuse_real_people(files: Iterable[NewFile]) -> None:
    for new in files:
        read = parse_id_number(new.entry.id_number, today=clock.today(), allow_fictitious=True)
        if not read.fictitious:
            raise Invalid("只有虚构的人才能这样建档")


def _paths(bureau: UnitRow) -> dict[str, str]:
    inside = (Unit.path >= bureau.path) & (Unit.path < bureau.path[:-1] + "0")
    rows = db.session.execute(select(Unit.code, Unit.path).where(inside))
    return {row.code: row.path for row in rows}


def _file(bureau: UnitRow, new: NewFile, paths: dict[str, str]) -> dict[str, object]:
    entry = new.entry
    if entry.region_code not in paths:
        raise NotFound("没有这个单位：{code}", code=entry.region_code)
    return {
        "unit_path": paths[entry.region_code],
        "tenant_path": bureau.tenant_path,
        "name": entry.name,
        "gender": entry.sex.value,
        "birth_date": entry.birth,
        "id_no": entry.id_number,
        "id_hmac": cipher.ring().blind_index(entry.id_number, "child_id"),
        "county_code": bureau.code,
        "region_code": entry.region_code,
        "region_text": entry.region_text,
        "school": new.school or None,
        "nickname": new.nickname or None,
        "primary_category": entry.category.value,
        "left_behind": new.left_behind,
        "status": "active",
    }


def _guardian(child: ChildFile, new: NewFile) -> GuardianLink:
    return GuardianLink(
        child_id=child.id,
        unit_path=child.unit_path,
        kind="guardian",
        name=new.entry.guardian,
        relation=new.entry.relation,
        phone=new.entry.phone,
    )


def _line(seq: int, year: int, child: ChildFile, new: NewFile) -> CareLedgerRow:
    return CareLedgerRow(
        tenant_path=child.tenant_path,
        unit_path=child.unit_path,
        year=year,
        seq=seq,
        child_id=child.id,
        service_types=[one.value for one in new.entry.services],
        effect=new.entry.effect,
        region_text=new.entry.region_text,
    )


def settle_mails(before: datetime) -> int:
    """Count mails owed before an instant as sent: a demo year's post is not delivered today."""
    done = db.session.execute(
        update(Message)
        .where(Message.status == "owed", Message.created_at < before)
        .values(status="sent", sent_at=Message.created_at)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))
