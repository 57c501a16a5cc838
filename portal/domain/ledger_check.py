"""Check form 1 row by row and say what is wrong, where, and what would be right (S0-F1).

Every raw row ends in exactly one ``CheckedRow``: it comes in, goes back with reasons, or is set
aside for the age-out list. Cells that repeat from row to row (region, category, services) are
read once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar

from portal.domain.errors import Invalid
from portal.domain.identity import (
    ADULT_AGE,
    IdNumber,
    Sex,
    age_on,
    is_adult,
    parse_id_number,
    parse_phone,
)
from portal.domain.ledger import (
    Category,
    Cell,
    CheckedRow,
    Column,
    LedgerEntry,
    Message,
    RawRow,
    RegionMatch,
    Remark,
    ResolveRegion,
    ServiceType,
    Status,
    Weight,
    message,
)
from portal.domain.ledger_faults import (
    birth_against,
    duplicate_fault,
    id_cell_fault,
    is_plain_mobile,
    phone_note,
    phones_in,
    read_region,
    sex_against,
)
from portal.domain.ledger_normalise import (
    BirthMonth,
    Parsed,
    read_birth,
    read_category,
    read_services,
    read_sex,
    read_text,
    read_word,
    squeeze,
    text_of,
)

T = TypeVar("T")

_NO_NAME = message("name.missing", "没有填写姓名")
_NO_GUARDIAN = message("guardian.missing", "没有填写监护人")
_NO_PHONE = message("phone.missing", "没有填写联系电话")
_NO_RELATION = message("relation.empty", "与被监护人关系空着，请尽快补上")
# Faults of these columns make the child uncertain; without them the age can be believed.
_IDENTITY = frozenset({Column.ID_NUMBER, Column.BIRTH, Column.SEX, Column.NAME})


@dataclass(slots=True)
class _Draft:
    """A row while it is being checked."""

    raw: RawRow
    remarks: list[Remark] = field(default_factory=list)
    identity: IdNumber | None = None
    agrees: bool = True
    fields: tuple[object, ...] = ()


class LedgerChecker:
    """Checks the rows of one file for one bureau on one day.

    ``resolve`` reads a region text, ``as_of`` is the day on which a child must be under 18,
    ``allow_fictitious`` lets demonstration numbers pass.
    """

    def __init__(
        self, resolve: ResolveRegion, *, as_of: date, allow_fictitious: bool = False
    ) -> None:
        self._as_of = as_of
        self._allow_fictitious = allow_fictitious
        self._read_region = partial(read_region, resolve)
        self._regions: dict[Cell, Parsed[RegionMatch]] = {}
        self._sexes: dict[Cell, Parsed[Sex | None]] = {}
        self._births: dict[Cell, Parsed[BirthMonth | None]] = {}
        self._categories: dict[Cell, Parsed[Category | None]] = {}
        self._services: dict[Cell, Parsed[tuple[ServiceType, ...]]] = {}
        self._relations: dict[Cell, Parsed[str]] = {}

    def check(self, rows: Iterable[RawRow]) -> tuple[CheckedRow, ...]:
        """Check every row of one file; each comes back once, in the order of the file."""
        drafts = [self._draft(raw) for raw in rows]
        self._mark_duplicates(drafts)
        return tuple(self._finish(draft) for draft in drafts)

    def _draft(self, raw: RawRow) -> _Draft:
        draft = _Draft(raw)
        (
            _,
            region,
            name,
            sex,
            birth,
            number,
            guardian,
            relation,
            phone,
            category,
            services,
            effect,
        ) = raw.cells
        unit = self._cached(draft, Column.REGION, self._regions, region, self._read_region)
        child = self._word(draft, Column.NAME, name, _NO_NAME)
        identity = draft.identity = self._identity(draft, number)
        typed_sex = self._cached(draft, Column.SEX, self._sexes, sex, read_sex)
        month = self._cached(draft, Column.BIRTH, self._births, birth, read_birth)
        if identity is not None:
            if typed_sex is not identity.sex:
                self._against(draft, Column.SEX, sex, sex_against(identity, typed_sex, sex))
            self._against(draft, Column.BIRTH, birth, birth_against(identity, month, birth))
        draft.fields = (
            unit.code,
            unit.text,
            child,
            identity.sex if identity else typed_sex,
            identity.birth if identity else None,
            identity.number if identity else "",
            self._word(draft, Column.GUARDIAN, guardian, _NO_GUARDIAN),
            self._relation(draft, relation),
            self._phone(draft, phone),
            self._cached(draft, Column.CATEGORY, self._categories, category, read_category),
            self._cached(draft, Column.SERVICES, self._services, services, read_services),
            self._take(draft, Column.EFFECT, effect, read_text(effect)) if effect else "",
        )
        return draft

    def _take(self, draft: _Draft, column: Column, cell: Cell, parsed: Parsed[T]) -> T:
        """Write down what was said about a cell and return its value."""
        value, note, fault = parsed
        if fault is not None:
            self._say(draft, Weight.FAULT, column, cell, fault)
        elif note is not None:
            self._say(draft, Weight.NOTE, column, cell, note)
        return value

    @staticmethod
    def _say(draft: _Draft, weight: Weight, column: Column, cell: Cell, said: Message) -> None:
        raw = draft.raw
        draft.remarks.append(Remark(weight, said, raw.sheet, raw.number, column, text_of(cell)))

    def _cached(
        self,
        draft: _Draft,
        column: Column,
        seen: dict[Cell, Parsed[T]],
        cell: Cell,
        read: Callable[[Cell], Parsed[T]],
    ) -> T:
        """Read a cell of a column with few different values."""
        parsed = seen.get(cell)
        if parsed is None:
            parsed = seen[cell] = read(cell)
        value, note, fault = parsed
        return value if note is None and fault is None else self._take(draft, column, cell, parsed)

    def _word(self, draft: _Draft, column: Column, cell: Cell, missing: Message) -> str:
        parsed = read_word(cell)
        word, note, fault = parsed
        if note is not None or fault is not None:
            self._take(draft, column, cell, parsed)
        if not word:
            self._say(draft, Weight.FAULT, column, cell, missing)
        elif word[0] in "=+-@":
            said = message("word.formula", "这里应是文字，不能以“{sign}”开头", sign=word[0])
            self._say(draft, Weight.FAULT, column, cell, said)
        return word

    def _relation(self, draft: _Draft, cell: Cell) -> str:
        word = self._cached(draft, Column.RELATION, self._relations, cell, read_word)
        if not word:
            self._say(draft, Weight.NOTE, Column.RELATION, cell, _NO_RELATION)
        return word

    def _identity(self, draft: _Draft, cell: Cell) -> IdNumber | None:
        number = text = text_of(cell)
        if not (text.isascii() and text.isalnum()):
            number = squeeze(text)
        number = number.upper()
        fault = id_cell_fault(cell, number)
        if fault is None:
            try:
                identity = parse_id_number(
                    number, today=self._as_of, allow_fictitious=self._allow_fictitious
                )
            except Invalid as error:
                fault = Message("id.invalid", error.message, error.params)
        if fault is not None:
            self._say(draft, Weight.FAULT, Column.ID_NUMBER, cell, fault)
            return None
        if number != text:
            note = message("id.tidied", "读作“{number}”", number=number)
            self._say(draft, Weight.NOTE, Column.ID_NUMBER, cell, note)
        return identity

    def _against(
        self, draft: _Draft, column: Column, cell: Cell, said: tuple[Weight, Message] | None
    ) -> None:
        """Write down how a cell and the ID number of its row differ."""
        if said is not None:
            weight, words = said
            draft.agrees = draft.agrees and weight is not Weight.FAULT
            self._say(draft, weight, column, cell, words)

    def _phone(self, draft: _Draft, cell: Cell) -> str:
        if isinstance(cell, str) and is_plain_mobile(cell, fictitious=self._allow_fictitious):
            return cell
        text = text_of(cell)
        parts = phones_in(text)
        if not parts:
            self._say(draft, Weight.FAULT, Column.PHONE, cell, _NO_PHONE)
            return ""
        try:
            phone = parse_phone(parts[0], allow_fictitious=self._allow_fictitious)
        except Invalid as error:
            said = Message("phone.invalid", error.message, error.params)
            self._say(draft, Weight.FAULT, Column.PHONE, cell, said)
            return ""
        if phone != text or not isinstance(cell, str):
            self._say(draft, Weight.NOTE, Column.PHONE, cell, phone_note(phone, parts[1:]))
        return phone

    def _mark_duplicates(self, drafts: list[_Draft]) -> None:
        """Refuse rows that share an ID number, sparing the rightful owner if there is one.

        The owner is the only row whose own sex and birth month agree with the number; where
        nothing tells the rows apart, all of them are set aside.
        """
        groups: dict[str, list[_Draft]] = defaultdict(list)
        for draft in drafts:
            if draft.identity is not None:
                groups[draft.identity.number].append(draft)
        for group in groups.values():
            if len(group) == 1:
                continue
            owners = [draft for draft in group if draft.agrees]
            owner = owners[0] if len(owners) == 1 else None
            for draft in group:
                if draft is not owner:
                    others = [other.raw for other in group if other is not draft]
                    said = duplicate_fault(draft.raw, owner.raw if owner else None, others)
                    cell = draft.raw.cells[Column.ID_NUMBER.place]
                    self._say(draft, Weight.FAULT, Column.ID_NUMBER, cell, said)

    def _finish(self, draft: _Draft) -> CheckedRow:
        raw, identity, remarks = draft.raw, draft.identity, draft.remarks
        if not remarks and identity is not None and not self._is_adult(identity):
            return CheckedRow(raw, Status.READY, _entry(draft.fields))
        columns = {remark.column for remark in remarks if remark.weight is Weight.FAULT}
        entry = None if columns else _entry(draft.fields)
        if identity is not None and self._is_adult(identity) and not columns & _IDENTITY:
            cell = raw.cells[Column.BIRTH.place]
            self._say(draft, Weight.ASIDE, Column.BIRTH, cell, self._over_age(identity))
            return CheckedRow(raw, Status.OVER_AGE, entry, tuple(remarks))
        status = Status.REFUSED if columns else Status.READY
        return CheckedRow(raw, status, entry, tuple(remarks))

    def _is_adult(self, identity: IdNumber) -> bool:
        birth = identity.birth
        return birth.year <= self._as_of.year - ADULT_AGE and is_adult(birth, self._as_of)

    def _over_age(self, identity: IdNumber) -> Message:
        age = age_on(identity.birth, self._as_of)
        text = "已满 {adult} 周岁（现 {age} 岁），转入超龄名单，不再列入台账"
        return message("over_age", text, adult=ADULT_AGE, age=age)


def _entry(fields: tuple[object, ...]) -> LedgerEntry:
    return LedgerEntry(*fields)  # type: ignore[arg-type]
