"""Drafting a wish for a child of one's own village: consent first, then words, item and cost."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import access, facts, scope, transitions
from portal.domain import catalogue, clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound, WrongState
from portal.domain.lifecycles.wishes import LIVE, MACHINE
from portal.domain.needs import CONSENT_SCOPE as PAIRING_CONSENT
from portal.domain.permissions import Permission
from portal.domain.wish_inputs import CONSENT_METHODS, ConsentInput, WishInput
from portal.extensions import db
from portal.models.children import ChildFile, Consent, GuardianLink
from portal.models.wishes import Wish, WishWindow
from portal.queries import catalogue_items, units

__all__ = [
    "CONSENT_METHODS",
    "CONSENT_SCOPE",
    "CONSENT_VERSION",
    "ConsentInput",
    "WishInput",
    "draft",
    "edit",
    "get",
    "record_consent",
    "refuse_withdrawn",
    "valid_consent",
]

#: The consent text a guardian agrees to; a change of the text is a new version (L02).
CONSENT_VERSION = "wish-2026-1"
CONSENT_SCOPE = "wish"
_TEXTS = {CONSENT_SCOPE: CONSENT_VERSION, PAIRING_CONSENT: "pairing-2026-1"}
_TRIES = 3


def draft(actor: Actor, child_id: UUID, window_id: UUID, data: WishInput) -> Wish:
    """Begin a wish (MW draft).

    Raises Invalid for a bad item or amount, Conflict for a second live wish of this child in the
    window, NotFound for a child outside one's village, WrongState for a window that has closed.
    """
    child = _child(actor, child_id)
    window = _free_window(child.id, window_id)
    consent = valid_consent(child.id)
    wish = Wish(
        tenant_path=child.tenant_path,
        unit_path=child.unit_path,
        child_id=child.id,
        window_id=window.id,
        consent_id=consent.id if consent else None,
        drafted_by=actor.user_id,
        created_by=actor.user_id,
        status=MACHINE.initial,
        status_since=clock.now(),
    )
    _fill(wish, data)
    _number(wish, window.year)
    transitions.begin(MACHINE, wish, actor, child_id=str(child.id))
    return wish


def edit(
    actor: Actor,
    wish_id: UUID,
    data: WishInput,
    version: int | None = None,
    window_id: UUID | None = None,
) -> Wish:
    """Change a draft, its window too if given; WrongState once it was handed on."""
    wish = get(wish_id, version)
    access.require(actor, Permission.WISH_DRAFT, wish)
    if wish.status != MACHINE.initial:
        raise WrongState("已经提交的心愿不能再改；需要修改时请审核人退回")
    if window_id is not None and window_id != wish.window_id:
        wish.window_id = _free_window(wish.child_id, window_id).id
    _fill(wish, data)
    facts.publish("wish.edit", actor=actor, subject=wish)
    return wish


def record_consent(
    actor: Actor, child_id: UUID, given: ConsentInput, purpose: str = CONSENT_SCOPE
) -> Consent:
    """Record a guardian's consent for wishes or for pairing, each its own (L02, L03).

    One for wishes is hung on the child's live drafts. Raises Invalid for another purpose.
    """
    child = _child(actor, child_id)
    if purpose not in _TEXTS:
        raise Invalid("没有这一项用途")
    if given.method not in CONSENT_METHODS:
        raise Invalid("请选择同意的方式", {"method": "请选择同意的方式"})
    if given.given_on > clock.today():
        raise Invalid("同意日期不能晚于今天", {"given_on": "同意日期不能晚于今天"})
    name, relation = _giver(child.id, given)
    consent = Consent(
        child_id=child.id,
        unit_path=child.unit_path,
        guardian_id=given.guardian_id,
        given_by=name,
        relation=relation,
        scope=purpose,
        method=given.method,
        text_version=_TEXTS[purpose],
        given_on=given.given_on,
        created_by=actor.user_id,
    )
    db.session.add(consent)
    db.session.flush()
    waiting = select(Wish).where(
        Wish.child_id == child.id, Wish.status.in_(LIVE), Wish.consent_id.is_(None)
    )
    for wish in db.session.scalars(waiting) if purpose == CONSENT_SCOPE else ():
        wish.consent_id = consent.id
    facts.publish("consent.give", actor=actor, subject=consent, child_id=str(child.id))
    return consent


def valid_consent(child_id: UUID) -> Consent | None:
    """Return the newest consent for wishes that was not withdrawn."""
    return db.session.scalar(
        select(Consent)
        .where(
            Consent.child_id == child_id,
            Consent.scope == CONSENT_SCOPE,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.given_on.desc(), Consent.created_at.desc())
        .limit(1)
    )


def refuse_withdrawn(wish: Wish) -> None:
    """Raise WrongState when the consent a wish hangs on was taken back (L03)."""
    taken_back = select(Consent.id).where(
        Consent.id == wish.consent_id, Consent.withdrawn_at.is_not(None)
    )
    if db.session.scalar(taken_back) is not None:
        raise WrongState("监护人已经撤回同意，这条心愿不能继续")


def get(wish_id: UUID, version: int | None = None) -> Wish:
    """Return a wish inside the scope; Conflict when it changed since ``version`` was shown."""
    wish = db.session.scalar(select(Wish).where(Wish.id == wish_id))
    if wish is None:
        raise NotFound
    if version is not None and wish.version != version:
        raise Conflict("有同事比您早一步处理了这一条，请刷新后再看")
    return wish


def _child(actor: Actor, child_id: UUID) -> ChildFile:
    child = db.session.scalar(select(ChildFile).where(ChildFile.id == child_id))
    if child is None:
        raise NotFound
    access.require(actor, Permission.WISH_DRAFT, child)
    if child.status != "active":
        raise WrongState("这名儿童不在册，不能起草心愿")
    return child


def _giver(child_id: UUID, given: ConsentInput) -> tuple[str, str]:
    if given.guardian_id is None:
        if not given.given_by.strip() or not given.relation.strip():
            raise Invalid("请写明同意人和与儿童的关系", {"given_by": "请写明同意人和关系"})
        return given.given_by.strip(), given.relation.strip()
    guardian = db.session.scalar(
        select(GuardianLink).where(
            GuardianLink.id == given.guardian_id, GuardianLink.child_id == child_id
        )
    )
    if guardian is None:
        raise NotFound
    return guardian.name, guardian.relation


def _free_window(child_id: UUID, window_id: UUID) -> WishWindow:
    """Return a window that still takes wishes and in which this child has none."""
    window = db.session.scalar(select(WishWindow).where(WishWindow.id == window_id))
    if window is None:
        raise NotFound
    if window.closes < clock.today():
        raise WrongState("这一期征集已经截止")
    live = select(Wish.id).where(
        Wish.child_id == child_id, Wish.window_id == window_id, Wish.status.in_(LIVE)
    )
    if db.session.scalar(live.limit(1)):
        raise Conflict("这名儿童在这一期已经有一个心愿")
    return window


def _fill(wish: Wish, data: WishInput) -> None:
    """Take over what was typed, after checking it against the catalogue and the house rules."""
    if wish.item_code != data.item_code:
        catalogue_items.on_shelf(wish.tenant_path, data.item_code)
    usual = units.settings(wish.tenant_path).wish_cap_fen
    cap = catalogue_items.cap(wish.tenant_path, data.item_code, usual)
    spec = catalogue.specify(data.item_code, data.size, data.choice)
    problems = {}
    if not 1 <= data.quantity <= catalogue.QUANTITY_MAX:
        problems["quantity"] = "数量要在1到20之间"
    if data.est_cost_fen < 0:
        problems["est_cost"] = "费用不能小于0"
    if data.est_cost_fen > cap and not data.cap_reason.strip():
        problems["cap_reason"] = "超过上限，请写明理由"
    if problems:
        raise Invalid("请修改后再保存：{why}", problems, why=";".join(problems.values()))
    wish.item_code = data.item_code
    wish.spec = spec.stored()
    wish.quantity = data.quantity
    wish.est_cost_fen = data.est_cost_fen
    wish.cap_reason = data.cap_reason.strip()
    wish.own_words = data.own_words.strip()
    wish.public_note = data.public_note.strip()


def _number(wish: Wish, year: int) -> None:
    """Give the wish the next file number of its authority's year (WX-2026-00001)."""
    session = db.session()
    last = 0
    for attempt in range(_TRIES):
        wide = scope.Scope(paths=(wish.tenant_path,), reason="file numbers run per authority")
        with scope.within(wide, session):
            last = max(last, _last_number(wish.tenant_path, year))
        wish.file_no = f"WX-{year}-{last + 1 + attempt:05d}"
        try:
            with session.begin_nested():
                session.add(wish)
        except IntegrityError:
            continue
        return
    raise Conflict("编号暂时冲突，请再试一次")


def _last_number(tenant_path: str, year: int) -> int:
    newest = db.session.scalar(
        select(func.max(Wish.file_no)).where(
            Wish.tenant_path == tenant_path, Wish.file_no.like(f"WX-{year}-%")
        )
    )
    return int(newest.rsplit("-", 1)[1]) if newest else 0
