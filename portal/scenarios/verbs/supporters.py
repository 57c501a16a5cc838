"""Applications and vetting, as the registration forms and the vetting desk do them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from flask import current_app
from PIL import Image

from portal.core import passwords
from portal.domain.actor import Actor
from portal.domain.applications import Application
from portal.domain.errors import Conflict
from portal.domain.texts import PLEDGE_VERSION, PRIVACY_VERSION
from portal.queries import stories
from portal.scenarios.registry import outside
from portal.services import accounts, files, supporters, tokens, vetting

#: The one password of a story's people.
PASSWORD = "weiguang-demo"  # noqa: S105 -- fictitious people, refused in production
_PAPER = (744, 1052)


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a registration form holds; both texts count as accepted in their present version."""

    kind: str
    county_code: str
    name: str
    phone: str
    id_number: str = ""
    uscc: str = ""
    contact_name: str = ""
    is_teacher: bool = False
    fundraising_no: str = ""
    documents: Mapping[str, UUID] = field(default_factory=dict)

    def application(self) -> Application:
        """Return the form as it is sent."""
        return Application(
            kind=self.kind,
            county_code=self.county_code,
            name=self.name,
            phone=self.phone,
            id_number=self.id_number,
            uscc=self.uscc,
            contact_name=self.contact_name,
            is_teacher=self.is_teacher,
            fundraising_no=self.fundraising_no,
            pledge_version=PLEDGE_VERSION,
            privacy_version=PRIVACY_VERSION,
            documents=self.documents,
        )


@outside
def keep_papers(actor: Actor, count: int) -> list[UUID]:
    """Upload several sheets of paper, one for each form that will name one."""
    return [keep_paper(actor) for _ in range(count)]


@outside
def keep_paper(actor: Actor) -> UUID:
    """Upload a sheet of paper (a licence, a certificate), before the form that names it."""
    return files.keep_draft(actor, data=_sheet(), mime="image/png")


def apply(login: str, form: Applicant) -> UUID | None:
    """Register: open an account, confirm its e-mail, hand the application in.

    None when the number may not register here, which only a mail says.
    """
    actor = open_account(login, form.contact_name or form.name, form.phone)
    return supporters.register(actor, form.application(), allow_fictitious=_fictitious())


def begin(login: str, form: Applicant) -> UUID | None:
    """Register as a newcomer whose e-mail still waits to be confirmed."""
    return supporters.register_newcomer(
        form.application(),
        email=_address(login),
        password=PASSWORD,
        allow_fictitious=_fictitious(),
    )


def apply_all(forms: Mapping[str, Applicant]) -> list[UUID | None]:
    """Register several by login, each as ``supporter.apply`` does; return them in order."""
    return [apply(login, form) for login, form in forms.items()]


def admit_all(actor: Actor, supporter_ids: tuple[UUID, ...]) -> int:
    """Check and approve several whose papers are in order; return how many."""
    for each in supporter_ids:
        vetting.start_check(actor, each)
        vetting.approve(actor, each, identity_confirmed=True, documents_confirmed=True)
    return len(supporter_ids)


def apply_again(actor: Actor, supporter_id: UUID, form: Applicant, version: int) -> UUID:
    """Correct an own application that came back, and hand it in again."""
    return supporters.resubmit(
        actor,
        supporter_id,
        form.application(),
        version=version,
        allow_fictitious=_fictitious(),
    )


def open_account(login: str, name: str, phone: str = "") -> Actor:
    """Open an account with the story's password and confirm its e-mail by the mailed token."""
    user = accounts.open_account(
        email=_address(login),
        name=name,
        password_hash=password_hash(),
        phone=phone or None,
    )
    if user is None:
        raise Conflict("这个邮箱已经有账号：{login}", login=login)
    tokens.mail(user, "verify_email")
    return accounts.verify_email(token=stories.mailed_token(user.id, "verify_email"))


@cache
def password_hash() -> str:
    """Hash the story's password once: argon2 is slow on purpose."""
    return passwords.hashed(PASSWORD)


@cache
def _sheet() -> bytes:
    out = io.BytesIO()
    Image.new("L", _PAPER, 240).save(out, "PNG", optimize=True)
    return out.getvalue()


def _address(login: str) -> str:
    return login if "@" in login else f"{login}@example.org"


def _fictitious() -> bool:
    return bool(current_app.config["SETTINGS"].allow_fictitious_id)


VERBS: Mapping[str, Callable[..., Any]] = {
    "paper.keep": keep_paper,
    "paper.keep_several": keep_papers,
    "supporter.begin": begin,
    "supporter.apply": apply,
    "supporters.apply_all": apply_all,
    "supporters.admit_all": admit_all,
    "supporter.apply_again": apply_again,
    "supporter.start_check": vetting.start_check,
    "supporter.return": vetting.give_back,
    "supporter.approve": vetting.approve,
    "supporter.reject": vetting.reject,
    "supporter.revoke": vetting.revoke,
    "supporter.suspend": vetting.suspend,
    "supporter.reinstate": vetting.reinstate,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "supporter.state": stories.own_state,
    "supporters.states": stories.supporter_states,
    "block_list": stories.block_list,
    "mails.to": stories.mails_to,
    "facts.of": stories.facts_of,
    "today": stories.today,
}
