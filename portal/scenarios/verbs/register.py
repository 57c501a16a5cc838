"""Children for a story: fictitious files of a county, a crowd or a few with names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from portal.domain import clock
from portal.domain.actor import Actor, Role
from portal.domain.identity import Sex, fictitious_id_number
from portal.domain.ledger import Category, LedgerEntry, ServiceType
from portal.queries import cast, stories, units
from portal.scenarios import people
from portal.services import fictitious
from portal.services.fictitious import NewFile

#: Numbers of named children begin here, beyond those of a crowd.
_NAMED_FROM = 400


@dataclass(frozen=True, slots=True)
class Named:
    """A child that a story tells about; what is left out is made up."""

    name: str
    sex: Sex
    birth: date
    village: str
    category: Category = Category.OTHER
    guardian: str = "李建国"
    relation: str = "祖父"
    school: str = ""
    nickname: str = ""


def fill(actor: Actor, county: str, on: date | None = None, seat: str = "") -> int:
    """Open the files of a county's fictitious children, of an age on a day, more at ``seat``."""
    bureau = units.get(county)
    places = villages(bureau.path, seat)
    crowd = [
        NewFile(child.entry, child.school, child.nickname, child.left_behind)
        for child in people.children(county, places, on or clock.today())
    ]
    return len(fictitious.open_files(actor, bureau, clock.today().year, crowd))


def add(actor: Actor, county: str, children: tuple[Named, ...]) -> list[Any]:
    """Open the files of a few fictitious children with names; return their ids in order."""
    bureau = units.get(county)
    files = [
        NewFile(_entry(county, number, child), child.school, child.nickname)
        for number, child in enumerate(children, start=stories.child_count(county=county))
    ]
    return fictitious.open_files(actor, bureau, clock.today().year, files)


def _entry(county: str, number: int, child: Named) -> LedgerEntry:
    village = units.get(child.village)
    order = (_NAMED_FROM + number) * 2 % 999 + (1 if child.sex is Sex.MALE else 2)
    return LedgerEntry(
        region_code=village.code,
        region_text=village.name,
        name=child.name,
        sex=child.sex,
        birth=child.birth,
        id_number=fictitious_id_number(county, child.birth, order),
        guardian=child.guardian,
        relation=child.relation,
        phone=people.phone(int(county[-3:]), _NAMED_FROM + number),
        category=child.category,
        services=(ServiceType.MICRO_WISH,),
        effect="",
    )


def villages(path: str, seat: str = "") -> tuple[people.Place, ...]:
    """Return the villages under a unit, with whether their director has an account."""
    served = cast.units_with(Role.CHILD_DIRECTOR.value)
    return tuple(
        people.Place(
            code=village.code,
            name=village.name,
            parent_name=_parent(village.path),
            has_director=village.path in served,
            is_seat=village.code == seat,
        )
        for village in units.below(path, "village")
    )


@cache
def _parent(path: str) -> str:
    above = path[: path.rstrip("/").rfind("/") + 1]
    return units.by_path(above).name


VERBS: Mapping[str, Callable[..., Any]] = {"register.fill": fill, "register.add": add}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "register.count": stories.child_count,
    "register.child": cast.child_of,
}
