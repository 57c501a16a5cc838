"""An authority's own words on the catalogue: items off the shelf, costs, caps, items of its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.core import access, facts, transitions
from portal.domain import catalogue_own, clock
from portal.domain.actor import Actor
from portal.domain.catalogue_own import OwnItem
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.domain.lifecycles.honours import CATALOGUE_ITEMS
from portal.domain.permissions import Permission
from portal.extensions import db
from portal.models.catalogue_items import CatalogueAddition, CatalogueProposal, CatalogueSetting
from portal.queries import catalogue_items as shelf
from portal.queries import screening, units
from portal.queries.windows import Authority


def adjust(
    actor: Actor,
    tenant_path: str,
    item_code: str,
    *,
    retired: bool = False,
    cost_fen: int | None = None,
    cap_fen: int | None = None,
) -> UUID:
    """Say for one authority whether an item is on the shelf, its usual cost and its cap (分).

    What is already drafted stays as it is. Raises NotAllowed for who holds no role at the
    authority itself, Invalid for an unknown item or a cap above the authority's own.
    """
    access.require(actor, Permission.CATALOGUE_MANAGE, Authority(tenant_path))
    if item_code not in shelf.known_codes(tenant_path):
        raise Invalid("目录里没有这件物品，请从列表中选择")
    limit = units.settings(tenant_path).wish_cap_fen
    problems = {}
    if cap_fen is not None and not 0 <= cap_fen <= limit:
        problems["cap"] = "单件上限不能超过本局的心愿上限"
    if cost_fen is not None and not 0 <= cost_fen <= (limit if cap_fen is None else cap_fen):
        problems["cost"] = "常用费用不能超过上限"
    if problems:
        raise Invalid("还没有保存，改好后请再提交一次", problems)
    row = _setting(actor, tenant_path, item_code)
    row.retired, row.cost_fen, row.cap_fen = retired, cost_fen, cap_fen
    db.session.flush()
    facts.publish(
        "catalogue.adjust", actor=actor, subject=row, unit_path=tenant_path, item=item_code,
        retired=int(retired), cost_fen=cost_fen, cap_fen=cap_fen,
    )  # fmt: skip
    return row.id


def propose(actor: Actor, tenant_path: str, item: OwnItem) -> UUID:
    """Propose an item of the authority's own; it is in no draft before another person approves.

    Raises NotAllowed as ``adjust``, Invalid for words the linter finds fault with, a choice that
    is on no shipped list, too narrow ages, Conflict for a name the catalogue has already.
    """
    access.require(actor, Permission.CATALOGUE_MANAGE, Authority(tenant_path))
    _check(tenant_path, item)
    if item.name.strip() in shelf.names(tenant_path):
        raise Conflict("目录里已经有这件物品")
    proposal = CatalogueProposal(
        tenant_path=tenant_path, unit_path=tenant_path, code=catalogue_own.new_code(),
        fields=catalogue_own.fields(item), created_by=actor.user_id,
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    transitions.begin(CATALOGUE_ITEMS, proposal, actor, code=proposal.code)
    return proposal.id


def approve(actor: Actor, proposal_id: UUID, *, version: int | None = None) -> str:
    """Put a proposed item on the shelf; the proposer cannot (two keys). Return its code."""
    proposal = _mine(actor, proposal_id, version)
    transitions.fire(CATALOGUE_ITEMS, proposal, "approve", actor)
    proposal.approved_by = actor.user_id
    db.session.add(
        CatalogueAddition(
            code=proposal.code, tenant_path=proposal.tenant_path, fields=proposal.fields,
            approved_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    shelf.forget()
    return proposal.code


def decline(actor: Actor, proposal_id: UUID, *, reason: str, version: int | None = None) -> UUID:
    """Refuse a proposed item, with a reason."""
    proposal = _mine(actor, proposal_id, version)
    transitions.fire(CATALOGUE_ITEMS, proposal, "decline", actor, {"reason": reason})
    return proposal.id


def _setting(actor: Actor, tenant_path: str, item_code: str) -> CatalogueSetting:
    """Return the authority's word on an item, a new one when it has said nothing yet."""
    row = db.session.scalar(
        select(CatalogueSetting).where(
            CatalogueSetting.tenant_path == tenant_path, CatalogueSetting.item_code == item_code
        )
    )
    if row is None:
        row = CatalogueSetting(
            tenant_path=tenant_path, item_code=item_code, created_by=actor.user_id
        )
        db.session.add(row)
    return row


def _check(tenant_path: str, item: OwnItem) -> None:
    limit = units.settings(tenant_path).wish_cap_fen
    catalogue_own.check(item, screening.gazetteer(tenant_path), limit)


def _mine(actor: Actor, proposal_id: UUID, version: int | None) -> CatalogueProposal:
    proposal = db.session.scalar(
        select(CatalogueProposal).where(CatalogueProposal.id == proposal_id)
    )
    if proposal is None:
        raise NotFound
    access.require(actor, Permission.CATALOGUE_MANAGE, proposal)
    if version is not None and proposal.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return proposal
