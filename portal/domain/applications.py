"""What an applicant typed, checked and put into form: pure rules, before any row is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from portal.domain import cipher, clock, identity, texts
from portal.domain.errors import Invalid
from portal.domain.identity import IdNumber
from portal.domain.vetting import FIELDS, uscc_mismatch

Value = TypeVar("Value")
_NAME_LENGTH = 60
_NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant says of themselves; numbers as typed."""

    kind: str
    county_code: str
    name: str
    phone: str
    id_number: str = ""
    uscc: str = ""
    contact_name: str = ""
    is_teacher: bool = False
    fundraising_no: str = ""
    pledge_version: str = ""
    privacy_version: str = ""
    #: Kind of document to the draft that was kept for it.
    documents: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """An application whose numbers are right; ``blind`` finds the same number again."""

    source: Application
    phone: str
    person: IdNumber | None
    uscc: str | None
    blind: str


def check(
    application: Application,
    *,
    allow_fictitious: bool,
    in_force: Mapping[str, str] = texts.BUILTIN_ACCEPTED,
) -> Checked:
    """Check names, numbers, age and the accepted texts; Invalid names every field at once.

    ``in_force`` holds the version of each text that the chosen authority asks to be accepted.
    A person must be 18 today (SV); the codes' check digits must be right (A2).
    """
    problems: dict[str, str] = {}
    _check_words(application, problems)
    _check_texts(application, in_force, problems)
    today = clock.today()
    phone = _taken(
        problems, lambda: identity.parse_phone(application.phone, allow_fictitious=allow_fictitious)
    )
    person: IdNumber | None = None
    uscc: str | None = None
    if application.kind == "individual":
        person = _taken(
            problems,
            lambda: identity.parse_id_number(
                application.id_number, today=today, allow_fictitious=allow_fictitious
            ),
        )
        if person and not identity.is_adult(person.birth, today):
            problems["id_number"] = "登记需要年满 18 周岁；未满 18 周岁的同学可以请家长登记"
    else:
        uscc = _taken(
            problems,
            lambda: identity.parse_uscc(application.uscc, allow_fictitious=allow_fictitious),
        )
        if uscc and (mismatch := uscc_mismatch(application.kind, uscc)):
            problems["uscc"] = mismatch
    if problems:
        raise Invalid("还没有保存，改好后请再提交一次", problems)
    number, purpose = (person.number, "id_number") if person else (uscc or "", "uscc")
    return Checked(application, phone or "", person, uscc, blind(number, purpose))


def blind(number: str, purpose: str) -> str:
    """Return the hash by which supporters and the block-list find a number (id_number, uscc)."""
    return cipher.ring().blind_index(number, f"supporter.{purpose}")


def _check_words(application: Application, problems: dict[str, str]) -> None:
    if application.kind not in FIELDS:
        raise Invalid("没有这一类登记")
    names = {"name": application.name}
    if application.kind != "individual":
        names["contact_name"] = application.contact_name
    for name, text in names.items():
        if not text.strip():
            problems[name] = "请填写"
        elif len(text.strip()) > _NAME_LENGTH:
            problems[name] = "最多 60 个字"
    if len(application.fundraising_no) > _NUMBER_LENGTH:
        problems["fundraising_no"] = "最多 40 个字"


def _check_texts(
    application: Application, in_force: Mapping[str, str], problems: dict[str, str]
) -> None:
    if application.pledge_version != in_force["pledge"]:
        problems["pledge"] = "请阅读并同意您所选民政局现在这一版守护承诺"
    if application.privacy_version != in_force["privacy"]:
        problems["privacy"] = "请阅读并同意您所选民政局现在这一版隐私告知"


def _taken(problems: dict[str, str], parse: Callable[[], Value]) -> Value | None:
    try:
        return parse()
    except Invalid as refusal:
        problems.update(refusal.fields)
        return None
