"""三明 as it was before 2021: 梅列区 and 三元区 apart, 沙县 a county."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete

from portal.core import scope, unit_of_work
from portal.domain.actor import Actor, Role
from portal.extensions import db
from portal.models.units import Unit
from portal.queries import units as reading
from portal.queries.unit_planning import Wanted
from portal.services import unit_changes, units
from tests.factories import people

MEILIE, SANYUAN, SHAXIAN = "350402", "350403", "350427"
NEW_SANYUAN, NEW_SHAXIAN = "350404", "350405"
MEILIE_PATH, SANYUAN_PATH = "/35/3504/350402/", "/35/3504/350403/"
SHAXIAN_PATH = "/35/3504/350427/"
DOCUMENT = "国函〔2021〕11号"
DAY = date(2026, 5, 20)
_ROWS = (
    (MEILIE, "梅列区", "county", "350400"),
    ("350402001", "列东街道", "township", MEILIE),
    ("350402001001", "东安社区", "village", "350402001"),
    ("350402100", "陈大镇", "township", MEILIE),
    ("350402100201", "陈大村", "village", "350402100"),
    (SANYUAN, "三元区", "county", "350400"),
    ("350403001", "城关街道", "township", SANYUAN),
    ("350403001001", "新亭社区", "village", "350403001"),
    (SHAXIAN, "沙县", "county", "350400"),
    ("350427100", "青州镇", "township", SHAXIAN),
    ("350427100201", "涌溪村", "village", "350427100"),
)


def as_of_2020() -> None:
    """Put the tree of 三明 back to what it was."""
    with unit_of_work.transaction(people.everything()) as session:
        for level in ("village", "township", "county"):
            for code in (NEW_SANYUAN, NEW_SHAXIAN):
                path = f"/35/3504/{code}/"
                session.execute(
                    delete(Unit).where(Unit.level == level, reading.under(Unit.path, path))
                )
        units.load(
            {"code": code, "name": name, "level": level, "parent": above, "is_pseudo": "0"}
            for code, name, level, above in _ROWS
        )


def unit_id(code: str):
    """Return the id of the unit that a code means today."""
    return reading.get(code).id


def proposed(actor: Actor, place: str, kind: str, /, **wanted):
    """Propose a change in the actor's own scope; return it."""
    wanted.setdefault("effective_on", DAY)
    with unit_of_work.transaction(scope.of(actor)):
        return unit_changes.propose(
            actor, unit_id(place), Wanted(kind=kind, document_no=DOCUMENT, **wanted)
        )


def confirmed(actor: Actor, proposal_id, typed: str):
    """Confirm it in the actor's own scope; return the unit that goes on."""
    with unit_of_work.transaction(scope.of(actor)):
        return unit_changes.confirm(actor, proposal_id, typed=typed, version=1)


def admins(unit: str = "350400") -> tuple[Actor, Actor]:
    """Make two administrators of a unit."""
    return people.staff(Role.PLATFORM_ADMIN, unit), people.staff(Role.PLATFORM_ADMIN, unit)


def merge_of_2021(first: Actor, second: Actor) -> None:
    """Merge 梅列区 and 三元区 into 三元区 350404."""
    merge = proposed(
        first, MEILIE, "merge", others=(unit_id(SANYUAN),), code=NEW_SANYUAN, name="三元区"
    )
    confirmed(second, merge, "梅列区")
    db.session.remove()
