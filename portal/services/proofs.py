"""Fresh proof: who is signed in shows once more who they are, for one act on one thing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from portal.core import facts
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.acts import ACTS, PROOF_LIVES
from portal.domain.errors import Invalid, NotAllowed, NotFound
from portal.extensions import db
from portal.models.factors import Proof
from portal.queries import factors as rows
from portal.services import account_factors, account_passkeys, accounts, limits
from portal.services.account_passkeys import Answer, Site

#: Longer than any id in an address.
THING_LENGTH = 100


def prove_by_code(
    actor: Actor, session_id: UUID, *, act: str, thing: str, code: str, address: str
) -> None:
    """Prove by a code of the authenticator or a recovery code.

    Raises NotFound for an unknown act, Invalid on ``otp``, TooMany after five wrong codes.
    """
    _known(act)
    account_factors.accept_code(_user(actor), code, address=address)
    _record(actor, session_id, act, thing)


def prove_by_passkey(
    actor: Actor,
    session_id: UUID,
    *,
    act: str,
    thing: str,
    site: Site,
    answer: Answer,
    address: str,
) -> None:
    """Prove by a passkey of one's own.

    Raises NotFound for an unknown act, Invalid when the answer does not fit, TooMany.
    """  # fmt: skip
    _known(act)
    account_passkeys.accept(_user(actor), account_passkeys.PROOF, site, answer, address=address)
    _record(actor, session_id, act, thing)


def prove_by_password(
    actor: Actor, session_id: UUID, *, act: str, thing: str, password: str, address: str
) -> None:
    """Prove by the password: only for a supporter who has no second factor.

    Raises NotFound for an unknown act, NotAllowed for staff and whoever has a factor, Invalid on
    ``password``, TooMany as signing in does.
    """
    _known(act)
    if actor.is_staff or rows.has_any(_user(actor)):
        raise NotAllowed("请用验证码或通行密钥验证")
    try:
        accounts.check_password(email=actor.email, password=password, address=address)
    except Invalid as refusal:
        raise Invalid("密码不对", {"password": "密码不对"}) from refusal
    limits.forgive(accounts.login_claims(actor.email, address))
    _record(actor, session_id, act, thing)


def record(session_id: UUID, act: str, thing: str) -> None:
    """Write that a session has proved itself; callers have checked the proof."""
    forget_old()
    db.session.add(
        Proof(session_id=session_id, act=act, thing=thing[:THING_LENGTH], at=clock.now())
    )
    db.session.flush()


def forget_old() -> int:
    """Delete proofs that count no more; return how many (each new proof does it)."""
    gone = db.session.execute(
        delete(Proof).where(Proof.at < clock.now() - PROOF_LIVES).returning(Proof.id)
    )
    return len(gone.all())


def _record(actor: Actor, session_id: UUID, act: str, thing: str) -> None:
    record(session_id, act, thing)
    facts.publish("account.proof", actor=actor, act=act)


def _known(act: str) -> None:
    if act not in ACTS:
        raise NotFound


def _user(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id
