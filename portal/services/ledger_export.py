"""Sending form 1 out: who took which ledger, and why, stays on record (invariant 9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal.core import access, facts
from portal.domain.actor import Actor, Role
from portal.domain.errors import Invalid
from portal.domain.ledger import LedgerEntry
from portal.domain.masking import Kind
from portal.domain.permissions import Permission
from portal.domain.sight import show
from portal.queries import ledger as reading
from portal.queries.units import UnitRow
from portal.services import sight

#: Full ID with reason: the county keeps form 1 (domain.md 3).
_WHOLE_FOR = Role.COUNTY_STAFF


def export(actor: Actor, bureau: UnitRow, year: int, reason: str) -> Iterator[LedgerEntry]:
    """Return the ledger of a bureau and year as this person may see it, and record the taking.

    County staff take whole ID numbers for the statutory form and say why; others get masks
    (domain.md 3). Raises Invalid without a reason.
    """
    access.require(actor, Permission.LEDGER_EXPORT)
    if not reason.strip():
        raise Invalid("请写明用途", {"reason": "请写明用途"})
    whole = actor.has(_WHOLE_FOR, bureau.path)
    fact = facts.publish(
        "ledger.export", actor=actor, unit_path=bureau.path, note=reason.strip(), year=year,
        whole=int(whole),
    )  # fmt: skip
    if whole:
        sight.record_ledger(actor, bureau.id, bureau.path, fact)
    entries = reading.export_entries(bureau.path, year)
    return entries if whole else (_masked(actor, bureau.path, entry) for entry in entries)


def _masked(actor: Actor, path: str, entry: LedgerEntry) -> LedgerEntry:
    return replace(
        entry,
        name=show(actor, Kind.NAME, entry.name, path),
        id_number=show(actor, Kind.ID_NUMBER, entry.id_number, path),
        guardian=show(actor, Kind.NAME, entry.guardian, path),
        phone=show(actor, Kind.PHONE, entry.phone, path),
        effect=show(actor, Kind.TEXT, entry.effect, path),
    )
