"""What a resource can be taken for, found by type and id inside the scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain import catalogue
from portal.domain.lifecycles.wishes import LIVE
from portal.domain.resources import SubjectType
from portal.extensions import db
from portal.models.children import ChildFile
from portal.models.pairings import Pairing
from portal.models.units import Unit
from portal.models.wishes import Wish

_CHOICES = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """A wish or a pairing as a resource knows it: a file number and a thing, never a child."""

    id: UUID
    kind: SubjectType
    unit_path: str
    county_code: str
    file_no: str
    title: str
    place: str


def find(kind: SubjectType, subject_id: UUID) -> Subject | None:
    """Return the subject when it lies in the scope and is still open; None otherwise."""
    reader = _READERS.get(kind)
    found = reader([subject_id], only_open=True) if reader else {}
    return found.get(subject_id)


def named(pairs: Sequence[tuple[str, UUID]]) -> dict[UUID, Subject]:
    """Return the subjects of links, open or not, as far as they lie in the scope."""
    found: dict[UUID, Subject] = {}
    for kind, reader in _READERS.items():
        ids = [subject_id for name, subject_id in pairs if name == kind]
        if ids:
            found.update(reader(ids, only_open=False))
    return found


def open_wishes(q: str = "") -> tuple[Subject, ...]:
    """Return wishes in the scope that a resource may help with, found by a part of the number."""
    chosen = _wish_rows().where(Wish.status.in_(LIVE)).order_by(Wish.file_no.desc())
    if q.strip():
        chosen = chosen.where(Wish.file_no.contains(q.strip().upper(), autoescape=True))
    return tuple(_wish(row) for row in db.session.execute(chosen.limit(_CHOICES)))


def _wish_rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Wish.id, Wish.unit_path, Wish.file_no, Wish.item_code, ChildFile.county_code, Unit.name
        )
        .join(ChildFile, ChildFile.id == Wish.child_id)
        .join(Unit, Unit.path == Wish.unit_path)
    )


def _wish(row: Any) -> Subject:
    title = catalogue.face_of(row.item_code).public_name
    return Subject(
        row.id, SubjectType.WISH, row.unit_path, row.county_code, row.file_no, title, row.name
    )


def _wishes(ids: Sequence[UUID], *, only_open: bool) -> dict[UUID, Subject]:
    chosen = _wish_rows().where(Wish.id.in_(ids))
    if only_open:
        chosen = chosen.where(Wish.status.in_(LIVE))
    return {row.id: _wish(row) for row in db.session.execute(chosen)}


def _pairings(ids: Sequence[UUID], *, only_open: bool) -> dict[UUID, Subject]:
    chosen = (
        select(Pairing.id, Pairing.unit_path, Pairing.file_no, ChildFile.county_code, Unit.name)
        .join(ChildFile, ChildFile.id == Pairing.child_id)
        .join(Unit, Unit.path == Pairing.unit_path)
        .where(Pairing.id.in_(ids))
    )
    if only_open:
        chosen = chosen.where(Pairing.status == "active")
    return {
        row.id: Subject(
            row.id, SubjectType.PAIRING, row.unit_path, row.county_code, row.file_no, "", row.name
        )
        for row in db.session.execute(chosen)
    }


#: Programmes join here when there are some.
_READERS: Mapping[SubjectType, Callable[..., dict[UUID, Subject]]] = {
    SubjectType.WISH: _wishes,
    SubjectType.PAIRING: _pairings,
}
