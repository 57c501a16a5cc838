"""Passkeys (WebAuthn): setting one up, signing in with one, proving oneself with one.

The challenge lies in the database and is taken once; the origin is the portal's public address.
A passkey that was unlocked by its owner (user verification) counts as both factors.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import delete, or_, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.core import scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import Actor
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.extensions import db
from portal.models.accounts import User
from portal.models.factors import Challenge, Passkey
from portal.services import limits
from portal.services.account_factors import added, code_claims

#: What a challenge is for; an answer to one purpose serves no other.
ADD, FACTOR, PROOF, SIGN_IN = "add", "factor", "proof", "sign_in"
_LIVES = timedelta(minutes=5)
_NAME_LENGTH = 60
_MOST = 10
_FAILED = "通行密钥没有通过，请再试一次，或改用验证码"
_VERIFIED = UserVerificationRequirement.REQUIRED
_PREFERRED = UserVerificationRequirement.PREFERRED


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks for the passkey: the portal under its public address."""

    name: str
    origin: str

    @property
    def id(self) -> str:
        """Return the host name that passkeys are bound to."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A signed answer from the browser, and the challenge it answers."""

    challenge_id: UUID | None
    credential: str


def ask_to_add(actor: Actor, site: Site) -> tuple[UUID, str]:
    """Return a challenge and the browser's options for a new passkey of one's own."""
    if actor.user_id is None:
        raise NotFound
    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=actor.user_id.bytes,
        user_name=actor.email,
        user_display_name=actor.name or actor.email,
        exclude_credentials=_descriptors(actor.user_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_PREFERRED
        ),
    )
    return _keep(options.challenge, ADD, actor.user_id), webauthn.options_to_json(options)


def add(actor: Actor, site: Site, answer: Answer, *, name: str = "") -> tuple[str, ...]:
    """Keep a new passkey; return the recovery codes when it is the first factor.

    Raises Invalid when the answer does not fit, Conflict for an eleventh passkey.
    """
    if actor.user_id is None:
        raise NotFound
    challenge = _take(answer.challenge_id, ADD, actor.user_id)
    if len(_descriptors(actor.user_id)) >= _MOST:
        raise Conflict("通行密钥最多十个，请先移除不用的")
    try:
        seen = webauthn.verify_registration_response(
            credential=answer.credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid(_FAILED) from error
    db.session.add(
        Passkey(
            user_id=actor.user_id,
            credential_id=bytes_to_base64url(seen.credential_id),
            public_key=bytes_to_base64url(seen.credential_public_key),
            sign_count=seen.sign_count,
            name=name.strip()[:_NAME_LENGTH],
            created_at=clock.now(),
        )
    )
    db.session.flush()
    return added(actor, "passkey")


def ask_to_sign(user_id: UUID | None, purpose: str, site: Site) -> tuple[UUID, str]:
    """Return a challenge and the browser's options: for an account's passkeys, or for any."""
    options = webauthn.generate_authentication_options(
        rp_id=site.id,
        allow_credentials=_descriptors(user_id) if user_id else None,
        user_verification=_VERIFIED if purpose == SIGN_IN else _PREFERRED,
    )
    return _keep(options.challenge, purpose, user_id), webauthn.options_to_json(options)


def accept(user_id: UUID | None, purpose: str, site: Site, answer: Answer, *, address: str) -> UUID:
    """Take a signed answer; return whose passkey it is.

    ``user_id`` None signs in without a password: the passkey must have been unlocked by its
    owner. Raises Invalid for whatever does not fit, in one sentence, TooMany as codes do.
    """
    claims = code_claims(user_id, address) if user_id else _strangers(address)
    limits.reserve(claims)
    challenge = _take(answer.challenge_id, purpose, user_id)
    key = _find(answer.credential, user_id)
    try:
        seen = webauthn.verify_authentication_response(
            credential=answer.credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=user_id is None,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid(_FAILED) from error
    _count_on(key, seen.new_sign_count)
    limits.forgive(claims)
    return UUID(str(key.user_id))


def forget_old() -> int:
    """Delete challenges that nobody may answer any more; return how many (each new one does it)."""
    gone = db.session.execute(
        delete(Challenge).where(Challenge.expires_at < clock.now()).returning(Challenge.id)
    )
    return len(gone.all())


def _strangers(address: str) -> tuple[limits.Claim, ...]:
    return ((limits.CODE_ADDRESS, limits.network(address)), (limits.CODE_TOTAL, "all"))


def _keep(value: bytes, purpose: str, user_id: UUID | None) -> UUID:
    forget_old()
    row = Challenge(
        purpose=purpose,
        user_id=user_id,
        value=bytes_to_base64url(value),
        expires_at=clock.now() + _LIVES,
    )
    db.session.add(row)
    db.session.flush()
    return UUID(str(row.id))


def _take(challenge_id: UUID | None, purpose: str, user_id: UUID | None) -> bytes:
    """Use a challenge up, in a transaction of its own: a refused answer does not give it back.

    Raises Invalid when it is no good.
    """
    with unit_of_work.transaction(scope.NOTHING) as session:
        taken = session.execute(
            update(Challenge)
            .where(
                Challenge.id == challenge_id,
                Challenge.purpose == purpose,
                Challenge.user_id == user_id if user_id else Challenge.user_id.is_(None),
                Challenge.used_at.is_(None),
                Challenge.expires_at > clock.now(),
            )
            .values(used_at=clock.now())
            .returning(Challenge.value)
        ).one_or_none()
    if taken is None:
        raise Invalid(_FAILED)
    return base64url_to_bytes(taken.value)


def _find(credential: str, user_id: UUID | None) -> Passkey:
    try:
        sent = json.loads(credential)
        wanted = str(sent["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(_FAILED) from error
    key = db.session.scalar(
        select(Passkey)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == wanted, User.disabled_at.is_(None))
    )
    if key is None or (user_id is not None and key.user_id != user_id):
        raise Invalid(_FAILED)
    return key


def _count_on(key: Passkey, count: int) -> None:
    """Move the count on in one statement: of two answers with one count, one is refused."""
    moved = db.session.execute(
        update(Passkey)
        .where(
            Passkey.id == key.id,
            or_(Passkey.sign_count < count, (Passkey.sign_count == 0) & (count == 0)),
        )
        .values(sign_count=count, last_used_at=clock.now())
        .returning(Passkey.id)
    ).one_or_none()
    if moved is None:
        raise Invalid(_FAILED)


def _descriptors(user_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    ids = db.session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user_id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]
