"""A checked row while it waits for the clerk: compared with the register, and kept as one text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from portal.domain.identity import Sex, is_adult
from portal.domain.ledger import (
    SERVICE_SEPARATOR,
    Category,
    Cell,
    CheckedRow,
    Column,
    LedgerEntry,
    Message,
    RawRow,
    Remark,
    ServiceType,
    Status,
    Weight,
    message,
)
from portal.domain.ledger_normalise import squeeze, text_of

#: Codes of remarks that come from the register, not from the file: a second look makes them anew.
ON_FILE = "id.on_file"
_IN_YEAR = "year"


class Verdict(StrEnum):
    """What applying the file would do with a row; NOTE is a remark about the file itself."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    ASIDE = "aside"
    NOTE = "note"


#: The verdicts that applying acts on.
COMING_IN = (Verdict.NEW, Verdict.CHANGED)
#: The verdicts whose rows go back in a workbook.
GOING_BACK = (Verdict.REFUSED, Verdict.ASIDE)


class Change(NamedTuple):
    """One field of a child on file: what stands there, what the file says."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class OnFile:
    """A child that the register holds, as form 1 would write it; ``stamp`` tells versions apart."""

    child_id: UUID
    unit_path: str
    status: str
    entry: LedgerEntry
    in_year: bool
    stamp: str


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A checked row with its verdict, the child it means and what would change."""

    verdict: Verdict
    checked: CheckedRow
    child_id: UUID | None = None
    stamp: str = ""
    changes: tuple[Change, ...] = ()


def compare(row: CheckedRow, found: OnFile | None, year: int, today: date) -> StagedRow:
    """Say what a good or over-age row would do to the child that the register holds, if any.

    ``today`` counts again: a file may have waited over an eighteenth birthday.

    An empty cell never erases what is on file.
    """
    if row.status is Status.REFUSED:
        return StagedRow(Verdict.REFUSED, row)
    grown = row.entry is not None and is_adult(row.entry.birth, today)
    if grown and row.status is Status.READY:
        row = replace(row, status=Status.OVER_AGE)
    if row.status is Status.OVER_AGE or row.entry is None:
        held = found if found and found.status == "active" else None
        if held is None:
            return StagedRow(Verdict.ASIDE, row)
        return StagedRow(Verdict.ASIDE, row, held.child_id, held.stamp)
    if found is None:
        return StagedRow(Verdict.NEW, row)
    merged = _keep_known(row.entry, found.entry)
    changes = differences(found, merged, year)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return StagedRow(verdict, replace(row, entry=merged), found.child_id, found.stamp, changes)


def refuse_on_file(row: CheckedRow, owner_path: str) -> StagedRow:
    """Refuse a number that another unit has on file.

    The sentence does not name the unit: whoever reads it later is told only what they may see,
    by ``named_owner``.
    """
    text = "这个号码已在别的单位建档，请联系上级民政局核对"
    said = message(ON_FILE, text, unit=owner_path)
    value = str(row.raw.cell(Column.ID_NUMBER) or "")
    fault = Remark(Weight.FAULT, said, row.raw.sheet, row.raw.number, Column.ID_NUMBER, value)
    refused = replace(row, status=Status.REFUSED, remarks=(*row.remarks, fault))
    return StagedRow(Verdict.REFUSED, refused)


def named_owner(said: Message, owner: str) -> Message:
    """Say the same with the unit's name, for a reader whose scope covers it."""
    text = "这个号码已在{owner}建档；如已迁来，请先办理转接"
    return message(said.code, text, owner=owner)


def checked_again(staged: StagedRow) -> CheckedRow:
    """Take off what the register said, to ask it anew."""
    row = staged.checked
    kept = tuple(remark for remark in row.remarks if remark.message.code != ON_FILE)
    if len(kept) == len(row.remarks):
        return row
    return replace(row, status=Status.READY, remarks=kept)


def number_of(row: CheckedRow) -> str:
    """Return the ID number that a good or over-age row is about, empty for a refused one."""
    if row.entry is not None:
        return row.entry.id_number
    if row.status is Status.OVER_AGE:
        # Over age with a gap elsewhere: there is no entry, but the number was checked.
        return squeeze(text_of(row.raw.cell(Column.ID_NUMBER))).upper()
    return ""


def _keep_known(entry: LedgerEntry, known: LedgerEntry) -> LedgerEntry:
    return replace(
        entry,
        relation=entry.relation or known.relation,
        services=entry.services or known.services,
        effect=entry.effect or known.effect,
    )


def differences(found: OnFile, entry: LedgerEntry, year: int) -> tuple[Change, ...]:
    """Return every field in which the file differs from the register, old and new as words."""
    changes = [] if found.in_year else [Change(_IN_YEAR, "", str(year))]
    old, new = words_of(found.entry), words_of(entry)
    if found.entry.region_code == entry.region_code:
        # The same place in other words is no move.
        new[Column.REGION.value] = old[Column.REGION.value]
    changes += [Change(name, old[name], new[name]) for name in new if old[name] != new[name]]
    return tuple(changes)


def words_of(entry: LedgerEntry) -> dict[str, str]:
    """Return the columns that can change for one ID number, as the form writes them."""
    return {
        Column.REGION.value: entry.region_text,
        Column.NAME.value: entry.name,
        Column.GUARDIAN.value: entry.guardian,
        Column.RELATION.value: entry.relation,
        Column.PHONE.value: entry.phone,
        Column.CATEGORY.value: entry.category.word,
        Column.SERVICES.value: SERVICE_SEPARATOR.join(each.word for each in entry.services),
        Column.EFFECT.value: entry.effect,
    }


def dump(staged: StagedRow) -> str:
    """Write a staged row as one text, to be sealed."""
    row = staged.checked
    return json.dumps(
        {
            "sheet": row.raw.sheet,
            "row": row.raw.number,
            "cells": [_plain(cell) for cell in row.raw.cells],
            "status": row.status,
            "entry": _entry_values(row.entry),
            "remarks": [
                [each.weight, each.column, each.message.code, each.message.text,
                 dict(each.message.params), each.value]
                for each in row.remarks
            ],
            "stamp": staged.stamp,
            "changes": staged.changes,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )  # fmt: skip


def load(verdict: str, child_id: UUID | None, text: str) -> StagedRow:
    """Read a staged row back."""
    kept: Mapping[str, Any] = json.loads(text)
    raw = RawRow(kept["sheet"], kept["row"], tuple(_cell(cell) for cell in kept["cells"]))
    remarks = tuple(
        Remark(
            Weight(weight),
            Message(code, words, params),
            raw.sheet,
            raw.number,
            Column(column) if column else None,
            value,
        )
        for weight, column, code, words, params, value in kept["remarks"]
    )
    row = CheckedRow(raw, Status(kept["status"]), _entry(kept["entry"]), remarks)
    changes = tuple(Change(*each) for each in kept["changes"])
    return StagedRow(Verdict(verdict), row, child_id, kept["stamp"], changes)


def _plain(cell: Cell) -> object:
    return {"d": cell.isoformat()[:10]} if isinstance(cell, date) else cell


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["d"])
    cell: Cell = value
    return cell


def _entry_values(entry: LedgerEntry | None) -> list[object] | None:
    if entry is None:
        return None
    return [
        entry.region_code, entry.region_text, entry.name, entry.sex, entry.birth.isoformat(),
        entry.id_number, entry.guardian, entry.relation, entry.phone, entry.category,
        list(entry.services), entry.effect,
    ]  # fmt: skip


def _entry(values: list[Any] | None) -> LedgerEntry | None:
    if values is None:
        return None
    code, region, name, sex, birth, number, guardian, relation, phone, category, kinds, effect = (
        values
    )
    return LedgerEntry(
        code, region, name, Sex(sex), date.fromisoformat(birth), number, guardian, relation, phone,
        Category(category), tuple(ServiceType(kind) for kind in kinds), effect,
    )  # fmt: skip
