"""Looking at the whole chain.

Every row is compared with its digest, every seal with the one before, the end with what was
anchored outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from portal.core import anchor, facts, unit_of_work
from portal.core.anchor import AnchorError
from portal.domain import clock, seals
from portal.domain.actor import SYSTEM, Actor
from portal.extensions import db
from portal.models.seals import AuditCheck
from portal.queries import seals as chain
from portal.queries.seals import Link, Member
from portal.services import audit_seals

#: As many faults as are kept; the count of all stands in the fact.
KEPT = 100
#: A row that was sealed so long after the time it gives itself was written late, or backdated.
LATE = timedelta(hours=1)
_REASON = "the chain covers every unit's memory, and reads ids and digests of it"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was sealed: its kind, the seal, the row where one is meant."""

    kind: str
    seal: int
    source: str = ""
    row: str = ""


@dataclass
class Report:
    """What a look at the chain found; whole when there is no fault."""

    rows: int = 0
    seals: int = 0
    unsealed: int = 0
    anchored: int = 0
    late: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is as it was sealed."""
        return not self.faults


def look(anchors: Sequence[Path] = ()) -> Report:
    """Compare everything with what was sealed and anchored (reads only; system's scope inside).

    ``anchors`` are copies of the anchor kept elsewhere, beside the installation's own.
    """
    report = Report()
    with unit_of_work.reading(unit_of_work.system_scope(_REASON)):
        found = chain.links()
        previous = seals.GENESIS
        for expected, link in enumerate(found, start=1):
            report.faults += _link_faults(link, expected, previous)
            report.faults += _row_faults(link, report)
            previous = link.digest
        report.seals = len(found)
        report.unsealed = chain.count_waiting()
        seen_before = chain.last_anchored()
    report.faults += _anchor_faults(anchor.anchor().file, found, report)
    if report.anchored < seen_before:
        report.faults.append(Fault("anchor_lost", seen_before))
    for file in anchors:
        report.faults += _anchor_faults(file, found, report)
    return report


def check(actor: Actor = SYSTEM, anchors: Sequence[Path] = ()) -> Report:
    """Seal what waits, look, and write down how it went (transactions of its own)."""
    audit_seals.seal_all()
    report = look(anchors)
    with unit_of_work.transaction(unit_of_work.system_scope(_REASON)):
        db.session.add(
            AuditCheck(
                at=clock.now(),
                by=actor.user_id,
                rows=report.rows,
                seals=report.seals,
                unsealed=report.unsealed,
                anchored=report.anchored,
                late=report.late,
                faults=[asdict(each) for each in report.faults[:KEPT]],
            )
        )
        facts.publish(
            "audit.check",
            actor=actor,
            after="whole" if report.is_whole else "broken",
            rows=report.rows,
            seals=report.seals,
            faults=len(report.faults),
        )
    return report


def _link_faults(link: Link, expected: int, previous: str) -> Iterator[Fault]:
    seal = link.seal
    if seal.no != expected or seal.previous != previous:
        yield Fault("chain_broken", seal.no)
    if link.digest != seal.digest:
        yield Fault("seal_changed", seal.no)
    if link.mac != audit_seals.mark(link.digest):
        yield Fault("mark_wrong", seal.no)


def _row_faults(link: Link, report: Report) -> Iterator[Fault]:
    seal, held = link.seal, chain.members(link.seal.no)
    digests = [member.digest for member in held]
    if len(held) != seal.rows or not held or seals.tree(digests) != seal.rows_digest:
        yield Fault("run_changed", seal.no, seal.source)
    report.rows += len(held)
    yield from _member_faults(link, held, report)


def _member_faults(link: Link, held: Sequence[Member], report: Report) -> Iterator[Fault]:
    seal = link.seal
    rows = chain.rows(seal.source, [member.row_id for member in held])
    for member in held:
        row = rows.get(member.row_id)
        if row is None:
            yield Fault("row_missing", seal.no, seal.source, str(member.row_id))
            continue
        if seals.row_digest(seal.source, row) != member.digest:
            yield Fault("row_changed", seal.no, seal.source, str(member.row_id))
        report.late += row["at"] < seal.sealed_at - LATE


def _anchor_faults(file: Path, found: Iterable[Link], report: Report) -> Iterator[Fault]:
    try:
        anchored = anchor.read(file)
    except AnchorError:
        yield Fault("anchor_unreadable", 0)
        return
    stored = {link.seal.no: link.digest for link in found}
    for each in anchored:
        if each.no not in stored:
            yield Fault("cut_off", each.no)
        elif stored[each.no] != each.digest:
            yield Fault("rewritten", each.no)
    report.anchored = max([report.anchored, *(each.no for each in anchored)])
