"""Facts on their way out: who and where in words, and the place of each in the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.domain import clock, seals
from portal.queries import seals as chain
from portal.queries.seals import Link


@dataclass(frozen=True, slots=True)
class ExportedFact:
    """A fact as it stands in the database, who and where in words, and its place in the chain.

    ``seal`` is 0 while no seal holds it; ``proof`` leads from its digest to the seal's root.
    """

    row: dict[str, Any]
    actor: str
    unit: str
    digest: str
    seal: int
    position: int
    proof: list[str]


@dataclass(frozen=True, slots=True)
class FactExport:
    """What leaves: the facts, every seal from the first that holds one of them, when made."""

    made_at: datetime
    facts: list[ExportedFact]
    links: list[Link]


def gather(found: list[tuple[UUID, str, str]]) -> FactExport:
    """Return facts (id, who, unit) with their rows, digests, proofs and the seals from there on."""
    exported = _with_places(found)
    first = min((each.seal for each in exported if each.seal), default=0)
    links = chain.links(after=first - 1) if first else []
    return FactExport(clock.now(), exported, links)


def _with_places(found: list[tuple[UUID, str, str]]) -> list[ExportedFact]:
    ids = [identifier for identifier, _, _ in found]
    rows = chain.rows("facts", ids)
    places = {place[0]: place[1:] for place in chain.places("facts", ids)}
    runs = {no: _digests(no) for no in {place[0] for place in places.values()}}
    exported = []
    for identifier, who, unit in found:
        row = rows[identifier]
        seal, position, digest = places.get(identifier, (0, 0, ""))
        path = seals.proof(runs[seal], position) if seal else []
        exported.append(
            ExportedFact(
                row=row,
                actor=who,
                unit=unit,
                digest=digest or seals.row_digest("facts", row),
                seal=seal,
                position=position,
                proof=path,
            )
        )
    return exported


def _digests(no: int) -> list[str]:
    return [member.digest for member in chain.members(no)]
