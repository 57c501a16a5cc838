"""What is checked before a wish is promised: the supporter, the quota, the card, the relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from portal.core import access
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, NotAllowed, NotFound, WrongState
from portal.domain.lifecycles import commitments
from portal.domain.permissions import Permission
from portal.domain.settings import TenantSettings
from portal.extensions import db
from portal.models.supporters import Supporter
from portal.models.units import Unit
from portal.models.wishes import Commitment, Wish, WishCard, WishWindow
from portal.queries import texts


class Taken(Conflict):
    """Somebody else was faster; the page shows similar wishes."""

    def __init__(self) -> None:
        super().__init__("刚刚有人先您一步认领了这个心愿，谢谢您的心意")


@dataclass(frozen=True, slots=True)
class Held:
    """A promise the supporter holds, or held under a submit's key."""

    id: UUID
    status: str
    key: str
    code: str

    @property
    def live(self) -> bool:
        """Tell whether it counts against the quota."""
        return self.status in commitments.LIVE


@dataclass(slots=True)
class Claimant:
    """A supporter whose row is locked, and what they hold just now."""

    row: Row[Any]
    settings: TenantSettings
    held: list[Held]


def lock(actor: Actor, supporter_id: UUID | None, keys: Iterable[str]) -> Claimant:
    """Lock the supporter's row, so that one's own parallel claims queue up; read what they hold.

    Raises NotAllowed for staff and for who has not registered.
    """
    if actor.is_staff:
        raise NotAllowed("工作账号不能认领心愿，请用您自己的爱心人士账号")
    if supporter_id is None or supporter_id not in actor.supporter_ids:
        raise NotAllowed("认领前请先登记为爱心人士，审核通过后就可以认领")
    row = db.session.execute(
        select(
            Supporter.id, Supporter.kind, Supporter.status, Supporter.tier, Supporter.tenant_path,
            Supporter.valid_to, Supporter.claims_blocked_until, Supporter.pledge_version,
            Supporter.privacy_version, Unit.settings,
        )
        .join(Unit, Unit.path == Supporter.tenant_path)
        .where(Supporter.id == supporter_id)
        .with_for_update(of=Supporter, key_share=True)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    access.require(actor, Permission.WISH_CLAIM, row)
    return Claimant(row, TenantSettings.read(row.settings or {}), _held(supporter_id, keys))


def _held(supporter_id: UUID, keys: Iterable[str]) -> list[Held]:
    rows = db.session.execute(
        select(
            Commitment.id, Commitment.status, Commitment.idempotency_key, Commitment.promise
        ).where(
            Commitment.supporter_id == supporter_id,
            or_(
                Commitment.status.in_(commitments.LIVE),
                Commitment.idempotency_key.in_(tuple(keys)),
            ),
        )
    )
    return [Held(each.id, each.status, each.idempotency_key, each.promise["code"]) for each in rows]


def vetted(claimant: Claimant) -> None:
    """Refuse a supporter who is not approved for tier 1, has expired or is paused."""
    row, today = claimant.row, clock.today()
    if row.status != "approved" or row.tier < 1:
        raise NotAllowed("您的资格还没有审核通过，通过后就可以认领；进度在“我的资料”里")
    if row.valid_to is not None and row.valid_to < today:
        raise NotAllowed("您的资格已经到期，请在“我的资料”里更新后再认领")
    if texts.asked_again(row):
        raise NotAllowed("守护承诺或隐私告知有了新版本，请先读过并同意；已经答应的不受影响")
    if row.claims_blocked_until is not None and today < row.claims_blocked_until:
        raise NotAllowed(
            "您最近有几次认领没有完成，认领暂停中，从{until}起可以再认领",
            until=row.claims_blocked_until.isoformat(),
        )


def within_quota(claimant: Claimant) -> None:
    """Refuse one live promise more than the authority allows this kind of supporter."""
    live = sum(one.live for one in claimant.held)
    quota = claimant.settings.quota(claimant.row.kind)
    if live >= quota:
        raise Conflict(
            "您手上的心愿已有{live}个，到了上限（{quota}个）；完成或退回一个后再来",
            live=live,
            quota=quota,
        )


def on_the_wall(code: str, claimant: Claimant) -> Any:
    """Find the wish of a card and check that this supporter may have it now.

    The caller has opened a scope wide enough. A relation to the child is no reason to refuse here:
    the refusal would tell a guardian which card is their child's. Staff are told before approval.
    """
    own = claimant.row
    found = db.session.execute(
        select(
            WishCard, Wish, WishWindow.opens, WishWindow.closes
        )
        .outerjoin(Wish, Wish.card_id == WishCard.id)
        .outerjoin(WishWindow, WishWindow.id == Wish.window_id)
        .where(WishCard.code == code)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    if found.Wish is None or found.Wish.status != "published":
        raise Taken
    if found.Wish.tenant_path != own.tenant_path:
        raise NotAllowed("这个心愿属于另一家民政局，请先在那里登记为爱心人士")
    if not found.opens <= clock.today() <= found.closes:
        raise WrongState(
            "这一期心愿的认领时间是{opens}到{closes}，现在不能认领",
            opens=found.opens.isoformat(),
            closes=found.closes.isoformat(),
        )
    return found
