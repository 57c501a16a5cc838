"""What a service certificate says, and the serial by which a stranger checks it (domain.md 6)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from portal.domain import identity
from portal.domain.errors import Invalid

#: 32 signs that nobody confuses when reading from paper (no I, L, O, U).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKE = str.maketrans("OIL", "011")
#: 20 signs of five bits: a hundred random bits.
SERIAL_LENGTH = 20
_GROUP = 5
_VOLUNTEER_NO = re.compile(r"[0-9A-Z-]{1,40}")
#: Internal publicity lasts at least this long (民发〔2015〕149号).
PUBLICITY_DAYS = 7
#: What stands where the name was, once its owner had it deleted.
NAME_DELETED = "已按本人要求删除"


@dataclass(frozen=True, slots=True)
class Line:
    """One service on the paper."""

    served_on: date
    kind: str
    title: str
    place: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole content, frozen on the day of issue; the ID number is masked already."""

    serial: str
    name: str
    document: str
    organisation: str
    volunteer_no: str
    period_from: date
    period_to: date
    minutes: int
    lines: tuple[Line, ...]
    unit: str
    head: str
    handler: str
    contact: str
    issued_on: date
    #: The person had their data deleted: what says who it is, is gone, the rest is checked as ever.
    nameless: bool = False

    def without_person(self) -> Paper:
        """Return what is left of it when its person had everything deleted (PIPL 47).

        A certificate is kept long (民政部令67号): serial, period, minutes, issuer and day stay, so
        that whoever holds the paper still learns whether it is valid.
        """
        return replace(
            self, name="", document="", organisation="", volunteer_no="", lines=(), head="",
            handler="", contact="", nameless=True,
        )  # fmt: skip

    def to_json(self) -> str:
        """Write the paper as it is sealed in the database."""
        return json.dumps(asdict(self), default=date.isoformat, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Paper:
        """Read a sealed paper back."""
        held = json.loads(text)
        lines = tuple(Line(**_dated(line, "served_on")) for line in held.pop("lines"))
        return cls(lines=lines, **_dated(held, "period_from", "period_to", "issued_on"))


def new_serial() -> str:
    """Return a serial that tells nothing and cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(SERIAL_LENGTH))


def volunteer_number(text: str) -> str:
    """Return a volunteer's registration number as it is printed; empty when there is none.

    Raises Invalid for anything but letters, digits and hyphens, and for an ID number.
    """
    number = text.strip().upper()
    if number and not _VOLUNTEER_NO.fullmatch(number):
        words = "志愿者编号只有字母、数字和短横，最多40个"
        raise Invalid(words, {"volunteer_no": words})
    if identity.is_id_number(number):
        words = "这是身份证号码，不要写在这里"
        raise Invalid(words, {"volunteer_no": words})
    return number


def read_serial(text: str) -> str:
    """Return a serial as stored from what somebody typed; empty when it cannot be one."""
    signs = text.upper().replace("-", "").replace(" ", "").translate(_LOOKALIKE)
    fits = len(signs) == SERIAL_LENGTH and set(signs) <= set(_ALPHABET)
    return signs if fits else ""


def shown_serial(serial: str) -> str:
    """Return a serial in groups of five, as it is printed."""
    return "-".join(serial[at : at + _GROUP] for at in range(0, len(serial), _GROUP))


def _dated(held: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**held, **{name: date.fromisoformat(held[name]) for name in names}}
