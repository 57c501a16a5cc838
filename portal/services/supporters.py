"""Supporters: registering at an authority, handing in documents, correcting what came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.core import access, facts, scope, transitions, unit_of_work
from portal.domain import clock, name_search
from portal.domain.actor import CONTACT, Actor
from portal.domain.applications import Application, Checked, check
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.supporters import MACHINE, REQUIRED_DOCUMENTS
from portal.domain.permissions import Permission
from portal.domain.vetting import DOCUMENT_KINDS
from portal.extensions import db
from portal.models.supporters import Supporter, SupporterDocument, SupporterMember
from portal.queries import registration, texts, units
from portal.services import accounts, files, known_numbers, tokens


def register_newcomer(
    application: Application, *, email: str, password: str, allow_fictitious: bool = False
) -> UUID | None:
    """Open an account and apply with it in one go; return the supporter, still a draft.

    The application goes in by itself when the e-mail is confirmed. None when the address has an
    account already, or the number is registered or block-listed: a mail tells it, nothing is
    stored, and the page answers as always. Each way does the other's work in vain, so that the
    time tells nothing either. Raises Invalid.
    """
    place = registration.county(application.county_code)
    accepted = texts.in_force(place.tenant_path)
    checked = check(application, allow_fictitious=allow_fictitious, in_force=accepted)
    speaker = application.contact_name.strip() or application.name.strip()
    fresh = accounts.new_password_hash(password, (email, speaker))
    address = accounts.normal_email(email)
    account = {"name": speaker, "password_hash": fresh, "phone": checked.phone}
    if known_numbers.taken(checked.blind, place.tenant_path):
        known_numbers.tell(address, place.name)
    elif (supporter_id := _open(address, account, checked, place)) is not None:
        with unit_of_work.in_vain():
            known_numbers.tell(address, place.name)
        return supporter_id
    with unit_of_work.in_vain():
        _open(f"{uuid4()}@nobody.invalid", account, checked, place)
    return None


def register(
    actor: Actor, application: Application, *, allow_fictitious: bool = False
) -> UUID | None:
    """Apply with the account one is signed in with; submitted at once when the e-mail is confirmed.

    None when the number is registered or block-listed: told by mail only.
    Raises Invalid (with the fields), NotAllowed for staff accounts.
    """
    access.require(actor, Permission.SUPPORTER_REGISTER)
    place = registration.county(application.county_code)
    accepted = texts.in_force(place.tenant_path)
    checked = check(application, allow_fictitious=allow_fictitious, in_force=accepted)
    if known_numbers.taken(checked.blind, place.tenant_path):
        known_numbers.tell(actor.email, place.name)
        return None
    supporter_id = _begin(actor, checked, place)
    if actor.email_verified:
        with scope.within(_own(supporter_id), db.session()):
            _submit(actor, _get(supporter_id))
    return supporter_id


def submit_drafts(actor: Actor) -> int:
    """Hand in what waited for the e-mail to be confirmed; return how many applications.

    A draft whose number somebody else claimed meanwhile stays a draft, and a mail says so.
    """
    count = 0
    with scope.within(scope.of(actor), db.session()):
        drafts = db.session.scalars(
            select(Supporter).where(
                Supporter.id.in_(actor.supporter_ids), Supporter.status == "draft"
            )
        )
        for supporter in drafts.all():
            if not known_numbers.claim(supporter):
                known_numbers.tell(actor.email, units.by_path(supporter.unit_path).name)
                continue
            _submit(actor, supporter)
            count += 1
    return count


def resubmit(
    actor: Actor,
    supporter_id: UUID,
    application: Application,
    *,
    version: int,
    allow_fictitious: bool = False,
) -> UUID:
    """Correct an own application and hand it in again (from draft, returned or expired).

    The authority and the kind stay as they were. With a number that is somebody else's or on the
    block-list nothing changes and a mail says so. Raises NotFound for somebody else's, Conflict
    when it was changed meanwhile, Invalid, WrongState.
    """
    if actor.role_in(supporter_id) != CONTACT:
        raise NotFound
    supporter = _get(supporter_id)
    if supporter.version != version:
        raise Conflict("这份资料刚刚有变化，请刷新后再改")
    MACHINE.check("submit", supporter.status)
    accepted = texts.in_force(supporter.tenant_path)
    checked = check(application, allow_fictitious=allow_fictitious, in_force=accepted)
    unchanged = checked.blind in (supporter.id_hmac, supporter.uscc_hmac)
    if not unchanged and known_numbers.taken(checked.blind, supporter.tenant_path):
        known_numbers.tell(actor.email, units.by_path(supporter.unit_path).name)
        return supporter_id
    changed = _changed(supporter, checked)
    _fill(supporter, checked)
    _hand_in(supporter, application.documents)
    changed += [kind for kind in application.documents if kind not in changed]
    facts.publish("supporter.edit", actor=actor, subject=supporter, fields=changed)
    supporter.details = {**supporter.details, "changed": changed}
    _submit(actor, supporter)
    return supporter_id


def _open(
    address: str, account: Mapping[str, str], checked: Checked, place: registration.County
) -> UUID | None:
    """Open the account and the draft; None when the address has an account, whose owner is told."""
    user = accounts.open_account(email=address, **account)
    if user is None:
        return None
    tokens.mail(user, "verify_email")
    return _begin(Actor(user_id=user.id, email=user.email, name=user.name), checked, place)


def _own(supporter_id: UUID) -> scope.Scope:
    return scope.Scope(supporters=(supporter_id,), reason="the applicant's own new row")


def _get(supporter_id: UUID) -> Supporter:
    supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if supporter is None:
        raise NotFound
    return supporter


def _begin(actor: Actor, checked: Checked, place: registration.County) -> UUID:
    source = checked.source
    supporter_id = uuid4()
    with scope.within(_own(supporter_id), db.session()):
        supporter = Supporter(
            id=supporter_id,
            kind=source.kind,
            tenant_path=place.tenant_path,
            unit_path=place.path,
            county_code=place.code,
            created_by=actor.user_id,
            details={},
        )
        _fill(supporter, checked)
        if not actor.email_verified:
            supporter.id_hmac = supporter.uscc_hmac = None
        db.session.add(supporter)
        transitions.begin(MACHINE, supporter, actor)
        db.session.flush()
        db.session.add(
            SupporterMember(
                supporter_id=supporter_id, user_id=actor.user_id, created_by=actor.user_id
            )
        )
        _hand_in(supporter, source.documents)
    return supporter_id


def _fill(supporter: Supporter, checked: Checked) -> None:
    source = checked.source
    supporter.name = source.name.strip()
    supporter.name_marks = name_search.marks(supporter.name)
    supporter.phone = checked.phone
    supporter.uscc = checked.uscc
    supporter.uscc_hmac = checked.blind if checked.uscc else None
    supporter.id_no = checked.person.number if checked.person else None
    supporter.id_hmac = checked.blind if checked.person else None
    supporter.birth_date = checked.person.birth if checked.person else None
    supporter.is_teacher = source.is_teacher
    supporter.fundraising_no = source.fundraising_no.strip() or None
    if source.contact_name.strip():
        supporter.details = {**supporter.details, "contact_name": source.contact_name.strip()}
    supporter.pledge_version = source.pledge_version
    supporter.privacy_version = source.privacy_version


def _changed(supporter: Supporter, checked: Checked) -> list[str]:
    """Name the fields that an edit changes, for the eye of whoever checks again."""
    source = checked.source
    pairs: Mapping[str, tuple[Any, Any]] = {
        "name": (supporter.name, source.name.strip()),
        "phone": (supporter.phone, checked.phone),
        "id_number": (supporter.id_hmac, checked.blind if checked.person else None),
        "uscc": (supporter.uscc, checked.uscc),
        "contact_name": (
            supporter.details.get("contact_name", ""), source.contact_name.strip(),
        ),
        "fundraising_no": (supporter.fundraising_no or "", source.fundraising_no.strip()),
    }  # fmt: skip
    return [name for name, (before, after) in pairs.items() if before != after]


def _hand_in(supporter: Supporter, documents: Mapping[str, UUID]) -> None:
    """Attach kept drafts; a newer document of a kind stands before the older one."""
    for kind, file_id in documents.items():
        if kind not in DOCUMENT_KINDS:
            raise Invalid("没有这一类材料")
        files.attach(file_id, unit_path=supporter.unit_path, supporter_id=supporter.id)
        db.session.add(
            SupporterDocument(
                supporter_id=supporter.id,
                kind=kind,
                file_id=file_id,
                tenant_path=supporter.tenant_path,
            )
        )
    db.session.flush()


def _submit(actor: Actor, supporter: Supporter) -> None:
    handed = set(
        db.session.scalars(
            select(SupporterDocument.kind).where(SupporterDocument.supporter_id == supporter.id)
        )
    )
    missing = [kind for kind in REQUIRED_DOCUMENTS[supporter.kind] if kind not in handed]
    if missing:
        raise Invalid("请上传材料", dict.fromkeys(missing, "请上传这份材料"))
    supporter.returned_fields = {}
    supporter.submitted_at = clock.now()
    transitions.fire(MACHINE, supporter, "submit", actor)
