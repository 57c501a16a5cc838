"""Who sees which personal data in full, and how a mask is opened (invariant 3; domain.md 3).

A village director and a county clerk know their children by name; a city reads them masked. ID
number, address and telephone are masked for everybody: opening one asks a reason, holds a quarter
of an hour for this person, this field and this file, and leaves a row (L05). Whoever does not
care for the child asks a responsible person, and in an emergency a second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.domain.actor import Actor, Role
from portal.domain.errors import Invalid
from portal.domain.masking import Kind, mask
from portal.domain.pii import P2, P3, P4, PII

_FIELD = frozenset({Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.COUNTY_STAFF})

#: Kind of value of a child or guardian → the roles that read it unmasked in their own unit.
SEEN_BY: Mapping[Kind, frozenset[Role]] = {
    Kind.NAME: _FIELD,
    Kind.TEXT: _FIELD,
    Kind.PHONE: frozenset(),
    Kind.ADDRESS: frozenset(),
    Kind.ID_NUMBER: frozenset(),
    Kind.EMAIL: frozenset(),
}

#: How long an opened field stays open (domain.md 3).
OPEN_FOR = timedelta(minutes=15)
#: A leave that was given and not used ends after this (L05: at most eight hours).
GRANTED_FOR = timedelta(hours=8)
#: A question that nobody answers ends after this, by its kind.
ASKED_FOR: Mapping[str, timedelta] = {
    "grant": timedelta(hours=72),
    "break_glass": timedelta(hours=24),
}
#: A child's page says so long that it was opened in an emergency.
BANNER_FOR = timedelta(days=30)
WORDS_LENGTH = 300
#: What stands in the log for looking at a file with its masks on.
FILE = "file"
#: What stands in the log for taking a whole ledger along.
LEDGER = "ledger"
#: What stands there for opening the roster of a programme, and its notes of health.
ROSTER, HEALTH = "roster", "health"
OTHER = "other"


class Basis(StrEnum):
    """By whose leave a field was opened."""

    ASSIGNMENT = "assignment"
    GRANT = "grant"
    BREAK_GLASS = "break_glass"


BASIS_LABELS: Mapping[str, str] = {
    Basis.ASSIGNMENT: "本岗位职责",
    Basis.GRANT: "经批准",
    Basis.BREAK_GLASS: "应急查看",
}


@dataclass(frozen=True, slots=True)
class Field:
    """Something on a file that can be opened: its words, its mask, whose secret it is."""

    label: str
    kind: Kind
    pii: PII = P3


#: What can be opened on a child's file.
CHILD_FIELDS: Mapping[str, Field] = {
    "name": Field("姓名", Kind.NAME),
    "id_no": Field("公民身份证号码", Kind.ID_NUMBER),
    "home_address": Field("住址", Kind.ADDRESS),
    "school": Field("学校", Kind.TEXT),
    "guardian_name": Field("监护人姓名", Kind.NAME, P2),
    "guardian_phone": Field("监护人电话", Kind.PHONE, P2),
}
#: What can be opened on a supporter's dossier.
SUPPORTER_FIELDS: Mapping[str, Field] = {
    "id_number": Field("身份证号码", Kind.ID_NUMBER, P2),
    "phone": Field("联系电话", Kind.PHONE, P2),
}
FIELD_LABELS: Mapping[str, str] = {
    FILE: "查看档案（遮盖后）",
    LEDGER: "导出台账（完整号码）",
    ROSTER: "活动花名册",
    HEALTH: "活动的健康和饮食提示",
    **{name: field.label for name, field in {**CHILD_FIELDS, **SUPPORTER_FIELDS}.items()},
}
CHILD_REASONS: Mapping[str, str] = {
    "verify": "核对身份",
    "visit": "上门走访",
    "contact": "联系监护人",
    "report": "核对报表或台账",
    "complaint": "处理投诉或信访",
    "emergency": "紧急情况处置",
    OTHER: "其他（请写明）",
}
SUPPORTER_REASONS: Mapping[str, str] = {
    "verify": "核对身份",
    "contact": "联系申请人",
    "complaint": "处理投诉",
    OTHER: "其他（请写明）",
}
REASON_LABELS: Mapping[str, str] = {**SUPPORTER_REASONS, **CHILD_REASONS, "view": "打开档案"}


def show(
    actor: Actor, kind: Kind, value: str | None, unit_path: str, *, opened: bool = False
) -> str:
    """Return ``value`` or its mask, as this person may see it at that unit.

    ``opened``: a row says that this person has opened this very field just now.
    """
    if opened or any(actor.has(role, unit_path) for role in SEEN_BY[kind]):
        return value or ""
    return mask(kind, value)


def is_assigned(actor: Actor, field: Field, unit_path: str) -> bool:
    """Tell whether the person's own post opens this field there: those who care for the child.

    A case secret (P4) is opened by nobody's post: it takes a leave (domain.md 3).
    """
    return field.pii is not P4 and serving_role(actor, _FIELD, unit_path) is not None


def serving_role(actor: Actor, roles: frozenset[Role], unit_path: str) -> Role | None:
    """Return the role, of several, in which the person stands before a file; nearest unit first."""
    held = [
        grant for grant in actor.grants if grant.role in roles and unit_path.startswith(grant.path)
    ]
    return max(held, key=lambda grant: len(grant.path)).role if held else None


def check_reason(reasons: Mapping[str, str], reason: str, words: str) -> str:
    """Return the words beside a reason of the closed list; Invalid when one is missing."""
    if reason not in reasons:
        raise Invalid("请选择查看的原因", {"reason": "请选择查看的原因"})
    said = words.strip()[:WORDS_LENGTH]
    if reason == OTHER and not said:
        raise Invalid("请写明原因", {"words": "请写明原因"})
    return said
