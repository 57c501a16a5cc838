"""One mask per kind of personal data; pages, exports, logs and mail all call it (invariant 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

STAR = "*"
HIDDEN = "***"

_ID_HEAD = 4
_ID_TAIL = 4
_PHONE_HEAD = 3
_PHONE_TAIL = 4
_MOBILE_LENGTH = 11
_COMPOUND_NAME_LENGTH = 3
_LANDLINE = re.compile(r"(0\d{2,3}-?)(\d{3,})")
_ADDRESS = re.compile(
    r"^(?:.{2,6}?(?:省|自治区|市))?(?:.{1,6}?(?:市|州|盟|地区))?.{1,7}?(?:县|区|市|旗)"
)

_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
    "公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁"
    "拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五完颜叶赫纳兰呼和"
)
# Written in pairs: every two characters are one surname.
COMPOUND_SURNAMES = frozenset(_COMPOUND[start : start + 2] for start in range(0, len(_COMPOUND), 2))


class Kind(StrEnum):
    """The kinds of value that have a mask of their own."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    TEXT = "text"


def mask(kind: Kind | str, value: str | None) -> str:
    """Mask ``value`` as its kind asks; an empty value stays empty, an unknown kind is hidden."""
    if not value or not value.strip():
        return ""
    try:
        return _MASKS[Kind(kind)](value.strip())
    except ValueError:
        return HIDDEN


def mask_name(name: str) -> str:
    """Keep the surname: 王小明 → 王**, 欧阳小明 → 欧阳**, Anna → A***.

    The number of stars never tells how long the given name is.
    """
    if name[:2] in COMPOUND_SURNAMES and len(name) >= _COMPOUND_NAME_LENGTH:
        return name[:2] + STAR * 2
    return name[0] + (HIDDEN if name[0].isascii() else STAR * 2)


def mask_id_number(number: str) -> str:
    """Keep four digits at both ends: 3504**********1234."""
    if len(number) <= _ID_HEAD + _ID_TAIL:
        return HIDDEN
    stars = STAR * (len(number) - _ID_HEAD - _ID_TAIL)
    return f"{number[:_ID_HEAD]}{stars}{number[-_ID_TAIL:]}"


def mask_phone(number: str) -> str:
    """Keep a mobile's ends (138****5678); of a landline its area code and last two digits."""
    landline = _LANDLINE.fullmatch(number)
    if landline:
        area, local = landline.groups()
        return f"{area}{STAR * (len(local) - 2)}{local[-2:]}"
    if len(number) < _MOBILE_LENGTH:
        return HIDDEN
    stars = STAR * (len(number) - _PHONE_HEAD - _PHONE_TAIL)
    return f"{number[:_PHONE_HEAD]}{stars}{number[-_PHONE_TAIL:]}"


def mask_email(address: str) -> str:
    """Keep the first letter and the domain: w***@example.org."""
    local, at, domain = address.rpartition("@")
    return f"{local[0]}{HIDDEN}@{domain}" if at and local else HIDDEN


def mask_address(address: str) -> str:
    """Keep the address down to the county; township, village and number are hidden."""
    found = _ADDRESS.match(address)
    return f"{found.group()}{HIDDEN}" if found and found.group() != address else HIDDEN


def _mask_text(_: str) -> str:
    return HIDDEN


_MASKS: dict[Kind, Callable[[str], str]] = {
    Kind.NAME: mask_name,
    Kind.ID_NUMBER: mask_id_number,
    Kind.PHONE: mask_phone,
    Kind.EMAIL: mask_email,
    Kind.ADDRESS: mask_address,
    Kind.TEXT: _mask_text,
}
