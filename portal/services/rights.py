"""Requests about one's own data: asked, on a clock, answered in writing by somebody else (L06)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, outbox, scope, transitions
from portal.domain import clock, name_search
from portal.domain.actor import SYSTEM, Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.requests import FIELDS, KINDS, MACHINE
from portal.domain.permissions import Permission
from portal.domain.screening_words import Kind
from portal.domain.words import CONSENT_WORDS
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import ChildFile, GuardianLink
from portal.models.rights import RightsRequest
from portal.models.supporters import Supporter
from portal.queries import account_data, deadlines, screening
from portal.queries import rights as reading
from portal.services import (
    contact_cards,
    erasure,
    honours,
    pairing_leaving,
    protections,
    wish_review,
)

_LONGEST = 2000
#: A reason that says something has at least this many characters.
_LEAST = 10
_PHONE = re.compile(r"1\d{10}")
_TELLS_WHERE = frozenset({Kind.PLACE, Kind.SCHOOL, Kind.ADDRESS})
#: The consent to stand by name on the roll of honour: withdrawing it needs nobody's answer.
PUBLICITY = "publicity"
#: Values that a request may name, by whose they are.
_OF_SUPPORTER = frozenset({"name", "phone", "other"})
_OF_CHILD = frozenset({"phone", "home_address", "school", "other"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a kind of KINDS, the field of a correction or purpose, and words."""

    kind: str
    field: str = ""
    words: str = ""


def ask(actor: Actor, supporter_id: UUID, *, kind: str, field: str = "", words: str = "") -> UUID:
    """Ask something about an own supporter's data; NotFound for somebody else's.

    Taking back the consent to a published name acts by itself, on the spot.
    """
    supporter = _own(actor, supporter_id)
    request_id = begin(
        actor,
        Asked(kind, field, words),
        unit_path=supporter.unit_path,
        tenant_path=supporter.tenant_path,
        supporter_id=supporter.id,
    )
    if kind == "erase":
        pairing_leaving.asked_to_be_forgotten(actor, supporter.id)
    if (kind, field) == ("withdraw", PUBLICITY):
        honours.withdraw_publicity(actor, supporter.id)
        _settle(actor, request_id)
    return request_id


def copied(actor: Actor, supporter_id: UUID) -> UUID:
    """Record that a supporter took a copy of their own data, answered on the spot."""
    return _settle(actor, ask(actor, supporter_id, kind="copy"))


def begin(
    actor: Actor,
    asked: Asked,
    *,
    unit_path: str,
    tenant_path: str,
    supporter_id: UUID | None = None,
    child_id: UUID | None = None,
    guardian_id: UUID | None = None,
) -> UUID:
    """Write a request down and start its clock; the same one twice is Conflict."""
    _check(asked, of_child=child_id is not None)
    if reading.open_twin(actor, (asked.kind, asked.field), supporter_id, child_id):
        raise Conflict("同样的请求正在办理，请等答复")
    request = RightsRequest(
        kind=asked.kind,
        field=asked.field,
        words=asked.words.strip()[:_LONGEST],
        unit_path=unit_path,
        tenant_path=tenant_path,
        supporter_id=supporter_id,
        child_id=child_id,
        guardian_id=guardian_id,
        asker_id=actor.user_id,
        received_at=clock.now(),
        due_on=deadlines.answer_by(tenant_path),
        created_by=actor.user_id,
    )
    db.session.add(request)
    db.session.flush()
    transitions.begin(MACHINE, request, actor, about=asked.kind)
    return request.id


def retract(actor: Actor, request_id: UUID) -> UUID:
    """Take an own request back before it is answered."""
    home = account_data.home_of(actor.user_id) if actor.user_id else None
    reach = replace(scope.of(actor), paths=(home.unit_path,) if home else ())
    with scope.within(reach, db.session()):
        request = _get(request_id)
        if request.asker_id is None or request.asker_id != actor.user_id:
            raise NotFound
        transitions.fire(MACHINE, request, "retract", actor)
        _stays(request)
    return request_id


def take(actor: Actor, request_id: UUID, *, version: int | None = None) -> UUID:
    """Begin to look into a request, so that colleagues see it is in hand."""
    request = _get(request_id, version)
    transitions.fire(MACHINE, request, "take", actor)
    return request.id


def refuse(actor: Actor, request_id: UUID, *, answer: str, version: int | None = None) -> UUID:
    """Refuse with written reasons; Invalid without them (L06)."""
    request = _get(request_id, version)
    if answer.strip() and len(answer.strip()) < _LEAST:
        raise Invalid("请写清不同意的理由", {"answer": "请写清理由，至少10个字"})
    _answer(actor, request, "refuse", answer)
    _stays(request)
    return request.id


def grant(actor: Actor, request_id: UUID, *, answer: str, version: int | None = None) -> UUID:
    """Do what was asked and answer in writing.

    A correction writes the value, a withdrawal ends the consent, a deletion erases. Raises
    WrongState for a child still on the register and for promises on their way.
    """
    request = _get(request_id, version)
    transitions.fire(MACHINE, request, "grant", actor, {"answer": answer})
    _refuse_whereabouts(request, answer)
    asker = db.session.get(User, request.asker_id) if request.asker_id else None
    address = asker.email if asker else ""
    _do(request)
    db.session.refresh(request)
    _write(request, actor, answer)
    if request.kind == "erase" and address:
        outbox.owe(
            "request_erased", recipient=address, key=f"{request.id}:request_erased",
            path="/", answer=request.answer,
        )  # fmt: skip
    return request.id


def _stays(request: RightsRequest) -> None:
    """Settle the pairings that waited because their mentor wanted to be forgotten."""
    if request.kind != "erase" or not request.supporter_id:
        return
    reach = scope.Scope(paths=(request.tenant_path,), reason="pairings lie in any county")
    with scope.within(reach, db.session()):
        pairing_leaving.changed_mind(request.supporter_id)


def _settle(actor: Actor, request_id: UUID) -> UUID:
    """Record that a request was done by asking."""
    request = _get(request_id)
    transitions.fire(MACHINE, request, "settle", actor)
    request.answered_at = clock.now()
    return request.id


def _answer(actor: Actor, request: RightsRequest, move: str, answer: str) -> None:
    transitions.fire(MACHINE, request, move, actor, {"answer": answer})
    _refuse_whereabouts(request, answer)
    _write(request, actor, answer)


def _write(request: RightsRequest, actor: Actor, answer: str) -> None:
    request.answer = answer.strip()[:_LONGEST]
    request.answered_by, request.answered_at = actor.user_id, clock.now()


def _refuse_whereabouts(request: RightsRequest, answer: str) -> None:
    """Refuse an answer to a guardian that says where a protected child is (threat 23)."""
    if request.child_id is None or not protections.whereabouts_hidden(request.child_id):
        return
    read = screening.linted(answer, request.child_id, request.tenant_path)
    told = "、".join(f"“{one.text}”" for one in read.findings if one.kind in _TELLS_WHERE)
    if told:
        why = "这名儿童的下落受保护，答复里不能写地点"
        raise Invalid("答复里写了受保护儿童的地点：{told}", {"answer": why}, told=told)


def _do(request: RightsRequest) -> None:
    if request.kind == "correct":
        _correct(request)
    elif request.kind == "withdraw" and request.child_id:
        wish_review.end_consents(SYSTEM, request.child_id, request.field)
    elif request.kind == "erase":
        db.session.flush()
        _erase(request)


def _erase(request: RightsRequest) -> None:
    if request.supporter_id:
        erasure.supporter(request.supporter_id, "asked")
        return
    child = db.session.get(ChildFile, request.child_id)
    if child is not None and child.status == "active":
        raise WrongState("在册儿童的档案依法须保留；请先办理退出，或者说明理由不同意")
    if child is not None:
        erasure.child(child.id, "asked")


def _correct(request: RightsRequest) -> None:
    value, field = request.words.strip(), request.field
    target: Any = None
    if request.supporter_id:
        target = db.session.scalar(select(Supporter).where(Supporter.id == request.supporter_id))
    elif request.child_id is None:
        target = db.session.get(User, request.asker_id)
    elif field == "phone":
        target = db.session.get(GuardianLink, request.guardian_id)
    else:
        target = db.session.get(ChildFile, request.child_id)
    if target is None or field == "other":
        return
    setattr(target, field, value)
    if request.supporter_id:
        target.name_marks = name_search.marks(target.name)
        contact_cards.renew_of(target)
    facts.publish("request.apply", actor=SYSTEM, subject=request, field=field)


def _check(asked: Asked, *, of_child: bool) -> None:
    problems: dict[str, str] = {}
    if asked.kind not in KINDS:
        raise Invalid("请选择要办理的事项", {"kind": "请选择要办理的事项"})
    if asked.kind == "correct":
        problems = _wrong_correction(asked, of_child=of_child)
    if asked.kind == "withdraw" and of_child and asked.field not in CONSENT_WORDS:
        problems["field"] = "请选择用途"
    if asked.kind == "withdraw" and not of_child and asked.field not in ("", PUBLICITY):
        problems["field"] = "请选择要撤回的同意"
    if problems:
        raise Invalid("请修改后再提交", problems)


def check_correction(field: str, words: str) -> None:
    """Refuse a correction of an adult's value that cannot be, as ``begin`` does; raise Invalid."""
    _check(Asked("correct", field, words), of_child=False)


def _wrong_correction(asked: Asked, *, of_child: bool) -> dict[str, str]:
    problems = {}
    allowed = _OF_CHILD if of_child else _OF_SUPPORTER
    if asked.field not in allowed or asked.field not in FIELDS:
        problems["field"] = "请选择要更正的内容"
    if not asked.words.strip():
        problems["words"] = "请写明正确的内容"
    elif asked.field == "phone" and not _PHONE.fullmatch(asked.words.strip()):
        problems["words"] = "手机号应是 11 位数字"
    return problems


def _own(actor: Actor, supporter_id: UUID) -> Supporter:
    if supporter_id not in actor.supporter_ids:
        raise NotFound
    with scope.within(scope.of(actor), db.session()):
        row = db.session.scalar(select(Supporter).where(Supporter.id == supporter_id))
    if row is None or row.status == "erased":
        raise NotFound
    access.require(actor, Permission.RIGHTS_ASK, row)
    return row


def _get(request_id: UUID, version: int | None = None) -> RightsRequest:
    row = db.session.scalar(select(RightsRequest).where(RightsRequest.id == request_id))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return row
