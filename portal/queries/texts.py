"""Reading the texts: the version in force at an authority, older ones, and what is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, scope
from portal.domain import clock, plain_text, texts
from portal.domain.actor import Actor
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.accounts import User
from portal.models.rights import AuthorityText
from portal.models.units import Unit
from portal.queries import units


@dataclass(frozen=True, slots=True)
class Version:
    """One version as a list names it; ``since`` is its first day, None for the built-in one."""

    number: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read: its body still with {places}, and the other versions there are."""

    kind: str
    number: str
    body: str
    since: date | None
    authority: str
    authority_code: str
    current: bool
    versions: tuple[Version, ...]

    def reading(self, operator: str, contact: str) -> plain_text.Reading:
        """Return the text in pieces, with the names put in their places."""
        filled = plain_text.filled(self.body, operator=operator, contact=contact)
        return plain_text.read(filled)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version as its authority's staff see it."""

    id: UUID
    kind: str
    number: str
    body: str
    status: str
    version: int
    unit_path: str
    drafted_by: UUID | None
    drafter: str
    publisher: str
    published_at: datetime | None
    in_force_from: date | None


def current(kind: str, code: str = "", number: str = "") -> Text:
    """Return a text: an authority's version in force, or the one asked for; else the built-in one.

    NotFound for an unknown kind, authority or version.
    """
    if kind not in texts.KINDS:
        raise NotFound
    authority = _authority(code) if code else None
    published = _published(authority.path, kind) if authority else []
    in_force = [row for row in published if _since(row) <= clock.today()]
    versions = (
        *(Version(row.number, row.in_force_from) for row in published),
        Version(texts.BUILTIN_VERSION, None),
    )
    newest = in_force[0].number if in_force else texts.BUILTIN_VERSION
    wanted = number or newest
    row = next((each for each in published if each.number == wanted), None)
    if row is None and wanted != texts.BUILTIN_VERSION:
        raise NotFound
    return Text(
        kind=kind,
        number=wanted,
        body=row.body if row else texts.builtin(kind),
        since=row.in_force_from if row else None,
        authority=authority.name if authority else "",
        authority_code=authority.code if authority else "",
        current=wanted == newest,
        versions=versions,
    )


def authorities(kind: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of the authorities that have a version of their own in force."""
    return tuple(
        (each.code, each.name)
        for each in units.tenants()
        if any(_since(row) <= clock.today() for row in _published(each.path, kind))
    )


def in_force(tenant_path: str) -> dict[str, str]:
    """Return kind → number of what an applicant of an authority accepts today."""
    found = dict(texts.BUILTIN_ACCEPTED)
    for kind in found:
        newest = [row for row in _published(tenant_path, kind) if _since(row) <= clock.today()]
        if newest:
            found[kind] = newest[0].number
    return found


def asked_again(supporter: Any) -> dict[str, str]:
    """Return kind → number of the versions in force that a supporter has not accepted."""
    asked = {}
    for kind, column in texts.ACCEPTED.items():
        in_force = [
            row for row in _published(supporter.tenant_path, kind) if _since(row) <= clock.today()
        ]
        if in_force and getattr(supporter, column) != in_force[0].number:
            asked[kind] = in_force[0].number
    return asked


def all_of(actor: Actor, tenant_path: str) -> tuple[Draft, ...]:
    """Return every version of an authority's texts that this person works on, newest first."""
    found = db.session.execute(_drafts().where(AuthorityText.tenant_path == tenant_path)).all()
    rows = tuple(_draft(*row) for row in found)
    return tuple(row for row in rows if access.permits(actor, Permission.TEXT_MANAGE, row))


def one(actor: Actor, text_id: UUID) -> Draft:
    """Return one version for whoever works on it; NotFound otherwise."""
    found = db.session.execute(_drafts().where(AuthorityText.id == text_id)).one_or_none()
    row = _draft(*found) if found else None
    if row is None or not access.permits(actor, Permission.TEXT_MANAGE, row):
        raise NotFound
    return row


def authority_of(actor: Actor) -> str:
    """Return the authority whose texts this person drafts; NotFound for none."""
    for grant in actor.grants:
        if grant.tenant_path and grant.tenant_path.startswith(grant.path):
            return grant.tenant_path
    raise NotFound("告知文本由主办民政局拟定，您的岗位在下级单位")


def _drafts() -> Any:
    return select(AuthorityText).order_by(AuthorityText.created_at.desc(), AuthorityText.id)


def _draft(row: AuthorityText) -> Draft:
    names: dict[UUID, str] = {
        each.id: each.name
        for each in db.session.execute(
            select(User.id, User.name).where(User.id.in_([row.drafted_by, row.published_by]))
        )
    }
    return Draft(
        id=row.id,
        kind=row.kind,
        number=row.number,
        body=row.body,
        status=row.status,
        version=row.version,
        unit_path=row.tenant_path,
        drafted_by=row.drafted_by,
        drafter=names.get(row.drafted_by, "") if row.drafted_by else "",
        publisher=names.get(row.published_by, "") if row.published_by else "",
        published_at=row.published_at,
        in_force_from=row.in_force_from,
    )


def _authority(code: str) -> Any:
    row = db.session.execute(
        select(Unit.path, Unit.name, Unit.code).where(Unit.code == code, Unit.is_tenant)
    ).first()
    if row is None:
        raise NotFound
    return row


def _published(tenant_path: str, kind: str) -> list[AuthorityText]:
    """Return the published versions, the latest to come into force first; everybody reads them."""
    shared = scope.Scope(tenants=(tenant_path,), reason="published texts are for everybody")
    with scope.within(shared, db.session()):
        rows = db.session.scalars(
            select(AuthorityText)
            .where(
                AuthorityText.tenant_path == tenant_path,
                AuthorityText.kind == kind,
                AuthorityText.status == "published",
            )
            .order_by(AuthorityText.in_force_from.desc(), AuthorityText.number.desc())
        ).all()
        return list(rows)


def _since(row: AuthorityText) -> date:
    return row.in_force_from or date.max
