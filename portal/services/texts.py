"""The texts of an authority: drafted by one person, published by another, accepted by supporters.

A new version is asked of a supporter at the next sign-in and before the next claim; what is
promised already goes on.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.core import access, facts, scope, transitions
from portal.domain import clock, plain_text
from portal.domain.actor import CONTACT, Actor
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.domain.lifecycles.texts import MACHINE
from portal.domain.permissions import Permission
from portal.domain.texts import ACCEPTED, KINDS
from portal.extensions import db
from portal.models.rights import AuthorityText, TextAcceptance
from portal.models.supporters import Supporter
from portal.queries import texts as rows


def draft(actor: Actor, *, tenant_path: str, kind: str, body: str) -> UUID:
    """Begin a new version of a text with the next number of the year (2026-02).

    Raises Invalid for a text without title or chapters, Conflict while another draft waits.
    """
    if kind not in KINDS:
        raise Invalid("没有这一类文本")
    _readable(body)
    row = AuthorityText(
        tenant_path=tenant_path, kind=kind, number=_next(tenant_path, kind), body=body.strip(),
        drafted_by=actor.user_id, created_by=actor.user_id,
    )  # fmt: skip
    access.require(actor, Permission.TEXT_MANAGE, row)
    waiting = select(AuthorityText.id).where(
        AuthorityText.tenant_path == tenant_path,
        AuthorityText.kind == kind,
        AuthorityText.status == "draft",
    )
    if db.session.scalar(waiting) is not None:
        raise Conflict("这类文本已有一份草稿，请先发布或放弃")
    db.session.add(row)
    db.session.flush()
    transitions.begin(MACHINE, row, actor, text=kind, number=row.number)
    return row.id


def edit(actor: Actor, text_id: UUID, *, body: str, version: int | None = None) -> UUID:
    """Change an own draft; somebody else's is theirs, so that the second key stays a second key."""
    row = _get(actor, text_id, version)
    if row.status != "draft":
        raise WrongState("已发布的文本不能再改，请另起一版")
    if row.drafted_by != actor.user_id:
        raise NotAllowed("只有起草人可以改草稿；您可以发布它，或者放弃后自己起草")
    _readable(body)
    row.body = body.strip()
    facts.publish("text.edit", actor=actor, subject=row)
    return row.id


def publish(
    actor: Actor, text_id: UUID, *, in_force_from: date, version: int | None = None
) -> UUID:
    """Publish a colleague's draft, in force from a day (today or later)."""
    row = _get(actor, text_id, version)
    if in_force_from < clock.today():
        why = "生效日不能早于今天"
        raise Invalid(why, {"in_force_from": why})
    transitions.fire(MACHINE, row, "publish", actor, in_force=in_force_from.isoformat())
    row.published_by, row.published_at = actor.user_id, clock.now()
    row.in_force_from = in_force_from
    return row.id


def discard(actor: Actor, text_id: UUID, *, version: int | None = None) -> UUID:
    """Give a draft up."""
    row = _get(actor, text_id, version)
    transitions.fire(MACHINE, row, "discard", actor)
    return row.id


def accept(actor: Actor, supporter_id: UUID, accepted: dict[str, str]) -> int:
    """Record that a supporter accepts versions (kind → number); return how many are new.

    Only a contact binds an organisation. Raises NotFound for a supporter one is no contact of,
    Conflict when a version is not the one in force any more.
    """
    if actor.role_in(supporter_id) != CONTACT:
        raise NotFound
    with scope.within(scope.of(actor), db.session()):
        supporter = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
        if supporter is None:
            raise NotFound
        asked = rows.asked_again(supporter)
        if any(asked.get(kind, number) != number for kind, number in accepted.items()):
            raise Conflict("文本刚刚换了新版本，请重新阅读")
        for kind in asked.keys() & accepted.keys():
            setattr(supporter, ACCEPTED[kind], asked[kind])
            db.session.add(
                TextAcceptance(
                    tenant_path=supporter.tenant_path, supporter_id=supporter.id, kind=kind,
                    number=asked[kind], accepted_at=clock.now(), user_id=actor.user_id,
                )
            )  # fmt: skip
            facts.publish("text.accept", actor=actor, subject=supporter, text=kind)
        db.session.flush()
    return len(asked.keys() & accepted.keys())


def _readable(body: str) -> None:
    plain_text.read(body)


def _next(tenant_path: str, kind: str) -> str:
    """Return the next number of the year; 01 is the version the portal came with."""
    year = clock.today().year
    count = db.session.scalar(
        select(func.count(AuthorityText.id)).where(
            AuthorityText.tenant_path == tenant_path,
            AuthorityText.kind == kind,
            AuthorityText.number.startswith(f"{year}-"),
        )
    )
    return f"{year}-{(count or 0) + 2:02d}"


def _get(actor: Actor, text_id: UUID, version: int | None) -> AuthorityText:
    row = db.session.scalar(select(AuthorityText).where(AuthorityText.id == text_id))
    if row is None:
        raise NotFound
    access.require(actor, Permission.TEXT_MANAGE, row)
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row
